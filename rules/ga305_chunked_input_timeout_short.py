"""GA305 chunked-input-timeout-short."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.approach import all_spooled, routes_to, speaks_http
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA305",
    "chunked-input-timeout-short",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="16+",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`chunked-input-timeout` cuts chunked uploads off when the client pauses for a few seconds.

    ## What it does

    Looks for a `chunked-input-timeout` above 0 and below 30 s (`--streaming-floor`) in a uWSGI that
    runs Glance and speaks HTTP. Unset, or 0, `socket-timeout` takes its place (GA302).

    ## Why it matters

    It governs `uwsgi.chunked_read`, with which Glance reads chunked uploads since 16.0.0, and takes
    precedence over a generous `socket-timeout`. While Apache spools the uploads it cannot bite;
    once the spooling ends, it does.

    ## Bad

    ```ini
    [uwsgi]
    socket-timeout = 300
    chunked-input-timeout = 5
    ```

    ## Good

    ```ini
    [uwsgi]
    socket-timeout = 300
    ```

    ## Measured

    uWSGI 2.0.21 behind Apache 2.4.71, `socket-timeout = 30`, `chunked-input-timeout = 2`, a client
    that pauses 6 s in a chunked upload: 502 when it is streamed, 200 when Apache spools it. The
    other way round, 10 beside the default `socket-timeout` of 4 s: a chunked upload with the same
    pause was complete, one with a Content-Length was not.

    ## References

    - uWSGI `core/chunked.c`, `uwsgi_chunked_input_recv`; Glance commit bf7887a10 (16.0.0).
    """
    floor = deployment.expectations.streaming_floor
    versions = bite(deployment.versions, since="chunked-read")
    if versions is None:
        return
    for instance in glance_uwsgis(deployment):
        timer = instance.chunked_input_timeout
        if timer is None or timer.seconds >= floor or not speaks_http(instance):
            continue
        routes = routes_to(deployment, instance)
        later = ", as soon as Apache no longer spools it" if all_spooled(routes) else ""
        socket = instance.socket_timeout
        yield Finding(
            place=timer.place or instance.place,
            message=(
                f"{timer.text}: a chunked upload fails when the client pauses longer between two "
                f"reads{later}{versions.words}"
            ),
            help=(
                f"remove chunked-input-timeout: {socket.text} is for chunked uploads too, then"
                if socket.seconds >= floor
                else f"set chunked-input-timeout = {floor} or more in the [uwsgi] section"
            ),
            confidence=versions.confidence,
            context=("uwsgi",),
            related=tuple(
                Related(f"uploads arrive through {group[0].title}", group[0].directive.place)
                for group in by_directive(routes)[:2]
            ),
        )
