"""GA611 public-endpoint."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.request_url import Proxied, proxied
from glance_audit.engine.bite import least
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA611",
    "public-endpoint",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Glance's version links lead past Apache, because `public_endpoint` is not set.

    ## What it does

    Looks for a Glance behind `ProxyPass http://` without `public_endpoint`, and works out the
    address that Glance sees: the host is the backend's unless `ProxyPreserveHost On` is in force or
    `enable_proxy_headers_parsing` true, and the path lacks what ProxyPass takes off unless
    `X-Forwarded-Prefix` is sent and parsed. Silent where both are right, and behind mod_wsgi and
    `uwsgi://`, which hand over the client's own.

    ## Why it matters

    Clients that ask for the API's versions follow the links in the answer. With `ProxyPass
    "/image" "http://127.0.0.1:60999"` these are `http://127.0.0.1:60999/v2/`, and who takes them as
    they are talks to itself. keystoneauth, which openstacksdk uses, mends a host that is not the
    one it asked. It does not mend a path: where the host is right and `/image` is lost, it goes on
    at `/v2/`, which is not Glance's.

    ## Bad

    ```ini
    [DEFAULT]
    enabled_backends = local:file
    ```

    ## Good

    ```ini
    [DEFAULT]
    enabled_backends = local:file
    public_endpoint = https://images.example.net/image
    ```

    ## Measured

    Glance 33.0.0 in uWSGI behind Apache 2.4.71, the link in the answer to `/image/`:
    `http://127.0.0.1:17290/v2/` with ProxyPass alone, `http://127.0.0.1:17280/v2/` (Apache's own
    port, without `/image`) with `ProxyPreserveHost On`, and right with `public_endpoint`, through
    `uwsgi://` and in mod_wsgi. The WSGI applications of 20.2.0, 25.1.0 and 33.0.0 alone: an empty
    `public_endpoint` is none; with `enable_proxy_headers_parsing` the host of `X-Forwarded-Host`,
    and the path of `X-Forwarded-Prefix`.

    ## References

    - Glance `glance/api/versions.py`: `CONF.public_endpoint or req.application_url`.
    - keystoneauth1 5.18.1 `discover.py`, `_combine_relative_url`, which was called with each link.
    - oslo.middleware, `http_proxy_to_wsgi`; httpd documentation, ProxyPreserveHost.
    """
    for service, routes in proxied(deployment):
        setting = service.setting("DEFAULT", "public_endpoint")
        if setting is not None and setting.value.strip():
            continue
        if service.uncertain("DEFAULT", "public_endpoint"):
            continue
        wrong = [one for one in routes if one.url.host or one.url.lost]
        if not wrong:
            continue
        first = min(wrong, key=lambda one: _confidence(one).rank)
        state = "is not set" if setting is None else "is empty"
        yield Finding(
            place=setting.place if setting is not None else service.place(),
            message=f"public_endpoint {state}: {_links(first)}",
            help=(
                "set public_endpoint in [DEFAULT] to the address that clients use, such as "
                f"{_address(first)}"
            ),
            confidence=_confidence(first),
            context=("DEFAULT",),
            related=tuple(
                Related(
                    f"clients come through {listing(route.path for route in group)}",
                    group[0].directive.place,
                )
                for group in by_directive(tuple(one.route for one in wrong))
            ),
        )


def _links(one: Proxied) -> str:
    if one.url.host:
        return (
            f"the version links that Glance gives at {one.route.path} lead to {one.url.start}/v2/ "
            "and past Apache"
        )
    return f"the version links that Glance gives at {one.route.path} lack {one.url.lost}"


def _address(one: Proxied) -> str:
    host = one.route.endpoint.host
    names = host.children if host is not None else ()
    name = next((d.first_word for d in names if d.key == "servername" and d.args), "")
    path = one.route.endpoint.path.rstrip("/")
    scheme = "https" if one.tls is not None else "http"
    return f"{scheme}://{name.rpartition('://')[2] or 'images.example.net'}{path}"


def _confidence(one: Proxied) -> Confidence:
    return least(
        Confidence.HIGH if one.url.certain else Confidence.MEDIUM,
        Confidence.HIGH if one.known else Confidence.LOW,
    )
