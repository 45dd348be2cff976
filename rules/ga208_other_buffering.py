"""GA208 other-buffering."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import FORCE_10
from glance_audit.deployment.model import Deployment, EnvironmentUse, Position, position
from glance_audit.deployment.route import Route
from glance_audit.deployment.scope import scope_of
from glance_audit.deployment.versions import Holds
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA208",
    "other-buffering",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`force-proxy-request-1.0` or the filter BUFFER makes Apache spool images to disk.

    ## What it does

    Looks for two causes of spooling beside `proxy-sendcl` that are in force on a Glance route
    behind mod_proxy_http: the variable `force-proxy-request-1.0`, and `SetInputFilter BUFFER`. A
    filter that is added by a file's extension (`AddInputFilter`) is not looked for.

    ## Why it matters

    HTTP/1.0 has no chunks, so Apache writes a chunked body to `$TMPDIR/modproxy.tmp.XXXXXX` until
    it knows the length; `proxy-sendchunked` does not help. A filter may change the length, so
    Apache counts a body with a Content-Length itself, on disk. Glance sees the first byte after the
    last one has arrived, and every upload takes the size of its image in the temporary directory.

    ## Bad

    ```apache
    <Location "/image">
        SetEnv force-proxy-request-1.0 1
        SetInputFilter BUFFER
        ProxyPass "http://127.0.0.1:60999"
    </Location>
    ```

    ## Good

    ```apache
    <Location "/image">
        ProxyPass "http://127.0.0.1:60999"
    </Location>
    ```

    ## Measured

    Apache 2.4.71. `force-proxy-request-1.0`, with any value, with and without `proxy-sendchunked`:
    100 kB in chunks arrived with a Content-Length. `SetInputFilter BUFFER`, 50 MiB with a
    Content-Length at 50 MB/s: the backend was contacted after 1.15 s, with 52,412,416 bytes in
    `modproxy.tmp`; chunked bodies were streamed, and with `proxy-sendchunked` the others too, in
    chunks. `DEFLATE` on a body that is not compressed spooled nothing. Before mod_proxy_uwsgi
    BUFFER spooled nothing (`tests/oracle/test_merging_live.py`).

    ## References

    - httpd 2.4 `modules/proxy/mod_proxy_http.c`, `ap_proxy_http_prefetch`; httpd documentation,
      mod_buffer.
    """
    for _, use in deployment.environment(FORCE_10):
        if use.glance_buffered:
            yield _forced(deployment, use)
    for server in deployment.servers:
        groups: dict[Position, list[Route]] = {}
        for route in server.glance_routes:
            for directive in route.buffering.filters:
                groups.setdefault(position(directive), []).append(route)
        for key, routes in groups.items():
            yield _filtered(key, routes)


def _forced(deployment: Deployment, use: EnvironmentUse) -> Finding:
    directive = use.setting.directive
    scopes = listing((one.scope.title for one in use.settings), most=2)
    when = "" if use.certain else "for some requests "
    match deployment.versions.holds(before="chunked-read"):
        case Holds.ALL:
            advice = (
                "write proxy-sendcl in its place, in Glance's own <Location>: Glance 15 (Pike) "
                "needs the spooling, not HTTP/1.0"
            )
        case Holds.PART:
            advice = "remove the line; Glance 15 (Pike) alone needs the spooling, by proxy-sendcl"
        case Holds.NONE:
            advice = "remove the line"
    return Finding(
        place=directive.place,
        message=(
            f"force-proxy-request-1.0, set for {scopes}, {when}makes Apache write every chunked "
            f"upload to {listing(route.path for route in use.glance_buffered)} to disk before "
            "Glance sees its first byte"
        ),
        help=advice,
        confidence=Confidence.HIGH if use.certain else Confidence.MEDIUM,
        context=use.setting.scope.context,
        related=(*macro_body(directive), *_routes(use.glance_buffered)),
    )


def _filtered(cause: Position, routes: list[Route]) -> Finding:
    directive = next(d for d in routes[0].buffering.filters if position(d) == cause)
    certain = all(route.buffering.lengths is True for route in routes)
    scope = scope_of(directive)
    return Finding(
        place=directive.place,
        message=(
            f"SetInputFilter {directive.words[0].text}, set for {scope.title}, "
            f"{'' if certain else 'for some requests '}makes Apache write every upload with a "
            f"Content-Length to {listing(route.path for route in routes)} to disk before Glance "
            "sees its first byte"
        ),
        help="take BUFFER out of the line, or set it in the <Location> of a service that needs it",
        confidence=Confidence.HIGH if certain else Confidence.MEDIUM,
        context=scope.context,
        related=(*macro_body(directive), *_routes(routes)),
    )


def _routes(routes: list[Route] | tuple[Route, ...]) -> Iterator[Related]:
    for place, path in {route.directive.place: route.path for route in routes}.items():
        yield Related(f"the Glance route it buffers: {path}", place)
