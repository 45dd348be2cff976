"""GA612 proxy-headers."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.glance_service import GlanceService
from glance_audit.deployment.model import Deployment, by_directive, position
from glance_audit.deployment.request_url import Proxied, proxied
from glance_audit.engine.bite import Bite, bite, least
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_SECTION, _OPTION = "oslo_middleware", "enable_proxy_headers_parsing"
_OLD = "secure_proxy_ssl_header"
_LINKS, _LOCATION = "the version links", "the Location of a new image"


@rule(
    "GA612",
    "proxy-headers",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """TLS ends at Apache, and Glance does not believe the headers that say so.

    ## What it does

    Looks for a Glance behind `ProxyPass http://` in a VirtualHost with `SSLEngine on`, its own or
    the main server's, where `enable_proxy_headers_parsing` is not true. Works out how the addresses
    begin that Glance makes: the version links, unless `public_endpoint` is set, and the `Location`
    of a new image, unless a `ProxyPassReverse` puts it right. Silent where both are right, behind
    mod_wsgi and `uwsgi://`, and before Zed (25) with `secure_proxy_ssl_header`.

    ## Why it matters

    Glance hears http from Apache and makes `http://` addresses of it, which lead to a port that
    redirects, refuses, or sends the token in the clear. keystoneauth mends the scheme
    of the version links. Apache says https in no header by itself: `RequestHeader
    set X-Forwarded-Proto https` of mod_headers does. uWSGI believes that header on its own, and
    then the address of a new image begins with `https://` and the backend's port: what
    `ProxyPassReverse` looks for is no longer there.

    ## Bad

    ```apache
    <VirtualHost *:443>
        SSLEngine on
        ProxyPass "/image" "http://127.0.0.1:60999"
    </VirtualHost>
    ```

    ## Good

    ```apache
    <VirtualHost *:443>
        SSLEngine on
        RequestHeader set X-Forwarded-Proto https
        ProxyPass "/image" "http://127.0.0.1:60999"
    </VirtualHost>
    ```

    ```ini
    [oslo_middleware]
    enable_proxy_headers_parsing = true
    ```

    ## Measured

    Glance 33.0.0 behind the configurations above, through TLS: the Location of a new image begins
    with `https://127.0.0.1:60999/` without the option, with the site's own name with it. Apache
    2.4.71 with `SSLEngine on` before uWSGI 2.0.21: the application sees http through
    `http://` to http-socket and to the http router, and https with `X-Forwarded-Proto: https` or
    `X-Forwarded-Ssl: on` set by Apache, without any parsing in Glance; https through `uwsgi://` and
    in mod_wsgi. The WSGI applications of Glance 25.1.0 and 33.0.0: the Location of a new image is
    `http://127.0.0.1:60999/v2/images/...` without the option, with `public_endpoint` and without;
    `https://img.example.net/v2/images/...` with the option and both headers. Glance 20.2.0 with
    `secure_proxy_ssl_header = HTTP_X_FORWARDED_PROTO`: links with https. `ProxyPassReverse` to the
    http:// backend rewrites the first Location, and not one that begins with https. The engine of
    the main server counts in a VirtualHost without one of its own, and off in the VirtualHost wins;
    `optional` is no longer supported. What the headers do: `tests/oracle/test_request_url_live.py`.

    ## References

    - oslo.middleware, `http_proxy_to_wsgi`; Glance commit 8140abe63 (25.0.0).
    - uWSGI `core/protocol.c`, `uwsgi_proto_check_22`; mod_ssl `ssl_engine_config.c`, `cfgMerge`.
    """
    for service, routes in proxied(deployment):
        if service.config.boolean(_SECTION, _OPTION, default=False):
            continue
        if service.uncertain(_SECTION, _OPTION):
            continue
        public = service.setting("DEFAULT", "public_endpoint")
        linked = public is None or not public.value.strip()
        wrong = [
            (one, broken, bites)
            for one in routes
            if one.tls is not None
            and (broken := _broken(one, links=linked))
            and (bites := _bite(deployment, service, one)) is not None
        ]
        if not wrong:
            continue
        first, broken, bites = min(wrong, key=lambda one: _confidence(one[0], one[2]).rank)
        setting = service.setting(_SECTION, _OPTION)
        yield Finding(
            place=setting.place if setting is not None else service.place(_SECTION),
            message=(
                f"TLS ends at Apache and {_OPTION} is not "
                f"{'set' if setting is None else 'true'}: {_effect(first, broken)}{bites.words}"
            ),
            help=_help(first),
            confidence=_confidence(first, bites),
            context=(_SECTION,),
            related=tuple(_related([one for one, _, _ in wrong])),
        )


def _broken(one: Proxied, *, links: bool) -> tuple[str, ...]:
    """The addresses that are wrong for a client which came with TLS."""
    found = (_LINKS,) if links and not one.url.secure else ()
    location = (one.url.host or not one.url.secure) and not one.url.reversed
    return (*found, _LOCATION) if location else found


def _effect(one: Proxied, broken: tuple[str, ...]) -> str:
    begin = "begins" if broken == (_LOCATION,) else "begin"
    return f"{listing(broken)} that Glance gives at {one.route.path} {begin} with {one.url.start}"


def _help(one: Proxied) -> str:
    step = f"set {_OPTION} = true in [{_SECTION}]"
    if one.url.announced:
        return step
    header = "RequestHeader set X-Forwarded-Proto https"
    return f"{step}, and {header}, of mod_headers, in the VirtualHost"


def _related(wrong: list[Proxied]) -> Iterator[Related]:
    engines = {position(one.tls): one.tls.place for one in wrong if one.tls is not None}
    for place in engines.values():
        yield Related("TLS ends here", place)
    for group in by_directive(tuple(one.route for one in wrong)):
        paths = listing(route.path for route in group)
        yield Related(f"clients come through {paths}", group[0].directive.place)


def _bite(deployment: Deployment, service: GlanceService, one: Proxied) -> Bite | None:
    """On which releases that is so: older ones have an option of their own for it."""
    old = service.setting("DEFAULT", _OLD)
    if one.url.announced and old is not None and old.value.strip():
        return bite(deployment.versions, since="proxy-headers-only")
    return Bite(Confidence.HIGH, "")


def _confidence(one: Proxied, bites: Bite) -> Confidence:
    return least(
        bites.confidence,
        Confidence.HIGH if one.url.certain else Confidence.MEDIUM,
        Confidence.HIGH if one.known else Confidence.LOW,
    )
