"""GA307 proxy-timeout-short."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.route import Route
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.timer import Timer
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.files import Place

# What the client gets, as measured: of mod_proxy_http, and of mod_proxy_uwsgi.
_ANSWERS = {Gateway.PROXY_HTTP: ("502", "504"), Gateway.PROXY_UWSGI: ("500",)}


@rule(
    "GA307",
    "proxy-timeout-short",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    caused_by=("GA301",),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Apache gives an upload up while Glance is still busy with it.

    ## What it does

    Works out the timer that Apache has for the backend of every proxied Glance route: the worker's
    `timeout=`, else ProxyTimeout, else Timeout (60 s where nothing sets it). Below 300 s
    (`--gateway-floor`) it is reported where it is set; a default at the directive that makes the
    route, with low confidence where the file was read without its server.

    ## Why it matters

    While the last bytes of an image go to a slow store Glance does not answer, and while the store
    stalls Glance does not read. When either lasts longer than this timer, Apache hangs up: the
    client gets an error for an upload that may yet be stored. How fast the client sends does not
    matter.

    ## Bad

    ```apache
    Timeout 60
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    ProxyTimeout 600
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Apache 2.4.71 with 3 s, streamed and spooled alike: a backend that answered after 6 s gave 502,
    one that stopped reading for 6 s gave 504; a client that paused 6 s, or sent for 8 s, got 200.
    `timeout=30` of the worker won over ProxyTimeout 3, ProxyTimeout 30 over Timeout 3.
    mod_proxy_uwsgi with ProxyTimeout 2 and an answer after 4 s: 500.

    ## References

    - httpd documentation: ProxyTimeout; ProxyPass, `timeout=`; Timeout.
    """
    floor = deployment.expectations.gateway_floor
    groups: dict[tuple[Place, Timer, bool], list[Route]] = {}
    for server in deployment.servers:
        for route in server.glance_routes:
            timer = route.timers[0]
            if route.endpoint.targets and timer.seconds < floor:
                known = timer.place is not None or server.whole
                key = (timer.place or route.directive.place, timer, known)
                groups.setdefault(key, []).append(route)
    for (place, timer, known), routes in groups.items():
        answers = sorted({a for route in routes for a in _ANSWERS.get(route.gateway, ())})
        yield Finding(
            place=place,
            message=(
                f"{timer.text}: Apache ends an upload to {listing(r.path for r in routes)} when "
                f"Glance does not read, or not answer, for longer{_in_brackets(answers)}"
            ),
            help=_advice(timer, floor),
            confidence=Confidence.HIGH if known else Confidence.LOW,
            context=routes[0].endpoint.context,
            related=tuple(
                Related(f"the Glance route it ends: {path}", there)
                for there, path in {r.directive.place: r.path for r in routes}.items()
                if there != place
            ),
        )


def _in_brackets(answers: list[str]) -> str:
    *first, last = answers or [""]
    return f" ({', '.join(first)}{' or ' if first else ''}{last})" if last else ""


def _advice(timer: Timer, floor: int) -> str:
    if timer.name == "worker timeout=":
        return f"write timeout={floor} or more there"
    if timer.name == "ProxyTimeout":
        return f"write ProxyTimeout {floor} or more"
    return f"write ProxyTimeout {floor} or more in the virtual host, or server, of the route"
