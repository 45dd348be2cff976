"""Which per-directory directive is in force on an endpoint's uploads: Apache's merging of sections.

The server's, then the virtual host's, then those of the sections a request enters: Directory by
depth, DirectoryMatch, Files, Location, If; of each the main server's first, in file order
(server/request.c, the walks called by ``ap_process_request_internal``; server/core.c,
``merge_core_dir_configs``). A proxied request enters ``<Proxy>`` in the place of directories
(mod_proxy.c ``proxy_map_location``), unless it is mapped to a file before. Measured:
``tests/deployment/test_per_directory.py``, ``test_chunked_request.py`` and ``placements.conf``.
"""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase

from glance_audit.apache import Directive, Directives
from glance_audit.deployment.pattern import pattern_matches
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.scope import (
    location_matches,
    outside_macros,
    proxy_matches,
    virtual_host_of,
)
from glance_audit.record import NamedTuple

_ALIASES = ("alias", "aliasmatch")  # WSGIScriptAlias, and Alias with a handler
_PLAIN, _DIRECTORY, _DIRECTORY_MATCH, _FILES, _LOCATION, _IF = range(6)
_RANKS = {
    "proxy": _DIRECTORY,
    "proxymatch": _DIRECTORY,
    "directory": _DIRECTORY,
    "directorymatch": _DIRECTORY_MATCH,
    "files": _FILES,
    "filesmatch": _FILES,
    "location": _LOCATION,
    "locationmatch": _LOCATION,
    "if": _IF,
    "elseif": _IF,
    "else": _IF,
}


class InForce(NamedTuple):
    """What is in force on an endpoint's uploads.

    ``by`` is the last directive that surely reaches them, None when nothing does and the server's
    default holds. ``conditional`` are merged after it, but for some requests only.
    """

    by: Directive | None
    conditional: tuple[Directive, ...]


class PerDirectory:
    """The directives of one name that a later one of the same name replaces, by virtual host."""

    __slots__ = ("_by_host",)

    def __init__(self, directives: Directives, key: str) -> None:
        self._by_host: dict[int, list[Directive]] = {}
        for directive in outside_macros(directives, (key,)):
            if directive.words:
                host = virtual_host_of(directive)
                self._by_host.setdefault(id(host), []).append(directive)

    def said(self, endpoint: Endpoint) -> tuple[Directive, ...]:
        """Return the directives of the main server and of an endpoint's virtual host."""
        hosts = {id(None): None, id(endpoint.host): None}
        return tuple(d for host in hosts for d in self._by_host.get(host, ()))

    def in_force(self, endpoint: Endpoint) -> InForce:
        """Merge what reaches an endpoint's uploads."""
        reaching = []
        for directive in self.said(endpoint):
            host = virtual_host_of(directive)
            covered = covers(directive.parent, host, endpoint)
            if covered is not False:
                reaching.append((_order(directive, host), directive, covered is True))
        reaching.sort(key=lambda one: one[0])  # stable: in file order where the order is the same
        by: Directive | None = None
        conditional: list[Directive] = []
        for _, directive, certain in reaching:
            if certain:
                by, conditional = directive, []
            else:
                conditional.append(directive)
        return InForce(by, tuple(conditional))


def covers(section: Directive | None, host: Directive | None, endpoint: Endpoint) -> bool | None:
    """Whether an endpoint's uploads enter a section and those around it, up to its virtual host.

    None: it depends on the request.
    """
    depends = False
    here = section
    while here is not None and here is not host:
        matched = here is endpoint.directive.parent or _enters(here, endpoint)
        if matched is False:
            return False
        depends = depends or matched is None
        here = here.parent
    return None if depends else True


def _enters(section: Directive, endpoint: Endpoint) -> bool | None:
    match section.key:
        case "location" | "locationmatch":
            return location_matches(section, endpoint.upload_uri)
        case "proxy" | "proxymatch":
            if not endpoint.targets or endpoint.mapped_to_file:
                return False
            return proxy_matches(section, endpoint.upload_url)
        case "if" | "elseif" | "else":
            return None
        case "directory" | "directorymatch" | "files" | "filesmatch":
            if endpoint.script is not None and endpoint.directive.key.endswith(_ALIASES):
                return _holds_script(section, endpoint.script or "")
            # The handler of WSGIHandlerScript runs for whatever file the path is mapped to.
            if not endpoint.mapped_to_file and endpoint.script is None:
                return False
            root = section.key == "directory" and section.args.strip(" \t\"'") == "/"
            return True if root else None
    return True  # such as <Limit>, which restricts nothing but access


def _holds_script(section: Directive, target: str) -> bool | None:
    """Whether a section of the file system holds a WSGI script.

    ``WSGIScriptAliasMatch ^/x(.*) /srv/x.wsgi$1``: what follows the script is its path info.
    """
    words = [word.text for word in section.words]
    if not words:
        return False
    script = target.partition("$")[0]
    name = posixpath.basename(script)
    if section.key.endswith("match") or (words[0] == "~" and len(words) > 1):
        subject = script if section.key.startswith("directory") else name
        return pattern_matches(words[-1], subject)
    if section.key == "files":
        return fnmatchcase(name, words[0])
    wanted, given = _parts(words[0]), _parts(posixpath.dirname(script))
    return len(wanted) <= len(given) and all(map(fnmatchcase, given, wanted))


def _order(directive: Directive, host: Directive | None) -> tuple[int, int, bool]:
    """Return when a directive is merged: its rank, its directory's depth, whether of the host."""
    rank = depth = 0
    here = directive.parent
    while here is not None and here is not host:
        rank = max(rank, _RANKS.get(here.key, _PLAIN))
        if here.key == "directory" and here.words:
            path = here.words[0].text
            if path == "~":
                rank = max(rank, _DIRECTORY_MATCH)
            else:
                depth = len(_parts(path))
        here = here.parent
    return rank, depth if rank == _DIRECTORY else 0, host is not None


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
