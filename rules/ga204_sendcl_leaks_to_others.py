"""GA204 sendcl-leaks-to-others."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCL
from glance_audit.deployment.model import Deployment, Versions, by_directive
from glance_audit.deployment.route import Route
from glance_audit.deployment.scope import ScopeKind
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.versions import Holds
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_WIDE = (ScopeKind.SERVER, ScopeKind.VIRTUAL_HOST)


@rule(
    "GA204",
    "sendcl-leaks-to-others",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    caused_by=("GA201", "GA206"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`proxy-sendcl` at server or VirtualHost scope also spools the uploads of other services.

    ## What it does

    Looks for `proxy-sendcl` at server or VirtualHost scope, where Glance or an endpoint of
    mod_proxy_uwsgi lives, and names the other `http://` endpoints whose chunked requests it makes
    Apache spool.

    ## Why it matters

    The setting was meant for one endpoint, but `SetEnv` has no target: every service that the
    scope proxies over HTTP is buffered to disk too, and waits until the client has sent all.

    ## Bad

    ```apache
    <VirtualHost *:80>
        SetEnv proxy-sendcl 1
        ProxyPass "/placement" "unix:/run/uwsgi/placement.socket|uwsgi://placement"
        ProxyPass "/object" "http://127.0.0.1:8080"
    </VirtualHost>
    ```

    ## Good

    ```apache
    <VirtualHost *:80>
        ProxyPass "/placement" "unix:/run/uwsgi/placement.socket|uwsgi://placement"
        ProxyPass "/object" "http://127.0.0.1:8080"
    </VirtualHost>
    ```

    ## Measured

    Apache 2.4.71, 100 kB chunked PUT: set for the server, four of four paths in two virtual hosts
    were spooled; set for one VirtualHost, both of its paths and none of the other; set in a
    `<Location>`, that path alone.

    ## References

    - devstack commit a3488d5f: "Calling setenv appears to be globally scoped which is breaking the
      glance path" (Launchpad bug 1709970).
    """
    for _, use in deployment.environment(SENDCL):
        victims = use.other_buffered
        if not victims or use.setting.scope.kind not in _WIDE:
            continue
        live = {id(route) for route in use.reached}  # not where UnsetEnv takes it away again
        meant = tuple(
            r
            for r in use.sharing
            if (r.glance and id(r) in live) or r.gateway is Gateway.PROXY_UWSGI
        )
        if not meant:
            continue
        when = "" if use.certain else " for some requests"
        scopes = listing((one.scope.title for one in use.settings), most=2)
        yield Finding(
            place=use.setting.directive.place,
            message=(
                f"proxy-sendcl, set for {scopes}, also makes Apache spool the "
                f"chunked requests to {listing(route.path for route in victims)}{when}"
            ),
            help=_help(deployment.versions, meant),
            confidence=Confidence.HIGH if use.certain else Confidence.MEDIUM,
            context=use.setting.scope.context,
            related=(
                *macro_body(use.setting.directive),
                *(
                    Related(f"buffered as well: {group[0].path}", group[0].directive.place)
                    for group in by_directive(victims)[:4]
                ),
            ),
        )


def _help(versions: Versions, meant: tuple[Route, ...]) -> str:
    if any(route.glance and route.spoolable for route in meant):
        match versions.holds(before="chunked-read"):
            case Holds.ALL:
                return "set it in Glance's own <Location>, where Glance 15 (Pike) needs it"
            case Holds.PART:
                return "remove it; Glance 15 (Pike) alone needs it, in its own <Location>"
            case Holds.NONE:
                return "remove it, or set it in the <Location> of another service that needs it"
    return "remove it: the gateway of those it is meant for does not look at it"
