"""GA704 limit-post."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.approach import speaks_http
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.size_limit import length_limit
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA704",
    "limit-post",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI's `limit-post` ends larger uploads with a Content-Length, and lets chunked ones pass.

    ## What it does

    Looks for a `limit-post` above 0 in a uWSGI that runs Glance.

    ## Why it matters

    As a limit on images it is one that any client passes by sending chunks. For the others there is
    no answer that says why: uWSGI closes the connection, and Apache makes 502 of it. Glance's own
    `image_size_cap` counts what arrives, chunked or not, and says why in its log.

    ## Bad

    ```ini
    [uwsgi]
    limit-post = 1073741824
    ```

    ## Good

    ```ini
    # glance-api.conf
    [DEFAULT]
    image_size_cap = 1073741824
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31, `limit-post = 1000`: a body of 5000 bytes with a Content-Length was
    refused ("Invalid (too big) CONTENT_LENGTH. skip.") and the connection closed, by `http-socket`,
    the http router and `socket`; the same in chunks was taken. With Glance 33.0.0 behind Apache:
    502 and 204. Above `image_size_cap` it is 413, or 502 when the client was still sending, chunked
    or not, and Glance's log has "too large".

    ## References

    - uWSGI `core/protocol.c`, `uwsgi_proto_check_14`; Glance, `image_size_cap`.
    """
    _, cap = deployment.largest_image
    for instance in glance_uwsgis(deployment):
        limit = length_limit(instance.config)
        if limit is None or limit.option is None:
            continue
        passed = ", while chunked ones of any size pass" if speaks_http(instance) else ""
        yield Finding(
            place=limit.option.place,
            message=(
                f"{limit.text}: uWSGI closes the connection of an upload with a larger "
                f"Content-Length without an answer{passed}"
            ),
            help=(
                "remove limit-post"
                if cap is not None
                else "remove limit-post, and set image_size_cap in glance-api.conf to limit images"
            ),
            context=("uwsgi",),
            related=(Related("Glance's own limit", cap),) if cap is not None else (),
        )
