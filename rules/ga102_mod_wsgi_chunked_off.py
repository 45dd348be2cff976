"""GA102 mod-wsgi-chunked-off."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.chunked_request import DIRECTIVE, ChunkedRequest, chunked_request
from glance_audit.deployment.model import ApacheServer, Deployment, Position, position
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.deployment.route import Route
from glance_audit.deployment.scope import enclosing, scope_of
from glance_audit.deployment.target import Gateway
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA102",
    "mod-wsgi-chunked-off",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """mod_wsgi refuses every chunked upload with 411 unless `WSGIChunkedRequest On` is in force.

    ## What it does

    Computes the `WSGIChunkedRequest` that holds for the uploads of each Glance route behind
    mod_wsgi: the server's, the VirtualHost's, then that of the `<Directory>`, `<Files>` and
    `<Location>` sections the script and the path lie in. The default is Off.

    ## Why it matters

    glanceclient, Nova's snapshots and every client that does not know the size beforehand send
    images in chunks. They get "411 Length Required" and no image.

    ## Bad

    ```apache
    WSGIScriptAlias "/image" "/usr/lib/cgi-bin/glance/glance-api.wsgi"
    ```

    ## Good

    ```apache
    WSGIScriptAlias "/image" "/usr/lib/cgi-bin/glance/glance-api.wsgi"
    WSGIChunkedRequest On
    LimitRequestBody 0
    ```

    ## Measured

    mod_wsgi 4.9.4 with Apache 2.4.71, embedded and daemon mode: 411 for chunked requests without
    the directive ("optional support for chunked transfer encoding has not been enabled"), with or
    without `proxy-sendcl`; 200 with it. 38 placements of the directive. Glance 20.2.0, 25.1.0 and
    33.0.0 behind it: 204 with the right checksum. Although the documentation says that mod_wsgi
    fails on any chunked request, it does not with this directive; the example in the documentation
    of 32.0.0 and later lacks it.

    ## References

    - mod_wsgi `src/server/mod_wsgi.c`, `wsgi_hook_handler`; release notes of 3.0 and 4.4.0.
    - Glance, "Running Glance in HTTPD", section mod_wsgi.
    """
    for server in deployment.servers:
        for by, group in _causes(server):
            routes = [route for route, _ in group]
            found = group[0][1]
            certain = all(one.value is False for _, one in group)
            source = "is Off" if by is not None else "is not set for it, and Off is the default"
            cause = by if by is not None else routes[0].directive
            yield Finding(
                place=cause.place,
                message=(
                    f"mod_wsgi answers chunked uploads to "
                    f"{listing(route.path for route in routes)} with 411 Length Required"
                    f"{'' if certain else ' for some requests'}: WSGIChunkedRequest {source}"
                ),
                help=_help(by, routes[0]),
                confidence=Confidence.HIGH if certain else Confidence.MEDIUM,
                context=enclosing(cause),
                related=tuple(_related(by is not None, routes, found)),
            )


def _help(by: Directive | None, route: Route) -> str:
    if by is not None:
        return "change it to On, or remove it and set WSGIChunkedRequest On in the VirtualHost"
    where = "in the VirtualHost" if route.endpoint.host is not None else "beside the script's alias"
    return f"set WSGIChunkedRequest On {where}, and LimitRequestBody 0"


def _causes(
    server: ApacheServer,
) -> list[tuple[Directive | None, list[tuple[Route, ChunkedRequest]]]]:
    directives = PerDirectory(server.config.all, DIRECTIVE)
    groups: dict[Position, list[tuple[Route, ChunkedRequest]]] = {}
    for route in server.glance_routes:
        if route.gateway is not Gateway.MOD_WSGI:
            continue
        found = chunked_request(directives, route.endpoint)
        if found.value is not True:
            groups.setdefault(position(found.by or route.directive), []).append((route, found))
    return [(group[0][1].by, group) for group in groups.values()]


def _related(explicit: bool, routes: list[Route], found: ChunkedRequest) -> Iterator[Related]:
    if explicit:
        for place, path in {route.directive.place: route.path for route in routes}.items():
            yield Related(f"the Glance route it closes: {path}", place)
    for directive in found.unreached[:3]:
        scope = scope_of(directive).title
        yield Related(f"this On, for {scope}, does not decide here", directive.place)
