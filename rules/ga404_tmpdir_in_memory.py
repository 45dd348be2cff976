"""GA404 tmpdir-in-memory."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.spool import Spool
from glance_audit.deployment.versions import Holds
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA404",
    "tmpdir-in-memory",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    caused_by=("GA201", "GA202", "GA208", "GA209"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Uploads are spooled to a temporary directory that is memory.

    ## What it does

    For an Apache that spools uploads to Glance, and for a Glance uWSGI with `post-buffering`, looks
    whether the temporary directory is a tmpfs or ramfs: on the live host when that is audited, else
    by fstab, mount units and the service's own `TemporaryFileSystem=`.

    ## Why it matters

    A tmpfs lives in memory and swap. Each image that is spooled takes its size there while the
    upload lasts: with images of many GiB the machine swaps, or the kernel ends a process, which may
    be Glance's. A tmpfs without a size may take half of the memory. Several distributions mount one
    on /tmp.

    ## Bad

    ```text
    # /etc/fstab, with SetEnv proxy-sendcl 1 in Apache
    tmpfs  /tmp  tmpfs  size=64G  0  0
    ```

    ## Good

    No spooling at all (GA201, GA202, GA208, GA209). Where it has to stay, a directory on a disk:

    ```sh
    # /etc/apache2/envvars
    export TMPDIR=/var/spool/apache2
    ```

    ## Measured

    Glance 20.2.0 behind Apache 2.4.71 with `proxy-sendcl`, /tmp a tmpfs as in the fstab: the image
    lies in the tmpfs in full before Glance gets its first byte. With `TMPDIR` on a disk it lies
    there. What the memory does when many are under way was not tried.

    ## References

    - tmpfs(5): what is written lies in memory and swap; half of the memory is the default size.
    - httpd 2.4 `modules/proxy/proxy_util.c`, `ap_proxy_spool_input`; uWSGI `core/reader.c`,
      `uwsgi_postbuffer_do_in_disk`.
    """
    # Pike reads no chunked upload that is not spooled.
    pike = deployment.versions.holds(before="chunked-read") is Holds.ALL
    for server in deployment.servers:
        buffered = server.buffered
        if buffered and server.spool.room.in_memory:
            causes = dict(cause for route in buffered for cause in route.buffering.causes)
            certain = any(route.buffering.certain for route in buffered)
            paths = listing(route.path for route in buffered)
            yield _finding(
                f"Apache spools uploads to {paths}",
                server.spool,
                [Related(f"makes Apache spool them: {name}", at) for at, name in causes.items()],
                f"set TMPDIR to a directory on a disk{'' if pike else ', or stop the spooling'}",
                Confidence.HIGH if certain else Confidence.MEDIUM,
            )
    wanted = {id(instance) for instance in glance_uwsgis(deployment)}
    for instance, spool in deployment.uwsgi_spools:
        option = instance.post_buffering
        if option is not None and id(instance) in wanted and spool.room.in_memory:
            yield _finding(
                f"uWSGI ({instance.name}) spools uploads with a Content-Length",
                spool,
                [Related("makes uWSGI spool them", option.place)],
                "set TMPDIR to a directory on a disk, or remove post-buffering",
                Confidence.HIGH,
            )


def _finding(
    who: str, spool: Spool, causes: list[Related], advice: str, confidence: Confidence
) -> Finding:
    wish, mount = spool.wish, spool.room.place
    place = wish.place if wish is not None else mount or causes[0].place
    related = [one for one in causes if one.place != place]
    if mount is not None and mount != place:
        related.append(Related("mounts it in memory", mount))
    return Finding(
        place=place,
        message=(
            f"{who} in {spool.directory}, which is a {spool.room.fstype}: each of them takes the "
            "size of its image in memory"
        ),
        help=advice,
        confidence=confidence,
        related=tuple(related),
    )
