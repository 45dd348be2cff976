"""TMPDIR where it does not count: variables of the requests, in a scope that holds Glance."""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.deployment.environment import reaches
from glance_audit.deployment.model import ApacheServer, position
from glance_audit.deployment.rewrite import rewrite_flags
from glance_audit.deployment.route import Route
from glance_audit.deployment.scope import near, scope_of

TMPDIR = "TMPDIR"

# Each directive's first word that may name a variable. A RewriteRule's flags are its third word.
_FIRST = {
    "setenv": 0,
    "browsermatch": 1,
    "browsermatchnocase": 1,
    "setenvifexpr": 1,
    "setenvif": 2,
    "setenvifnocase": 2,
}


def request_tmpdirs(server: ApacheServer) -> tuple[Directive, ...]:
    """Return the directives that set TMPDIR for requests to Glance, each place once."""
    routes = server.glance_routes
    directives = near(server.config, (route.endpoint.host for route in routes))
    found = {
        position(directive): directive
        for directive in directives.of(*_FIRST, "rewriterule")
        if TMPDIR in directive.args
        and _sets(directive)
        and any(_reaches(directive, route) for route in routes)
    }
    return tuple(found.values())


def _sets(directive: Directive) -> bool:
    words = directive.words
    if directive.key == "rewriterule":
        flags = rewrite_flags(words[2].text) if len(words) > 2 else ()
        return any(n in ("e", "env") and v.partition(":")[0] == TMPDIR for n, v in flags)
    first = _FIRST[directive.key]
    # SetEnv takes one name; the others any number of name=value.
    return any(w.text.partition("=")[0] == TMPDIR for w in (words[first:] if first else words[:1]))


def _reaches(directive: Directive, route: Route) -> bool:
    """Whether the scope may hold the route."""
    return reaches(scope_of(directive), route.endpoint) is not False
