"""GA114 route-shadowed."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.claim import Claim
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.precedence import reason, unknown_scheme
from glance_audit.deployment.route import Route
from glance_audit.deployment.scope import ScopeKind, enclosing, scope_of
from glance_audit.deployment.shadowing import shadowings
from glance_audit.engine.body import macro_body
from glance_audit.engine.directive_words import named
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_ANOTHER = "write ProxyPass in its place"


@rule(
    "GA114",
    "route-shadowed",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Another directive takes every upload away from a route to Glance.

    ## What it does

    Asks for each Glance route which directive answers `PUT <path>/v2/images/<id>/file`, in the
    order in which Apache asks its modules, and reports what answers in the route's place: an
    earlier ProxyPass, a `!`, a later `<Location>`, a RewriteRule. A warning where Glance answers
    all the same, by another route. Also a route whose own directive hands on no request.

    Not reported: the more specific path before the wider one, both Glance's or the first unknown;
    two routes to one target; a redirect, which somebody meant; a directive that uploads reach in
    another virtual host; what depends on the request (`<If>`, RewriteCond on a header). `show`
    tells of all of these.

    ## Why it matters

    Apache accepts it and warns of nothing. Clients get the other service's answer, or 404. What
    else is set on the route has no effect, so no other rule on uploads speaks of it.

    ## Bad

    ```apache
    ProxyPass "/" "http://127.0.0.1:8080/"
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    ProxyPass "/" "http://127.0.0.1:8080/"
    ```

    The same holds for `ProxyPass "/image" !`: it excludes the path from what stands behind it. In
    `<Location>` sections it is the other way round: the last one that matches decides.

    ## Measured

    Apache 2.4.71, 172 configurations, each asked over HTTP which backend answers. Of ProxyPass the
    first match decides, the main server's before the virtual host's, also with `ProxyPassInherit
    Off`. A ProxyPass in a Location comes before all of these, of several Locations the last; the
    server's RewriteRules come before both, and one in a Location over everything. Redirect, Alias
    and WSGIScriptAlias come after ProxyPass, whatever the order of LoadModule. `RewriteRule …
    uwsgi://… [P]` asks Apache itself for that, by the name that the client used: 405, for GET
    404, and 500 where Apache does not find that name. `<LocationMatch "^/image">` with ProxyPass
    matches nothing: the pattern is taken for a plain prefix unless it holds a wildcard; with
    ProxyPassMatch it matches.

    ## References

    - httpd 2.4 `modules/proxy/mod_proxy.c`, `proxy_trans`, `add_pass`, `merge_proxy_config`.
    - httpd 2.4 `modules/mappers/mod_rewrite.c`, `hook_uri2file`, `hook_fixup`, `is_absolute_uri`.
    """
    for server in deployment.servers:
        for one in shadowings(server):
            route = one.routes[0]
            titles = listing((route.title for route in one.routes), most=2)
            if one.by is None or one.claim is None:
                told, step = _by_itself(route, titles)
                yield Finding(
                    place=route.directive.place,
                    message=told,
                    help=step,
                    context=route.endpoint.context,
                    related=macro_body(route.directive),
                )
                continue
            instead = ", and another route to Glance answers" if one.elsewhere else ""
            yield Finding(
                place=one.by.place,
                message=f"{named(one.by)} takes every upload away from the route to Glance at "
                f"{titles}: {reason(one.by, one.claim, route.directive)}{instead}",
                help=_help(one.by, route),
                severity=Severity.WARNING if one.elsewhere else Severity.ERROR,
                context=enclosing(one.by),
                related=(
                    *macro_body(one.by),
                    *(
                        Related("the route that no upload reaches", group[0].directive.place)
                        for group in by_directive(one.routes)
                    ),
                ),
            )


def _by_itself(route: Route, titles: str) -> tuple[str, str]:
    """Say why a directive by itself hands on no request, and what to do."""
    directive = route.directive
    if route.endpoint.misdirected:
        why = reason(directive, Claim.PROXIES, directive)
        return f"{named(directive)} leads no upload to Glance at {titles}: {why}", _ANOTHER
    section = scope_of(directive).title
    told = (
        f"no upload reaches Glance at {titles}: ProxyPass takes the pattern of {section} for a "
        "plain prefix, which no request has"
    )
    return told, "write ProxyPassMatch in this section, or a <Location> with the path"


def _help(by: Directive, route: Route) -> str:
    scope, mine, path = scope_of(by), route.directive.name, route.path.rstrip("/")
    if unknown_scheme(by):
        return _ANOTHER
    if scope.kind not in (ScopeKind.SERVER, ScopeKind.VIRTUAL_HOST):
        return (
            f"leave Glance's path out of {scope.title}, or give it a section of its own behind it"
        )
    if path and any(word.text.lstrip("^").startswith(path) for word in by.words):
        return "remove the one of the two that is not meant"
    match by.key:
        case "rewriterule":
            return f'write RewriteCond %{{REQUEST_URI}} "!^{path}" before it'
        case "proxypass" | "proxypassmatch" if not mine.lower().startswith("proxypass"):
            return f'write ProxyPass "{route.path}" ! before it'
        case "proxypass" if scope.kind is ScopeKind.SERVER and route.endpoint.host is not None:
            return f'put {mine} into <Location "{route.path}">: that comes first'
        case "proxypass" | "proxypassmatch" | "wsgiscriptalias" | "wsgiscriptaliasmatch":
            return f"move the {mine} of Glance before it"
    return f"leave {route.path} out of it"
