"""GA401 tmpdir-too-small."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.route import Route
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.spool import Spool
from glance_audit.engine.advice import stop_spooling
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.files import Place
from glance_audit.storage import format_size


@rule(
    "GA401",
    "tmpdir-too-small",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    caused_by=("GA201", "GA202", "GA208", "GA209"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Uploads are spooled to a temporary directory that is smaller than the images.

    ## What it does

    For an Apache that spools uploads to Glance, and for a Glance uWSGI with
    `post-buffering`, compares the size of the temporary directory's file system with the largest
    image times the uploads expected at once: `image_size_cap` when it is set, else
    `--largest-image` (10 GiB), times `--concurrent-uploads` (2). The size is the live host's when
    that is audited, else `--tmpdir-size`, or a tmpfs of the tree's fstab and mount units. An
    unknown size is no finding; the report says that it is unknown.

    ## Why it matters

    The whole image lies in the temporary directory before Glance sees its first byte. When the
    disk is full, Apache ends the upload with status 500, and every other upload that is spooled at
    that moment too. uWSGI resets the connection.

    ## Bad

    ```sh
    # /etc/apache2/envvars, with 5 GiB in /srv/spool
    export TMPDIR=/srv/spool
    ```

    ## Good

    No spooling at all: remove `proxy-sendcl` (GA201, GA202), what GA208 reports, or
    `post-buffering` (GA209). Where it has to stay (Pike), a file system that holds the images:

    ```sh
    # /etc/apache2/envvars
    export TMPDIR=/srv/spool
    ```

    A cap on the images (`image_size_cap`) tells this rule how large they get, but does not protect
    the spool: Apache has written an image to disk before Glance can refuse it.

    ## Measured

    Apache 2.4.71, TMPDIR of 20 MiB, `proxy-sendcl`: a 50 MiB chunked PUT ends in 500, AH01091 "No
    space left on device", the backend is never contacted; two of 15 MB at once both end in 500.
    Glance 33.0.0 behind it, 32 MiB: 500 with 19 MiB in the spool. uWSGI 2.0.21 and 2.0.31,
    `post-buffering`, 1 MiB TMPDIR, 4 MiB with a Content-Length: connection reset; behind Apache
    502. Chunked bodies are not spooled by uWSGI.

    ## References

    - httpd 2.4 `modules/proxy/proxy_util.c`, `ap_proxy_spool_input`.
    - uWSGI `core/reader.c`, `uwsgi_postbuffer_do_in_disk`.
    """
    for server in deployment.servers:
        buffered = server.buffered
        if buffered and _too_small(deployment, server.spool):
            causes = dict(cause for route in buffered for cause in route.buffering.causes)
            paths = listing(route.path for route in buffered)
            certain = any(route.buffering.certain for route in buffered)
            place = _place(server.spool) or next(iter(causes))
            yield Finding(
                place=place,
                message=(
                    f"Apache spools uploads to {paths} in {_sizes(deployment, server.spool)}: "
                    f"an upload that does not fit ends in status 500"
                ),
                help=f"{_stop(deployment, buffered)}, or enlarge the file system",
                confidence=Confidence.HIGH if certain else Confidence.MEDIUM,
                related=(
                    *(
                        Related(f"makes Apache spool them: {name}", cause)
                        for cause, name in causes.items()
                        if cause != place
                    ),
                    *_cap(deployment),
                ),
            )
    wanted = {id(instance) for instance in glance_uwsgis(deployment)}
    for instance, spool in deployment.uwsgi_spools:
        option = instance.post_buffering
        # A TMPDIR that uWSGI cannot use ends every spooled upload whatever its size: GA402.
        if option is None or id(instance) not in wanted or spool.refused:
            continue
        if _too_small(deployment, spool):
            yield Finding(
                place=_place(spool) or option.place,
                message=(
                    f"uWSGI ({instance.name}) spools uploads with a Content-Length in "
                    f"{_sizes(deployment, spool)}: it resets the connection of an upload that does "
                    "not fit"
                ),
                help="remove post-buffering, or enlarge the file system",
                context=("uwsgi",),
                related=(Related("makes uWSGI spool them", option.place), *_cap(deployment)),
            )


def _stop(deployment: Deployment, routes: tuple[Route, ...]) -> str:
    """Say how to end the spooling: what spools no chunked uploads no release needs."""
    needed = any(route.buffering.settings for route in routes)
    return stop_spooling(deployment.versions) if needed else "stop the spooling"


def _too_small(deployment: Deployment, spool: Spool) -> bool:
    return spool.room.total is not None and spool.room.total < deployment.spool_needed


def _place(spool: Spool) -> Place | None:
    return spool.wish.place if spool.wish is not None else spool.room.place


def _sizes(deployment: Deployment, spool: Spool) -> str:
    largest, cap = deployment.largest_image
    count = deployment.expectations.concurrent_uploads
    return (
        f"{spool.directory}, which has {spool.room.text}, but {count} at once of up to "
        f"{format_size(largest)} ({'image_size_cap' if cap else 'the largest image expected'}) "
        f"take {format_size(deployment.spool_needed)}"
    )


def _cap(deployment: Deployment) -> tuple[Related, ...]:
    place = deployment.largest_image[1]
    return () if place is None else (Related("how large an image may be", place),)
