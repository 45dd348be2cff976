"""XX001 plain-http: a rule of our own site."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import ApacheServer, Deployment, by_directive
from glance_audit.deployment.route import Route
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule


@rule("XX001", "plain-http", severity=Severity.WARNING, basis=Basis.SOURCE)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Glance is served without TLS.

    ## What it does

    Looks for routes to Glance in a virtual host without `SSLEngine on`.

    ## Why it matters

    Our tokens must not travel in the clear, not even inside the machine room.

    ## Bad

    ```apache
    <VirtualHost *:80>
        ProxyPass "/image" "http://127.0.0.1:60999"
    </VirtualHost>
    ```

    ## Good

    ```apache
    <VirtualHost *:443>
        SSLEngine on
        ProxyPass "/image" "http://127.0.0.1:60999"
    </VirtualHost>
    ```

    ## Measured

    Not measured: a decision of ours.

    ## References

    - Our security handbook, chapter 4.
    """
    for server in deployment.servers:
        open_routes = tuple(r for r in server.glance_routes if not encrypted(server, r))
        for routes in by_directive(open_routes):
            yield Finding(
                place=routes[0].directive.place,
                message=f"Glance is served without TLS in {routes[0].host_name}",
                help="serve it in a virtual host with SSLEngine on",
                context=routes[0].endpoint.context,
            )


def encrypted(server: ApacheServer, route: Route) -> bool:
    """Whether TLS is on for a route: its virtual host decides, else the server around it."""
    settings = server.config.all.of("sslengine")
    own = [one for one in settings if one.parent is route.endpoint.host]
    around = [one for one in settings if one.parent is None]
    return any(one.first_word.lower() == "on" for one in (own or around)[-1:])
