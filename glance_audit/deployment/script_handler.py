"""Scripts of mod_wsgi that a handler makes one: SetHandler, AddHandler and WSGIHandlerScript.

``Alias /image /srv/glance.wsgi`` with ``SetHandler wsgi-script`` for the file, or with
``AddHandler wsgi-script .wsgi``, is a route like WSGIScriptAlias (mod_wsgi.c
``wsgi_hook_handler``; measured: the ``alias`` configurations of ``tests/deployment/answers.conf``).
"""

from __future__ import annotations

import posixpath
import re

from glance_audit.apache import Directive, Directives
from glance_audit.deployment.claims import section_of
from glance_audit.deployment.pattern import literal_prefix, pattern_matches, wildcard_matches
from glance_audit.deployment.scope import location_matches, virtual_host_of

HANDLER = "wsgi-script"
# More handlers of one server than this are nobody's configuration.
_MOST = 100
_NO = ("", "")
_GROUP = re.compile(r"\$\d")


class ScriptHandlers:
    """The handlers of one configuration that run scripts of mod_wsgi."""

    __slots__ = ("_named", "_script")

    def __init__(self, directives: Directives) -> None:
        self._script: dict[int, list[Directive]] = {}
        self._named: dict[tuple[int, str], Directive] = {}
        for directive in directives.of("sethandler", "addhandler"):
            if directive.first_word.lower() == HANDLER:
                known = self._script.setdefault(id(virtual_host_of(directive)), [])
                if len(known) < _MOST:
                    known.append(directive)
        for directive in directives.of("wsgihandlerscript"):
            if len(directive.words) > 1:
                key = id(virtual_host_of(directive)), directive.first_word
                self._named[key] = directive

    @property
    def any(self) -> bool:
        """Whether an alias may be a route because of them."""
        return bool(self._script)

    def runs(self, alias: Directive) -> bool:
        """Whether what an Alias names is run as a script."""
        path, file = alias_words(alias)
        prefix = not alias.key.endswith("match") and section_of(alias)[0] is None
        if prefix and path.endswith("/"):
            return False  # of /image/ and g.wsgi it makes g.wsgiv2
        path = path if prefix else literal_prefix(path)
        if not file or file.endswith("/") or _GROUP.search(file):
            return False
        host = virtual_host_of(alias)
        servers = (None,) if host is None else (None, host)
        return any(
            _covers(handler, path, file)
            for server in servers
            for handler in self._script.get(id(server), ())
        )

    def named(self, handler: Directive) -> Directive | None:
        """Return the WSGIHandlerScript that a SetHandler asks for by name."""
        if not self._named:
            return None
        name = handler.first_word
        for server in (virtual_host_of(handler), None):
            found = self._named.get((id(server), name))
            if found is not None:
                return found
        return None


def alias_words(alias: Directive) -> tuple[str, str]:
    """Return the path, or pattern, and the file of an Alias; in a Location it names the file alone.

    Both are empty where it names none (mod_alias.c ``add_alias_internal``).
    """
    words = alias.words
    section, _ = section_of(alias)
    if section is not None:
        return (section.words[-1].text, words[0].text) if len(words) == 1 and section.words else _NO
    return (words[0].text, words[1].text) if len(words) > 1 else _NO


def _covers(handler: Directive, path: str, file: str) -> bool:
    name = posixpath.basename(file)
    if handler.key == "addhandler":
        endings = {word.text.lower().removeprefix(".") for word in handler.words[1:]}
        if endings.isdisjoint(name.lower().split(".")[1:]):
            return False
    location, _ = section_of(handler)
    if location is not None:
        return location_matches(location, path.rstrip("/") + "/") is True
    section = handler.parent
    while section is not None and section.key != "virtualhost":
        if not _enters(section, file, name):
            return False
        section = section.parent
    return True


def _enters(section: Directive, file: str, name: str) -> bool:
    words = section.words
    wanted = words[-1].text if words else ""
    if section.key == "directory" and len(words) == 1:
        return file.startswith(wanted.rstrip("/") + "/")
    if section.key == "files" and len(words) == 1:
        return wildcard_matches(wanted, name, path=False)
    if section.key in ("directory", "directorymatch"):
        return pattern_matches(wanted, posixpath.dirname(file) + "/") is True
    if section.key in ("files", "filesmatch"):
        return pattern_matches(wanted, name) is True
    return True
