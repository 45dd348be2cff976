"""GA107 backend-unbound."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.deployment.exposure import everywhere
from glance_audit.deployment.instance import Listener, Protocol
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.target import Target
from glance_audit.deployment.unbound import Unbound, unbound_routes
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_AUTHORITY = re.compile(r"\A[^/?#$]*")


@rule(
    "GA107",
    "backend-unbound",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A Glance route leads to an address that no uWSGI binds, while Glance listens on another.

    ## What it does

    Looks for Glance routes to this machine (a loopback address, one that some uWSGI here binds, a
    UNIX socket) to which none of the uWSGI configurations that were found listens, while Glance's
    listens on another address. Wildcards, `localhost`, and `/run` for `/var/run` are understood.

    It says nothing where something else may listen: Apache itself on that port, the standalone
    glance-api on its `bind_port`, another uWSGI, one with an inherited descriptor or a variable in
    its address, or another machine behind a name.

    ## Why it matters

    Apache starts, uWSGI starts, and every request ends with 503. It happens when a deployment moves
    from one address to another in one of the two files only, as from 9292 to 60999.

    ## Bad

    ```apache
    ProxyPass "/image" "http://127.0.0.1:9292"
    ```

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Apache 2.4.71, uploads chunked and with a Content-Length: `http://` and `uwsgi://` to a port
    that nobody listens on, and to a socket that is not there, end with 503; so does `[::1]` where
    the backend binds 127.0.0.1 alone, while `localhost` reaches it
    (`tests/oracle/test_unbound_live.py`). What runs beside the files that were read is not known.

    ## References

    - httpd 2.4 `modules/proxy/proxy_util.c`, `ap_proxy_connect_backend` (AH00957, AH02454).
    """
    for unbound in unbound_routes(deployment):
        route, name = unbound.routes[0], unbound.instance.name
        yield Finding(
            place=route.directive.place,
            message=(
                f"{listing(one.path for one in unbound.routes)} leads to "
                f"{_address(unbound.target)}, where nothing that was found listens, and {name} "
                f"has {unbound.listener.text}: every request ends with 503"
            ),
            help=_help(unbound),
            confidence=Confidence.HIGH if unbound.idle and unbound.certain else Confidence.LOW,
            context=route.endpoint.context,
            related=(
                *macro_body(route.directive),
                Related("Glance listens here", unbound.listener.option.place),
            ),
        )


def _address(target: Target) -> str:
    if target.socket is not None:
        return target.socket
    host = f"[{target.host}]" if ":" in target.host else target.host
    return f"{host}:{target.port}"


def _help(unbound: Unbound) -> str:
    listener = unbound.listener
    move = f"{listener.option.key} = {_address(unbound.target)} in {unbound.instance.name}"
    url = _url(listener, _rest(unbound.target))
    return f"let the route lead to {url}, or write {move}" if url else f"write {move}"


def _rest(target: Target) -> str:
    """What stands behind host and port in a target, and has to stay: a slash, or a path."""
    behind = target.text.rpartition("|")[2].partition("://")[2]
    return _AUTHORITY.sub("", behind, count=1)


def _url(listener: Listener, rest: str) -> str:
    """The URL that a route to the listener takes; none for a protocol of neither kind."""
    schemes = {Protocol.HTTP: "http", Protocol.UWSGI: "uwsgi"}
    scheme, address = schemes.get(listener.protocol), listener.address
    if scheme is None or address.kind not in ("tcp", "unix"):
        return ""
    if address.kind == "unix":
        return f"unix:{address.path}|{scheme}://localhost{rest}"
    host = "127.0.0.1" if everywhere(address) else address.host or ""
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{address.port}{rest}"
