"""GA701 limit-request-body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from glance_audit.apache import Directive
from glance_audit.deployment.body_limit import DIRECTIVE, LIMITED, BodyLimit, body_limits
from glance_audit.deployment.model import ApacheServer, Deployment, Position, position
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.deployment.route import Route
from glance_audit.deployment.scope import enclosing
from glance_audit.engine.bite import Bite, bite, least
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.files import Place
from glance_audit.storage import format_size


@rule(
    "GA701",
    "limit-request-body",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="httpd 2.4.54 and later where nothing sets it",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`LimitRequestBody` refuses images that are larger, and the default is 1 GiB.

    ## What it does

    Computes the `LimitRequestBody` in force on the uploads of each Glance route behind mod_wsgi or
    `uwsgi://`: the server's, the VirtualHost's, then that of the sections they enter. Compares it
    with the largest image: `image_size_cap` when it is set, else `--largest-image` (10 GiB). Where
    nothing sets it, httpd 2.4.54 and later allow 1 GiB, older ones any size. Routes through
    `http://` are never reported: Apache does not enforce the limit there.

    ## Why it matters

    A larger upload gets "413 Request Entity Too Large", whether Glance would take it or not.
    Configurations from before 2.4.54 worked without the directive, and broke with a security update
    of httpd (CVE-2022-29404).

    ## Bad

    ```apache
    WSGIScriptAlias "/image" "/usr/lib/cgi-bin/glance/glance-api"
    WSGIChunkedRequest On
    ```

    ## Good

    ```apache
    WSGIScriptAlias "/image" "/usr/lib/cgi-bin/glance/glance-api"
    WSGIChunkedRequest On
    LimitRequestBody 0
    ```

    ## Measured

    Apache 2.4.71, 1200 MiB without the directive: 413 through mod_wsgi, with a Content-Length and
    in chunks, and through mod_proxy_uwsgi with a Content-Length (chunked ones get 411); 200 with
    `LimitRequestBody 0`. Through mod_proxy_http 200, streamed and spooled, even with an explicit
    limit of 1 MiB and 5 MiB sent. Glance 33.0.0 behind mod_wsgi and mod_proxy_uwsgi: 413. Forty
    placements of the directive: `tests/oracle/test_merging_live.py`.

    ## References

    - httpd documentation, LimitRequestBody: "In Apache HTTP Server 2.4.53 and earlier, the default
      value was 0 (unlimited)".
    - httpd 2.4 `modules/http/http_filters.c`, `ap_setup_client_block`; mod_wsgi
      `src/server/mod_wsgi.c`, `wsgi_hook_handler`.
    - The example for mod_wsgi in Glance's "Running Glance in HTTPD" (32.0.0) lacks the directive.
    """
    largest_of = deployment.largest_images()
    by_default = bite(deployment.versions, since="body-limit-1-gib")
    for server in deployment.servers:
        for group in _refusing(server, largest_of):
            limit, routes = group[0][1], [route for route, _ in group]
            images = [largest_of[id(route)] for route in routes]
            largest, cap = max(images, key=lambda image: image[0])
            bites = by_default if limit.by is None else _EVERYWHERE
            if bites is None:
                continue
            cause = limit.by or routes[0].directive
            certain = all(one.certain for _, one in group)
            known = limit.by is not None or server.whole
            yield Finding(
                place=cause.place,
                message=(
                    f"LimitRequestBody {_value(limit)}: Apache answers uploads to "
                    f"{listing(route.path for route in routes)} of more than "
                    f"{format_size(limit.size)} with 413{'' if certain else ' for some requests'}, "
                    f"but an image may have {format_size(largest)}{bites.words}"
                ),
                help=f"{_help(limit, routes[0])}; image_size_cap in glance-api.conf limits images",
                confidence=least(
                    bites.confidence,
                    Confidence.HIGH if certain else Confidence.MEDIUM,
                    Confidence.HIGH if known else Confidence.LOW,
                ),
                context=enclosing(cause),
                related=tuple(_related(cause, routes, cap)),
            )


_EVERYWHERE = Bite(Confidence.HIGH, "")


def _refusing(
    server: ApacheServer, largest_of: Mapping[int, tuple[int, Place | None]]
) -> Iterator[list[tuple[Route, BodyLimit]]]:
    """Yield the routes with the limit that is too low for them, by the directive to blame."""
    directives = PerDirectory(server.config.all, DIRECTIVE)
    groups: dict[tuple[Position, bool], list[tuple[Route, BodyLimit]]] = {}
    for route in server.glance_routes:
        if route.gateway in LIMITED:
            largest, _ = largest_of[id(route)]
            for limit in body_limits(directives, route.endpoint):
                if limit.refuses(largest):
                    key = position(limit.by or route.directive), limit.by is None
                    groups.setdefault(key, []).append((route, limit))
    yield from groups.values()


def _value(limit: BodyLimit) -> str:
    return str(limit.size) if limit.by is not None else "is not set, and 1 GiB is the default"


def _help(limit: BodyLimit, route: Route) -> str:
    if limit.by is not None:
        return "write LimitRequestBody 0 there"
    where = "in the VirtualHost" if route.endpoint.host is not None else "beside the route"
    return f"set LimitRequestBody 0 {where}"


def _related(cause: Directive, routes: list[Route], cap: Place | None) -> Iterator[Related]:
    yield from macro_body(cause)
    for place, path in {route.directive.place: route.path for route in routes}.items():
        if place != cause.place:
            yield Related(f"the Glance route it limits: {path}", place)
    if cap is not None:
        yield Related("how large an image may be", cap)
