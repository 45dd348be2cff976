"""TMPDIR where it does not count: variables of the requests, in a scope that holds Glance."""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.deployment.model import ApacheServer, position
from glance_audit.deployment.route import Route
from glance_audit.deployment.scope import location_matches, virtual_host_of

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
_LOCATIONS = ("location", "locationmatch")
_FILESYSTEM = ("directory", "directorymatch", "files", "filesmatch")


def request_tmpdirs(server: ApacheServer) -> tuple[Directive, ...]:
    """Return the directives that set TMPDIR for requests to Glance, each place once."""
    routes = server.glance_routes
    found = {
        position(directive): directive
        for directive in server.config.all.of(*_FIRST, "rewriterule")
        if TMPDIR in directive.args
        and _sets(directive)
        and any(_reaches(directive, route) for route in routes)
    }
    return tuple(found.values())


def _sets(directive: Directive) -> bool:
    if directive.key == "rewriterule":
        flags = directive.words[2].text.strip("[]").split(",") if len(directive.words) > 2 else ()
        return any(flag.strip().startswith(("E=TMPDIR:", "env=TMPDIR:")) for flag in flags)
    first = _FIRST.get(directive.key)
    if first is None:
        return False
    # SetEnv takes one name; the others any number of name=value.
    words = directive.words[first:] if first else directive.words[:1]
    return any(word.text.partition("=")[0] == TMPDIR for word in words)


def _reaches(directive: Directive, route: Route) -> bool:
    """Whether the scope may hold the route; a proxied request has no directory."""
    host = virtual_host_of(directive)
    if host is not None and host is not route.endpoint.host:
        return False
    here = directive.parent
    while here is not None and here is not host:
        if here.key in _FILESYSTEM:
            return False
        if here.key in _LOCATIONS and location_matches(here, route.endpoint.upload_uri) is False:
            return False
        here = here.parent
    return True
