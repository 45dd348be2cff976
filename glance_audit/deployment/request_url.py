"""The address that Glance takes for the one a client asked for, behind mod_proxy_http.

Glance makes the version links and the Location of a new image of it. uWSGI and Glance see what
Apache sends: ``Host`` is the backend's unless ProxyPreserveHost is On, the path lacks what
ProxyPass takes off, and the scheme is http. uWSGI itself believes X-Forwarded-Proto and
X-Forwarded-SSL (core/protocol.c, ``uwsgi_proto_check_22``, ``_20``); Glance believes
X-Forwarded-Proto, X-Forwarded-Host, which mod_proxy adds, and X-Forwarded-Prefix where
``enable_proxy_headers_parsing`` is true (oslo_middleware/http_proxy_to_wsgi.py). mod_wsgi and
mod_proxy_uwsgi hand over the client's own. Measured: ``tests/oracle/test_request_url_live.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.glance_service import GlanceService
from glance_audit.deployment.model import ApacheServer, Deployment
from glance_audit.deployment.per_directory import PerDirectory, covers
from glance_audit.deployment.route import Endpoint, Route
from glance_audit.deployment.scope import near, outside_macros, virtual_host_of
from glance_audit.deployment.target import Gateway
from glance_audit.record import NamedTuple

_PROTO, _SSL, _PREFIX = "x-forwarded-proto", "x-forwarded-ssl", "x-forwarded-prefix"
_SETS = frozenset({"set", "add", "append", "merge", "setifempty"})


class RequestUrl(NamedTuple):
    """What Glance sees of a request.

    ``host`` is the backend's ``host:port``, empty where it is the client's own. ``lost`` is the
    part of the path that Glance does not hear of. ``announced``: Apache sends X-Forwarded-Proto.
    ``reversed``: a ProxyPassReverse puts a Location right. ``certain``: the same for all requests.
    """

    secure: bool
    host: str
    lost: str
    announced: bool
    reversed: bool
    certain: bool

    @property
    def start(self) -> str:
        """How an address begins that Glance makes of it, where the host is the backend's."""
        return f"{'https' if self.secure else 'http'}://{self.host}"


class RequestUrls:
    """The addresses that the Glances behind one Apache see."""

    __slots__ = ("_added", "_engines", "_headers", "_preserved", "_reverses")

    def __init__(self, server: ApacheServer) -> None:
        every = near(server.config, (route.endpoint.host for route in server.glance_routes))
        self._preserved = PerDirectory(every, "proxypreservehost")
        self._added = PerDirectory(every, "proxyaddheaders")
        self._headers = PerDirectory(every, "requestheader")
        self._reverses = PerDirectory(every, "proxypassreverse")
        self._engines: dict[int, Directive] = {}
        for directive in outside_macros(every, ("sslengine",)):
            self._engines[id(virtual_host_of(directive))] = directive

    def tls(self, endpoint: Endpoint) -> Directive | None:
        """Return the SSLEngine that ends TLS for an endpoint.

        A virtual host without one has the main server's (ssl_engine_config.c, ``cfgMerge``).
        """
        engine = self._engines.get(id(endpoint.host)) or self._engines.get(id(None))
        return engine if engine is not None and _on(engine) else None

    def of(self, route: Route, service: GlanceService) -> RequestUrl:
        """Return what a service sees of the requests of a route through mod_proxy_http."""
        endpoint = route.endpoint
        parsed = service.config.boolean("oslo_middleware", "enable_proxy_headers_parsing", False)
        proto = self._header(endpoint, _PROTO)
        announced = proto is not None and proto.lower() != "http"
        told = announced or self._header(endpoint, _SSL) == "on"
        preserved, certain = self._flag(self._preserved, endpoint, default=False)
        added, _ = self._flag(self._added, endpoint, default=True)
        secure = (parsed and announced) or (bool(route.backends) and told)
        lost = _lost(endpoint)
        if parsed and self._header(endpoint, _PREFIX) is not None:
            lost = ""
        host = "" if preserved or (parsed and added) else _authority(endpoint)
        url = RequestUrl(secure, host, lost, announced, reversed=False, certain=certain)
        return url._replace(reversed=self._reversed(endpoint, url))

    def _flag(
        self, directives: PerDirectory, endpoint: Endpoint, *, default: bool
    ) -> tuple[bool, bool]:
        """Whether a directive is On for an endpoint, and whether for all of its requests."""
        by, conditional = directives.in_force(endpoint)
        value = default if by is None else _on(by)
        return value, all(_on(one) is value for one in conditional)

    def _header(self, endpoint: Endpoint, name: str) -> str | None:
        """Return the value that Apache gives a header of the requests it sends on."""
        value = None
        for directive in self._headers.said(endpoint):
            words = [word.text for word in directive.words]
            if len(words) < 2 or words[1].rstrip(":").lower() != name:
                continue
            if covers(directive.parent, virtual_host_of(directive), endpoint) is False:
                continue
            if words[0].lower() in _SETS and len(words) > 2:
                value = words[2]
            elif words[0].lower() == "unset":
                value = None
        return value

    def _reversed(self, endpoint: Endpoint, url: RequestUrl) -> bool:
        """Whether a ProxyPassReverse takes the addresses that Glance makes for the backend's.

        Those of a server count for all its requests, whatever their path (mod_proxy's
        ``ap_proxy_location_reverse_map``).
        """
        return any(
            url.start == directive.words[-1].text.rstrip("/")
            for directive in self._reverses.said(endpoint)
            if covers(directive.parent, virtual_host_of(directive), endpoint) is not False
        )


def _on(directive: Directive) -> bool:
    return directive.first_word.lower() == "on"


def _lost(endpoint: Endpoint) -> str:
    """The path of the route that its target lacks: what Glance never hears of."""
    path = endpoint.path.rstrip("/")
    _, _, rest = endpoint.target.rpartition("|")[2].partition("://")
    behind = "/" + rest.partition("/")[2].partition("$")[0]
    return "" if behind.rstrip("/") == path else path


def _authority(endpoint: Endpoint) -> str:
    """The ``host:port`` of the backend's URL, as mod_proxy_http sends it for ``Host``."""
    target = endpoint.targets[0].text if endpoint.targets else endpoint.target
    _, _, rest = target.rpartition("|")[2].partition("://")
    return rest.partition("/")[0].partition("$")[0].rpartition("@")[2]


class Proxied(NamedTuple):
    """A route through mod_proxy_http to a Glance service whose configuration is known.

    ``tls`` is the SSLEngine that ends TLS there. ``known``: nothing outside of the audit says that
    it is another Glance, or another address.
    """

    route: Route
    url: RequestUrl
    tls: Directive | None
    known: bool


def proxied(deployment: Deployment) -> Iterator[tuple[GlanceService, tuple[Proxied, ...]]]:
    """Yield the services that are reached through mod_proxy_http, with their routes."""
    found: dict[str, tuple[GlanceService, list[Proxied]]] = {}
    for server in deployment.servers:
        routes = [r for r in server.glance_routes if r.gateway is Gateway.PROXY_HTTP]
        urls: RequestUrls | None = None
        for route in routes:
            service = deployment.service_of(route)
            if service is None:
                continue
            urls = urls or RequestUrls(server)
            endpoint = route.endpoint
            one = Proxied(
                route,
                urls.of(route, service),
                urls.tls(endpoint),
                server.whole and _here(route),
            )
            found.setdefault(service.directory, (service, []))[1].append(one)
    for service, ones in found.values():
        yield service, tuple(ones)


def _here(route: Route) -> bool:
    """Whether a route surely leads to this machine, whose Glance the configuration is."""
    if route.backends:
        return any(backend.certain for backend in route.backends)
    return any(target.loopback or target.socket for target in route.endpoint.targets)
