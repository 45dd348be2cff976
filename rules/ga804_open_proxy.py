"""GA804 open-proxy."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.forward_proxy import open_proxies
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.scope import enclosing
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA804",
    "open-proxy",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """The Apache that serves Glance sends anybody's requests to any host.

    ## What it does

    Looks for `ProxyRequests On` in an Apache with a Glance route, where no `<Proxy>` (or
    `<Location>` of such URLs) keeps strangers out and not all addresses are loopback. `Require` and
    the older `Order`, `Allow` and `Deny` are understood; an `<If>` that decides is left alone.

    ## Why it matters

    Strangers reach the management network through it, Glance's own backend and the metadata
    service included, and their traffic elsewhere has this host's name. A reverse proxy never needs
    it: `ProxyPass` works without.

    ## Bad

    ```apache
    ProxyRequests On
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    ProxyRequests Off
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Apache 2.4.71, `GET http://127.0.0.1:PORT/` of a client: the request reached the other server
    with `<Directory />` and with `<Location "/">` denied, with `<Proxy "http://good.example/*">`
    denied, and with `<Limit POST>` in `<Proxy *>`. 403 with `Require all denied`, `Require ip`,
    `Deny from all` or `Order allow,deny` in `<Proxy *>`, with `<LocationMatch ".*">` denied and
    with `ProxyBlock *`. Of several sections the last one decides, and a virtual host's follow those
    of the main server.

    ## References

    - httpd documentation of mod_proxy, "Forward Proxies and Reverse Proxies/Gateways" and
      "Controlling Access to Your Proxy".
    - httpd 2.4 `modules/proxy/mod_proxy.c`, `proxy_detect` and `proxy_walk`.
    """
    for server in deployment.servers:
        for proxy in open_proxies(server) if server.glance_routes else ():
            grant = proxy.grant
            yield Finding(
                place=proxy.directive.place,
                message=(
                    "ProxyRequests On without a <Proxy> section that keeps strangers out: this "
                    "Apache sends anybody's requests to any host"
                ),
                help=(
                    "remove it, as ProxyPass needs none; for a forward proxy that is meant, add "
                    'Require ip ... in <Proxy "*">'
                ),
                context=enclosing(proxy.directive),
                related=() if grant is None else (Related("lets everybody in", grant.place),),
            )
