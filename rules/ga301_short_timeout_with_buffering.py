"""GA301 short-timeout-with-buffering."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCL
from glance_audit.deployment.model import ApacheServer, Deployment, by_directive
from glance_audit.deployment.route import Route
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.timer import Timer
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.files import Place


@rule(
    "GA301",
    "short-timeout-with-buffering",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Uploads are buffered, and a timer that should have been raised for it is short.

    ## What it does

    For every Glance route whose uploads are spooled (`proxy-sendcl`, `force-proxy-request-1.0`,
    uWSGI's `post-buffering`), or meant to be (`proxy-sendcl` before mod_proxy_uwsgi, as the
    documentation has it), compares with a floor of 300 s (`--buffering-floor`): the worker's
    `timeout=`, ProxyTimeout or Timeout, whichever is effective, and uWSGI's socket-timeout,
    http-timeout and harakiri.

    ## Why it matters

    Upstream's documentation of 15.0.0 to 20.0.0 says: with buffering "you'll likely have to
    increase timeout values in the uWSGI configuration file". Measured, it is the other way round:
    while Apache spools, uWSGI's timers do not run at all. What does run is Apache's timer for the
    backend, from the moment the whole image has been handed over until Glance has stored it. The
    uWSGI timers bite the uploads that are still streamed: those with a Content-Length.

    ## Bad

    ```apache
    SetEnv proxy-sendcl 1
    ProxyTimeout 30
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    ProxyTimeout 600
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Apache 2.4.71, uWSGI 2.0.21. Spooled: ProxyTimeout 3 and a client that pauses 6 s: 200; a
    backend that answers after 6 s: 502; one that stops reading for 6 s: 504. uWSGI's default
    socket-timeout, http-timeout=3 and harakiri=3: 200 when spooled, 502 when streamed.

    ## References

    - Glance, "Running Glance in HTTPD", section mod_proxy_uwsgi (15.0.0 to 20.0.0, 19.0.4).
    - httpd documentation: ProxyTimeout, ProxyPass `timeout=`, Timeout.
    """
    floor = deployment.expectations.buffering_floor
    for server in deployment.servers:
        buffered = tuple(r for r in server.glance_routes if _buffering(server, r) is not None)
        for group in by_directive(buffered):
            route = group[0]
            waiting = tuple(t for t in route.timers[:1] if t.seconds < floor)
            streaming = tuple(t for t in _uwsgi_timers(route) if t.seconds < floor)
            if not waiting and not streaming:
                continue
            yield _finding(server, route, waiting, streaming, floor)


def _finding(
    server: ApacheServer,
    route: Route,
    waiting: tuple[Timer, ...],
    streaming: tuple[Timer, ...],
    floor: int,
) -> Finding:
    cause = _buffering(server, route)
    places = [timer.place for timer in (*waiting, *streaming) if timer.place is not None]
    place = places[0] if places else route.directive.place
    parts = []
    if waiting:
        parts.append(
            f"{listing(t.text for t in waiting)} is all the time Glance has to store a spooled "
            "image (502 or 504 after that)"
        )
    if streaming:
        parts.append(
            f"{listing(t.text for t in streaming)} cannot bite while Apache spools, only in "
            "uploads with a Content-Length, which are streamed all the same"
        )
    related = [Related(f"set below {floor} s as well", other) for other in places[1:]]
    if cause is not None:
        related.append(Related("what buffers the uploads", cause))
    if place != route.directive.place:
        related.append(Related(f"the Glance route: {route.path}", route.directive.place))
    return Finding(
        place=place,
        message=f"uploads to {route.path} are buffered with timers below {floor} s: "
        + "; ".join(parts),
        help=f"stop the buffering; else raise the timers to {floor} s or more",
        context=route.endpoint.context,
        related=tuple(related),
    )


def _buffering(server: ApacheServer, route: Route) -> Place | None:
    """Return what buffers a route's uploads, or is documented to."""
    if route.buffering.settings:
        return route.buffering.settings[0].directive.place
    for backend in route.backends:
        option = backend.instance.post_buffering
        if option is not None:
            return option.place
    if route.gateway is Gateway.PROXY_UWSGI:
        for use in server.environment:
            if use.setting.name == SENDCL and route in use.reached:
                return use.setting.directive.place
    return None


def _uwsgi_timers(route: Route) -> tuple[Timer, ...]:
    return tuple(
        timer
        for backend in route.backends[:1]
        for timer in (
            backend.instance.socket_timeout,
            backend.instance.http_timeout if backend.listener.router else None,
            backend.instance.harakiri,
        )
        if timer is not None
    )
