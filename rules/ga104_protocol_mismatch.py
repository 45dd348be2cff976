"""GA104 protocol-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import Listener, Protocol
from glance_audit.deployment.model import Deployment, Versions, by_directive
from glance_audit.deployment.route import Backend, Route
from glance_audit.deployment.target import Gateway
from glance_audit.engine.advice import continue_off
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_SPOKEN = {Gateway.PROXY_HTTP: Protocol.HTTP, Gateway.PROXY_UWSGI: Protocol.UWSGI}
_NAMES = {Protocol.HTTP: "HTTP", Protocol.UWSGI: "the uwsgi protocol"}


@rule(
    "GA104",
    "protocol-mismatch",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Apache speaks another protocol than the uWSGI behind the route.

    ## What it does

    Looks for Glance routes through `http://` to an address that uWSGI binds with `socket` or
    `uwsgi-socket`, and for routes through `uwsgi://` to one of `http-socket`, `http` or `https`.

    ## Why it matters

    Both servers start, the port answers, and no request ever arrives: every one ends in an error,
    uploads and all others.

    ## Bad

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ```ini
    [uwsgi]
    socket = 127.0.0.1:60999
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    ```

    Not the other way round: `uwsgi://` refuses chunked uploads (GA103).

    ## Measured

    Apache 2.4.71 and uWSGI 2.0.21. `http://` to `socket`: 502, chunked and with a Content-Length.
    uWSGI takes the request for a packet of about 21 KB: with a smaller `buffer-size` the 502 comes
    at once, with a larger one (65535 is usual) when `socket-timeout` is over, and until then
    nothing at all. `uwsgi://` to `http-socket`: with Glance 33.0.0 no request gets an answer until
    `socket-timeout` is over, then 500, so that no image can even be created; a small application
    answered 503, and chunked requests got 411 first. The example for mod_proxy_uwsgi in the
    documentation of 32.0.0 and later is the second of the two.

    ## References

    - Glance, "Running Glance in HTTPD" (32.0.0): `http-socket = 127.0.0.1:60999` and `ProxyPass /
      uwsgi://127.0.0.1:60999/`.
    - uWSGI documentation, "Native HTTP support": http-socket and socket.
    """
    for group in by_directive(deployment.glance_routes):
        found = _mismatch(group)
        if found is None:
            continue
        route, backend = found
        listener = backend.listener
        spoken = _SPOKEN[route.gateway]
        status = "502" if spoken is Protocol.HTTP else "500 or 503, chunked uploads with 411"
        yield Finding(
            place=route.directive.place,
            message=(
                f"Apache speaks {_NAMES[spoken]} to {listing(one.path for one in group)}, and "
                f"{backend.instance.name} {_NAMES[listener.protocol]}: every request ends with "
                f"{status}"
            ),
            help=_help(spoken, listener, deployment.versions),
            confidence=Confidence.HIGH if backend.certain else Confidence.LOW,
            context=route.endpoint.context,
            related=(
                *macro_body(route.directive),
                Related("what listens there", listener.option.place),
            ),
        )


def _mismatch(group: tuple[Route, ...]) -> tuple[Route, Backend] | None:
    """The first route with a uWSGI of the other protocol; none where one speaks the right one."""
    for route in group:
        spoken = _SPOKEN.get(route.gateway)
        spoke = [b for b in route.backends if b.listener.protocol in _NAMES]
        if spoken and spoke and all(b.listener.protocol is not spoken for b in spoke):
            return route, next((b for b in spoke if b.certain), spoke[0])
    return None


def _help(spoken: Protocol, listener: Listener, versions: Versions) -> str:
    address = listener.option.value
    if spoken is Protocol.HTTP:
        return f"write http-socket = {address} in the place of {listener.option.key}"
    return (
        f"write http:// in the place of uwsgi://{continue_off(versions, 'beside it')}: uwsgi:// "
        "refuses chunked uploads whatever listens"
    )
