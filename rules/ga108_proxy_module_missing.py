"""GA108 proxy-module-missing."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import ApacheServer, Deployment
from glance_audit.deployment.proxy_module import missing_modules
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA108",
    "proxy-module-missing",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """The module that would carry Glance's requests to the backend is not loaded.

    ## What it does

    Looks, in a server's configuration that loads its modules itself, for Glance routes without the
    module of their scheme: mod_proxy_http for `http://` and `https://`, mod_proxy_uwsgi, _fcgi,
    _ajp, _scgi and _http2 for the others, a TLS module for `https://`, and for `balancer://`
    mod_proxy_balancer, mod_slotmem_shm and a method of balancing. A file that is read alone, and a
    configuration without any LoadModule, say nothing of what is loaded.

    ## Why it matters

    mod_proxy alone speaks no protocol. Apache starts, and its configuration test is content, but
    every request of the route ends in an error. Only where mod_proxy itself is missing does a
    ProxyPass keep Apache from starting.

    ## Bad

    ```apache
    LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so

    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
    LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so

    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Apache 2.4.71, uploads chunked and with a Content-Length
    (`tests/oracle/test_proxy_module_live.py`). ProxyPass and RewriteRule [P]: 500, with "AH01144:
    No protocol handler was valid for the URL" in the log; https:// the same where mod_ssl alone is
    missing. SetHandler: 405, and 404 for GET. RewriteRule [P] without mod_proxy: 403 (AH00669). A
    balancer's member of a scheme without its module: 503 (AH00934). Without mod_slotmem_shm
    (AH01177) or a method of balancing (AH02432) mod_proxy_balancer does not let Apache start. TLS
    modules other than mod_ssl: not measured.

    ## References

    - httpd 2.4 `modules/proxy/mod_proxy.c`, `proxy_handler`.
    - Glance, "Running Glance in HTTPD" (15.0.0 to 20.0.0): `a2enmod proxy` is all that it says.
    """
    for server in deployment.servers:
        for missing in missing_modules(server):
            route, loaded = missing.routes[0], missing.loaded
            known = loaded is not None or server.family == "debian"
            names = listing(f"mod_{name}" for name in missing.names)
            verb = "is" if len(missing.names) == 1 else "are"
            yield Finding(
                place=route.directive.place,
                message=(
                    f"{names}, which {listing(one.path for one in missing.routes)} needs, {verb} "
                    f"not loaded: {missing.effect}"
                ),
                help=_help(server, missing.names),
                confidence=(
                    Confidence.LOW if not missing.seen
                    else Confidence.HIGH if known
                    else Confidence.MEDIUM
                ),
                context=route.endpoint.context,
                related=(
                    *macro_body(route.directive),
                    *([Related("mod_proxy is loaded here", loaded.place)] if loaded else ()),
                ),
            )  # fmt: skip


def _help(server: ApacheServer, names: tuple[str, ...]) -> str:
    if server.family == "debian":
        return f"run a2enmod {' '.join(names)}, and restart Apache"
    lines = (f"LoadModule {name}_module modules/mod_{name}.so" for name in names)
    return f"write {listing(lines)}"
