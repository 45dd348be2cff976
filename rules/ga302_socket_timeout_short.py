"""GA302 socket-timeout-short."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA302",
    "socket-timeout-short",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI's `socket-timeout` cuts an upload off when the client pauses for a few seconds.

    ## What it does

    Looks at the effective `socket-timeout` of every uWSGI that runs Glance: unset it is 4 s, and a
    value below 30 s (`--streaming-floor`) is reported. `0` is an error: every read fails at once.

    ## Why it matters

    Between two reads of a streamed body no more than this may pass. A busy client, a slow network
    or a source that stalls is enough: the upload fails in the middle, the image stays queued.
    Upstream's samples set 30 s (Pike) and 10 s (since Queens).

    ## Bad

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    module = glance.wsgi.api:application
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    module = glance.wsgi.api:application
    socket-timeout = 300
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31, a client that pauses 6 s: with the default 4 s the read failed
    ("unable to receive chunked part", "timeout during read") with chunked bodies and with
    Content-Length alike, 502 through mod_proxy_http and 503 through mod_proxy_uwsgi; with
    `socket-timeout = 10` and 30 the upload was complete. With 0 it failed at once. `10s` is read as
    10, a word as 0, and `socket_timeout` is no option at all.

    ## References

    - uWSGI `core/uwsgi.c`: `uwsgi.socket_timeout = 4`; Launchpad bug 1701088.
    """
    floor = deployment.expectations.streaming_floor
    for instance in deployment.glance_instances:
        timer = instance.socket_timeout
        if timer.seconds >= floor and timer.seconds > 0:
            continue
        routes = tuple(
            route
            for route in deployment.glance_routes
            if any(backend.instance is instance for backend in route.backends)
        )
        # uWSGI reads chunked bodies with a timer of its own, when it is set.
        chunked = instance.chunked_input_timeout
        covered = chunked is not None and chunked.seconds >= floor
        which = "with a Content-Length " if covered else ""
        if timer.seconds == 0:
            message = f"socket-timeout is 0: uWSGI gives up every upload {which}at its first pause"
        else:
            message = (
                f"{timer.text}: an upload {which}fails when the client pauses longer between two "
                "reads"
            )
        yield Finding(
            place=timer.place or instance.place,
            message=message,
            help="set socket-timeout = 300 in the [uwsgi] section",
            severity=Severity.ERROR if timer.seconds == 0 else Severity.WARNING,
            context=("uwsgi",),
            related=tuple(
                Related(f"uploads arrive through {group[0].title}", group[0].directive.place)
                for group in by_directive(routes)[:2]
            ),
        )
