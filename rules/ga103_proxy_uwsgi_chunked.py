"""GA103 proxy-uwsgi-chunked."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCL
from glance_audit.deployment.model import Deployment, Versions, by_directive
from glance_audit.deployment.route import Route
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.versions import Holds
from glance_audit.engine.advice import http_gateway
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA103",
    "proxy-uwsgi-chunked",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="all httpd 2.4",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """mod_proxy_uwsgi refuses every chunked upload with 411, whatever is set.

    ## What it does

    Looks for Glance routes through `uwsgi://`, over TCP or a UNIX socket.

    ## Why it matters

    The module asks Apache to refuse chunked bodies before it contacts the backend. glanceclient and
    Nova send images in chunks: they get "411 Length Required".

    ## Bad

    ```apache
    ProxyPass "/image" "unix:/run/uwsgi/glance.socket|uwsgi://glance"
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    Proxy100Continue Off
    ```

    with `http-socket = 127.0.0.1:60999` instead of `socket` in Glance's uWSGI. Without
    `Proxy100Continue Off`, a client that sends `Expect: 100-continue` (curl) gets status 500 from
    mod_proxy_http before uWSGI, where mod_proxy_uwsgi answered it. Without `public_endpoint` in
    glance-api.conf, the links Glance gives lead to 127.0.0.1.

    ## Measured

    Apache 2.4.71, TCP and UNIX socket: 411, AH01593 "chunked Transfer-Encoding forbidden", without
    `proxy-sendcl`, with it, and with `proxy-sendchunked`; the same with Glance 20.2.0, 25.1.0 and
    33.0.0. The documentation of 15.0.0 to 20.0.0 and of 19.0.4 recommends `proxy-sendcl` for this
    module: the variable changes nothing here. The documentation of 32.0.0 and later promises "full
    compatibility with all Glance features": uploads with a Content-Length pass, chunked ones do
    not.

    ## References

    - httpd `modules/proxy/mod_proxy_uwsgi.c`, 2.4.38 to 2.4.71 and trunk:
      `ap_setup_client_block(r, REQUEST_CHUNKED_ERROR)`.
    - unbit/uwsgi issue 1540 (open since 2017).
    - Glance, "Running Glance in HTTPD", section mod_proxy_uwsgi.
    """
    claim = _claim(deployment.versions)
    routes = tuple(r for r in deployment.glance_routes if _refuses(r))
    sendcl = tuple(deployment.environment(SENDCL))
    for group in by_directive(routes):
        settings = [
            use.setting for _, use in sendcl if any(route in use.reached for route in group)
        ]
        yield Finding(
            place=group[0].directive.place,
            message=(
                f"mod_proxy_uwsgi answers every chunked upload to "
                f"{listing(route.path for route in group)} with 411 Length Required{claim}"
            ),
            help=http_gateway(deployment.versions),
            context=group[0].endpoint.context,
            related=(
                *macro_body(group[0].directive),
                *(
                    Related("proxy-sendcl has no effect on this module", setting.directive.place)
                    for setting in settings
                ),
            ),
        )


def _refuses(route: Route) -> bool:
    # Of a balancer one such member is enough.
    return any(target.gateway is Gateway.PROXY_UWSGI for target in route.endpoint.targets)


def _claim(versions: Versions) -> str:
    """What the documentation of these releases says of the module, and what is true of it."""
    claims = []
    if versions.holds(before="sendcl-unadvised") is not Holds.NONE:
        claims.append(
            "proxy-sendcl, which the documentation of 15.0.0 to 20.0.0 recommends, changes nothing"
        )
    if versions.holds(since="wsgi-documented") is not Holds.NONE:
        claims.append(
            'the "full compatibility" that the documentation promises from 32.0.0 on has this gap'
        )
    return f"; {', and '.join(claims)}" if claims else ""
