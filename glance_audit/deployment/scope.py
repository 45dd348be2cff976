"""Where in the configuration a setting stands, and which requests that reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from glance_audit.apache import ApacheConfig, Directive, Directives
from glance_audit.deployment.pattern import (
    has_wildcard,
    literal_prefix,
    pattern_matches,
    wildcard_matches,
)
from glance_audit.record import NamedTuple

__all__ = [
    "Scope",
    "ScopeKind",
    "enclosing",
    "literal_prefix",
    "location_matches",
    "near",
    "outside_macros",
    "pattern_matches",
    "proxy_matches",
    "scope_of",
    "virtual_host_of",
]

_LOCATIONS = frozenset({"location", "locationmatch"})
_PROXIES = frozenset({"proxy", "proxymatch"})
_FILESYSTEM = frozenset({"directory", "directorymatch", "files", "filesmatch"})
_CONDITIONS = frozenset({"if", "elseif", "else"})
_TRANSPARENT = frozenset({"limit", "limitexcept", "requireall", "requireany", "requirenone"})


class ScopeKind(Enum):
    """The kinds of places mod_env and mod_proxy settings can stand in, outermost first."""

    SERVER = "server"
    VIRTUAL_HOST = "virtual host"
    FILESYSTEM = "directory"
    PROXY = "proxy"
    LOCATION = "location"
    CONDITION = "condition"


class Scope(NamedTuple):
    """A place for settings: the innermost section and the virtual host around it.

    ``host`` is the ``<VirtualHost>`` section, None in the main server.
    """

    kind: ScopeKind
    section: Directive | None = None
    host: Directive | None = None

    @property
    def title(self) -> str:
        """How a message names the scope."""
        if self.section is None:
            return "the whole server"
        return f"<{self.section.name} {self.section.args}>".replace(" >", ">")

    @property
    def context(self) -> tuple[str, ...]:
        """The enclosing sections, outermost first, for a finding's identity."""
        return enclosing(self.section, include_self=True)


def enclosing(directive: Directive | None, *, include_self: bool = False) -> tuple[str, ...]:
    """Name the sections around a directive, outermost first."""
    names: list[str] = []
    here = directive if include_self or directive is None else directive.parent
    while here is not None:
        names.append(f"{here.name} {here.args}".strip())
        here = here.parent
    return tuple(reversed(names))


def scope_of(directive: Directive) -> Scope:
    """Return the scope a directive stands in."""
    host = virtual_host_of(directive)
    section = directive.parent
    while section is not None and section.key in _TRANSPARENT:
        section = section.parent
    if section is None:
        return Scope(ScopeKind.SERVER)
    if section is host:
        return Scope(ScopeKind.VIRTUAL_HOST, host, host)
    if section.key in _LOCATIONS:
        kind = ScopeKind.LOCATION
    elif section.key in _PROXIES:
        kind = ScopeKind.PROXY
    elif section.key in _CONDITIONS:
        kind = ScopeKind.CONDITION
    elif section.key in _FILESYSTEM:
        kind = ScopeKind.FILESYSTEM
    else:
        kind = ScopeKind.VIRTUAL_HOST if host is not None else ScopeKind.SERVER
    return Scope(kind, section, host)


def virtual_host_of(directive: Directive) -> Directive | None:
    """Return the ``<VirtualHost>`` around a directive."""
    here = directive.parent
    while here is not None and here.key != "virtualhost":
        here = here.parent
    return here


def outside_macros(directives: Directives, keys: Sequence[str]) -> list[Directive]:
    """Return the directives of some names, but those in a ``<Macro>`` that stays a section.

    So it does where mod_macro is not loaded. Apache refuses the section; nothing uses what is in
    it.
    """
    found = directives.of(*keys)
    if "macro" not in directives.keys:
        return found
    return [d for d in found if not _inside(d, "macro")]


def _inside(directive: Directive, key: str) -> bool:
    here = directive.parent
    while here is not None and here.key != key:
        here = here.parent
    return here is not None


def near(config: ApacheConfig, hosts: Iterable[Directive | None]) -> Directives:
    """Return the directives of some virtual hosts and those of the main server.

    For what is asked of Glance's routes alone: there may be thousands of other virtual hosts.
    """
    wanted = {id(_outermost(host)) for host in hosts if host is not None}
    tops = [d for d in config.directives if d.key != "virtualhost" or id(d) in wanted]
    return Directives(list(_with_inner(tops)))


def _outermost(section: Directive) -> Directive:
    while section.parent is not None:
        section = section.parent
    return section


def _with_inner(directives: Iterable[Directive]) -> Iterator[Directive]:
    for directive in directives:
        yield directive
        yield from _with_inner(directive.children)


def location_matches(section: Directive, uri: str) -> bool | None:
    """Whether a ``<Location>`` or ``<LocationMatch>`` takes a request; None: cannot be told.

    Prefixes end at a path segment, and a wildcard has to take the whole path, slash by slash
    (server/request.c ``ap_location_walk``; measured: the ``location`` placements).
    """
    words = section.words
    if not words:
        return False
    if section.key == "locationmatch":
        return pattern_matches(words[0].text, uri)
    if words[0].text == "~" and len(words) > 1:
        return pattern_matches(words[1].text, uri)
    prefix = words[0].text
    if has_wildcard(prefix):
        return wildcard_matches(prefix, uri, path=True)
    return uri == prefix or uri.startswith(prefix if prefix.endswith("/") else prefix + "/")


def proxy_matches(section: Directive, url: str) -> bool | None:
    """Whether a ``<Proxy>`` or ``<ProxyMatch>`` takes a proxied URL; None: cannot be told.

    A plain argument is a prefix of the text, a wildcard has to take the whole (mod_proxy.c
    ``proxy_walk``; measured: the ``proxy`` placements).
    """
    words = section.words
    if not words:
        return False
    if section.key == "proxymatch":
        return pattern_matches(words[0].text, url)
    if words[0].text == "~" and len(words) > 1:
        return pattern_matches(words[1].text, url)
    prefix = words[0].text
    if prefix[:6].lower() == "proxy:":
        prefix = prefix[6:]
    if has_wildcard(prefix):
        return wildcard_matches(prefix, url, path=False)
    return url.startswith(prefix)
