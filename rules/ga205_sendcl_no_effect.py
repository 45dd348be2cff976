"""GA205 sendcl-no-effect."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCL, Effect
from glance_audit.deployment.model import ApacheServer, Deployment, EnvironmentUse, by_directive
from glance_audit.deployment.scope import ScopeKind
from glance_audit.deployment.target import Gateway
from glance_audit.engine.advice import http_gateway
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

# mod_proxy_fcgi honours the variable since 2.4.47, so only these two never look at it.
_DEAF = (Gateway.PROXY_UWSGI, Gateway.MOD_WSGI)


@rule(
    "GA205",
    "sendcl-no-effect",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    caused_by=("GA103",),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`proxy-sendcl` is written so that it does nothing where it stands.

    ## What it does

    Looks for `SetEnv proxy-sendcl=1` (one word: it names another variable), for the variable inside
    `<Directory>` or `<Files>` (a proxied request has no directory), and for scopes in which no
    route goes through mod_proxy_http, such as a `uwsgi://` or a mod_wsgi route. A virtual host that
    serves others alone is none of its business.

    ## Why it matters

    Somebody believes that it works. Glance's documentation of 15.0.0 to 20.0.0 recommends the
    variable for mod_proxy_uwsgi; that module refuses chunked uploads with 411 all the same.

    ## Bad

    ```apache
    <Location "/image">
        SetEnv proxy-sendcl 1
        ProxyPass "unix:/run/uwsgi/glance.socket|uwsgi://glance"
    </Location>
    ```

    ## Good

    ```apache
    <Location "/image">
        ProxyPass "http://127.0.0.1:60999"
        Proxy100Continue Off
    </Location>
    ```

    ## Measured

    Apache 2.4.71: `SetEnv proxy-sendcl=1`, `<Directory>` and `<Files "*">` streamed as if nothing
    were set. With `uwsgi://` over TCP and over a UNIX socket, with and without the variable:
    "411 Length Required", AH01593. With mod_wsgi the same 411.

    ## References

    - Glance, "Running Glance in HTTPD", section mod_proxy_uwsgi (15.0.0 to 20.0.0, 19.0.4).
    - httpd 2.4 `modules/proxy/mod_proxy_uwsgi.c`: `ap_setup_client_block(r,
      REQUEST_CHUNKED_ERROR)`; unbit/uwsgi issue 1540.
    """
    # Once for each server: there may be as many settings as routes.
    foreign = {id(one): _foreign(one) for one in deployment.servers if one.glance_routes}
    for server, use in deployment.environment(SENDCL):
        if id(server) not in foreign or use.setting.effect is Effect.UNSET:
            continue
        if all(id(one.scope.host) in foreign[id(server)] for one in use.settings):
            continue
        if use.scoped and not use.sharing:
            continue  # its condition, not its place, keeps it from those
        reason = _reason(use)
        if reason is None:
            continue
        deaf = tuple(route for route in use.scoped if route.gateway in _DEAF)
        yield Finding(
            place=use.setting.directive.place,
            message=f"proxy-sendcl has no effect here: {reason}",
            help=(
                f"remove the line; {http_gateway(deployment.versions)}"
                if any(route.glance for route in deaf)
                else "remove the line"
            ),
            context=use.setting.scope.context,
            related=(
                *macro_body(use.setting.directive),
                *(
                    Related(f"does not look at it: {group[0].path}", group[0].directive.place)
                    for group in by_directive(deaf)[:3]
                ),
            ),
        )


def _foreign(server: ApacheServer) -> frozenset[int]:
    """The virtual hosts of other services alone, by the id() of their sections."""
    ours = {id(route.endpoint.host) for route in server.glance_routes}
    return frozenset(
        id(host.section)
        for host in server.hosts
        if host.section is not None and host.routes and id(host.section) not in ours
    )


def _reason(use: EnvironmentUse) -> str | None:
    setting = use.setting
    if setting.effect is Effect.NOTHING:
        return f"one word, so it sets a variable called {setting.name_word.text}"
    if setting.scope.kind is ScopeKind.FILESYSTEM and not use.scoped:
        return f"proxied requests never enter {setting.scope.title}"
    if any(route.gateway not in _DEAF for route in use.scoped):
        return None
    if not use.scoped:
        return f"no proxied path lies in {setting.scope.title}"
    gateways = {
        Gateway.PROXY_UWSGI: "mod_proxy_uwsgi answers chunked uploads with 411 whatever is set, "
        "although the documentation of 15.0.0 to 20.0.0 recommends it there",
        Gateway.MOD_WSGI: "mod_wsgi does not look at it",
    }
    return listing(gateways[route.gateway] for route in use.scoped)
