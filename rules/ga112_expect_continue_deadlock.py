"""GA112 expect-continue-deadlock."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.instance import Protocol
from glance_audit.deployment.model import Deployment, Position, position
from glance_audit.deployment.route import Backend, Route
from glance_audit.deployment.scope import enclosing
from glance_audit.engine.bite import bite, least
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA112",
    "expect-continue-deadlock",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="httpd 2.4.40 and later",
    caused_by=("GA108",),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Apache waits for uWSGI to answer `Expect: 100-continue`, and uWSGI never does.

    ## What it does

    Looks for Glance routes through `http://` to a uWSGI (`http-socket` or the http router) on which
    `Proxy100Continue Off` is not in force, nor `force-proxy-request-1.0`.

    ## Why it matters

    A client that sends `Expect: 100-continue`, as curl does with every upload of a file, waits for
    a "100 Continue" before it sends the body. mod_proxy_http passes the header on and waits for the
    backend's answer; uWSGI waits for the body. Both give up when uWSGI's `socket-timeout` is over,
    and the upload ends in status 500 or 502 without a byte of it in Glance. glanceclient does not
    send the header, so that all looks well until somebody takes curl.

    ## Bad

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    Proxy100Continue Off
    ```

    Then Apache answers in uWSGI's place. `RequestHeader unset Expect` does not help, with `early`
    or without, nor does uWSGI's `http-manage-expect`.

    ## Measured

    Apache 2.4.71 and uWSGI 2.0.21, `curl -T`, chunked and with a Content-Length, streamed and
    spooled, `http-socket` and router: 502 after 4.0 s, the default `socket-timeout`; with
    `Proxy100Continue Off` 200 after 0.01 to 0.06 s. With Glance 33.0.0 and `socket-timeout = 10`:
    500 after 10 s, and 204 with the directive. mod_wsgi and mod_proxy_uwsgi answer by themselves.
    Twenty placements of the directive: `tests/oracle/test_expect_live.py`.

    ## References

    - httpd documentation, Proxy100Continue: "Available in version 2.4.40 and later".
    - unbit/uwsgi issue 2129: http-socket never answers `Expect: 100-continue`.
    - Upstream's sample files of every release lack the directive.
    """
    bites = bite(deployment.versions, since="proxy-100-continue")
    if bites is None:
        return
    groups: dict[tuple[Position, bool], list[tuple[Route, Backend]]] = {}
    for server in deployment.servers:
        for route in server.glance_routes:
            backend = _silent(route)
            if route.expect.passed is not False and backend is not None:
                known = route.expect.by is not None or server.whole
                key = position(_cause(route)), known
                groups.setdefault(key, []).append((route, backend))
    for (_, known), group in groups.items():
        route, backend = group[0]
        cause, certain = _cause(route), all(one.expect.passed for one, _ in group)
        timer = backend.instance.socket_timeout
        yield Finding(
            place=cause.place,
            message=(
                f"an upload with Expect: 100-continue, as curl sends, to "
                f"{listing(one.path for one, _ in group)} "
                f"{'fails' if certain else 'fails for some requests'} with 500 or 502 after "
                f"{timer.text}: Apache passes the header on and waits for an answer that uWSGI "
                f"never gives{bites.words}"
            ),
            help=_help(route),
            confidence=least(
                bites.confidence,
                Confidence.HIGH if certain else Confidence.MEDIUM,
                Confidence.HIGH if known and all(b.certain for _, b in group) else Confidence.LOW,
            ),
            context=enclosing(cause),
            related=(
                *macro_body(cause),
                *(
                    Related(f"the Glance route: {path}", place)
                    for place, path in {r.directive.place: r.path for r, _ in group}.items()
                    if place != cause.place
                ),
                Related("the uWSGI that never answers", backend.listener.option.place),
            ),
        )


def _silent(route: Route) -> Backend | None:
    """The uWSGI behind a route that speaks HTTP: surely there, else perhaps."""
    found = [b for b in route.backends if b.listener.protocol is Protocol.HTTP]
    return next((b for b in found if b.certain), found[0] if found else None)


def _cause(route: Route) -> Directive:
    return route.expect.by or route.directive


def _help(route: Route) -> str:
    if route.expect.by is not None:
        return f"write Proxy100Continue Off in the place of {route.expect.by.name} On"
    where = "in the VirtualHost" if route.endpoint.host is not None else "beside the route"
    return f"write Proxy100Continue Off {where}"
