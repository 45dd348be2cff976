"""Which handler gets a request that became a file: If, Location, Files, Directory, server."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.claim import Claimant
from glance_audit.deployment.claims import Claims, Kind, section_of
from glance_audit.deployment.path_index import Match
from glance_audit.deployment.pattern import pattern_matches, wildcard_matches


def handlers(
    servers: tuple[Claims, Claims], root: str, uri: str, mapped: Claimant | None
) -> Iterator[Match]:
    """Yield the SetHandlers, and the RewriteRules of directories, for a request; strongest first.

    ``servers`` are the virtual host's and the main one's claims, ``root`` is the DocumentRoot and
    ``mapped`` what made the request a file.
    """
    located = [m for one in servers for m in one.matching(Kind.SECTION_HANDLER, uri)]
    # An <If> comes after all of them.
    located.sort(key=lambda match: not section_of(match.directive)[1])
    yield from located
    name = _name_of(mapped)
    for claims in servers:
        for directive in reversed(claims.files):
            taken = _named(directive.parent, name)
            if taken is not False:
                yield Match(0, directive, taken is True)
    file = _file_of(root, uri, mapped)
    inside = [m for one in servers for m in one.matching(Kind.DIRECTORY, file)]
    inside.sort(key=lambda match: -len(_argument(match.directive.parent)))
    for match in inside:
        # Whether the directory exists, without which the section is not entered, is not known.
        whole = _argument(match.directive.parent) == "/"
        yield match if whole else match._replace(certain=False)
    for claims in servers:
        if claims.own is not None:
            yield Match(0, claims.own, True)


def _file_of(root: str, uri: str, mapped: Claimant | None) -> str:
    """Return the path of the file that a request is mapped to."""
    words = mapped.directive.words if mapped is not None else ()
    if mapped is not None and len(words) > 1:
        if mapped.directive.key == "rewriterule":
            return words[1].text
        if not mapped.directive.key.endswith("match"):
            return words[1].text + uri[len(words[0].text.rstrip("/")) :]
    return root.rstrip("/") + uri


def _name_of(mapped: Claimant | None) -> str | None:
    """Return the name of the file that an Alias maps to; None: it is not known."""
    words = mapped.directive.words if mapped is not None and mapped.certain else ()
    name = posixpath.basename(words[-1].text) if words else ""
    return name if "." in name else None


def _argument(section: Directive | None) -> str:
    return section.first_word if section is not None else ""


def _named(section: Directive | None, name: str | None) -> bool | None:
    """Whether a Files section takes a file."""
    words = section.words if section is not None else ()
    if section is None or section.key not in ("files", "filesmatch") or not words:
        return None
    if section.key == "files" and len(words) == 1:
        pattern = words[0].text
        if pattern == "*":
            return True
        return None if name is None else wildcard_matches(pattern, name, path=False)
    return None if name is None else pattern_matches(words[-1].text, name)
