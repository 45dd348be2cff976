"""GA801 backend-exposed."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.exposure import exposed_listeners
from glance_audit.deployment.instance import Protocol
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA801",
    "backend-exposed",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Glance's uWSGI behind Apache takes requests from everywhere.

    ## What it does

    Looks at the uWSGIs that Glance's routes lead to, and reports each `http-socket`, `http`,
    `socket` and the like that binds every address (`:60999`, `0.0.0.0`, `[::]`). The confidence is
    low where no route leads to it by loopback: Apache may be another machine then, and needs it.

    ## Why it matters

    Clients reach Glance past Apache: without TLS, without its access rules and limits, and with
    whatever X-Forwarded headers they like. An address that speaks the uwsgi protocol is worse, as
    the client names the file that uWSGI runs.

    ## Bad

    ```ini
    [uwsgi]
    http-socket = :60999
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    ```

    ## Measured

    uWSGI 2.0.21, `socket` on TCP: a request with the variable `UWSGI_FILE` ran a Python file that
    no configuration names, also with `single-interpreter` and `need-app`. Glance 33.0.0 at
    `http-socket = :60999` answers at another address of the host than Apache asks.

    ## References

    - uWSGI `core/socket.c`, `bind_to_tcp`; `core/uwsgi.c` and `plugins/python`: `UWSGI_FILE`.
    """
    for instance in deployment.instances:
        routes = tuple(
            route
            for route in deployment.glance_routes
            if any(backend.instance is instance for backend in route.backends)
        )
        if not routes:
            continue
        certain = any(
            backend.certain and backend.instance is instance
            for route in routes
            for backend in route.backends
        )
        for listener in exposed_listeners(instance):
            port = listener.address.port
            worse = (
                ", and the uwsgi protocol lets each of them name a file for it to run"
                if listener.protocol is Protocol.UWSGI
                else ""
            )
            yield Finding(
                place=listener.option.place,
                message=(
                    f"{listener.option.key} binds port {port} of every address: clients reach "
                    f"Glance past Apache{worse}"
                ),
                help=f"write {listener.option.key} = 127.0.0.1:{port}, or close the port to others",
                confidence=Confidence.HIGH if certain else Confidence.LOW,
                context=("uwsgi",),
                related=tuple(
                    Related(f"Apache leads to it with {group[0].title}", group[0].directive.place)
                    for group in by_directive(routes)[:2]
                ),
            )
