"""Whether mod_wsgi takes chunked requests on a route: the effective WSGIChunkedRequest.

mod_wsgi keeps a value for each server and one for each directory (mod_wsgi.c,
``wsgi_set_chunked_request``, ``wsgi_create_req_config``); the latter wins. Sections are merged as
core does: Directory by depth, DirectoryMatch, Files, Location, If, of each the main server's first.
Measured with mod_wsgi 4.9.4: ``tests/deployment/test_chunked_request.py``.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from fnmatch import fnmatchcase

from glance_audit.apache import ApacheConfig, Directive
from glance_audit.deployment.pattern import pattern_matches
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.scope import location_matches, virtual_host_of

DIRECTIVE = "wsgichunkedrequest"

_DIRECTORY, _DIRECTORY_MATCH, _FILES, _LOCATION, _IF = range(1, 6)
_RANKS = {
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


@dataclass(frozen=True, slots=True)
class ChunkedRequest:
    """``value`` None: it depends on the request. ``by`` None: nothing sets it, so it is Off.

    ``unreached`` are the directives that say On and do not decide.
    """

    value: bool | None
    by: Directive | None
    unreached: tuple[Directive, ...] = ()


def chunked_request(config: ApacheConfig, endpoint: Endpoint) -> ChunkedRequest:
    """Return what holds for the uploads of a mod_wsgi endpoint."""
    said = [d for d in config.all.of(DIRECTIVE) if d.words]
    reaching = [(order, d) for d in said if (order := _order(d, endpoint)) is not None]
    reaching.sort(key=lambda pair: pair[0][:3])
    value: bool | None = False
    by: Directive | None = None
    for (*_, certain), directive in reaching:
        on = _on(directive)
        if certain:
            value, by = on, directive
        elif value is not on:
            value = None
            by = by if on else directive
    unreached = tuple(d for d in said if _on(d) and d is not by)
    return ChunkedRequest(value, by, unreached if value is not True else ())


def _on(directive: Directive) -> bool:
    return directive.words[0].text.lower() == "on"


def _order(directive: Directive, endpoint: Endpoint) -> tuple[int, int, int, bool] | None:
    """Return rank, depth, whether of the virtual host, and certainty; None when out of reach."""
    host = virtual_host_of(directive)
    if host is not None and host is not endpoint.host:
        return None
    # ``WSGIScriptAliasMatch ^/x(.*) /srv/x.wsgi$1``: what follows the script is its path info.
    script = (endpoint.script or "").partition("$")[0]
    rank = depth = 0
    certain = True
    here = directive.parent
    while here is not None and here is not host:
        if here.key in ("proxy", "proxymatch"):
            return None
        if here.key in _RANKS:
            matched = _matches(here, script, endpoint.upload_uri)
            if matched is False:
                return None
            certain = certain and matched is True
            if rank < _RANKS[here.key]:
                rank = _RANKS[here.key]
            if here.key == "directory" and here.words and here.words[0].text == "~":
                rank = max(rank, _DIRECTORY_MATCH)
            elif here.key == "directory" and rank == _DIRECTORY:
                depth = len(_parts(here.words[0].text))
        here = here.parent
    return rank, depth, int(host is not None), certain


def _matches(section: Directive, script: str, uri: str) -> bool | None:
    words = [word.text for word in section.words]
    if section.key in ("location", "locationmatch"):
        return location_matches(section, uri)
    if section.key in ("if", "elseif", "else"):
        return None
    if not words:
        return False
    name = posixpath.basename(script)
    regex = section.key.endswith("match") or (words[0] == "~" and len(words) > 1)
    if regex:
        subject = script if section.key.startswith("directory") else name
        return pattern_matches(words[-1], subject)
    if section.key == "files":
        return fnmatchcase(name, words[0])
    wanted = _parts(words[0])
    return all(
        fnmatchcase(part, pattern)
        for part, pattern in zip(_parts(posixpath.dirname(script)), wanted, strict=False)
    ) and len(wanted) <= len(_parts(posixpath.dirname(script)))


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
