"""The directives of one server, main or virtual host, that can take requests, by their paths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from glance_audit.apache import Directive, Directives, Word
from glance_audit.deployment.claim import Claim
from glance_audit.deployment.path_index import Match, PathIndex, add_section
from glance_audit.deployment.pattern import has_wildcard
from glance_audit.deployment.scope import outside_macros, virtual_host_of

LOCATIONS = frozenset({"location", "locationmatch"})
_CONDITIONS = frozenset({"if", "elseif", "else"})
_DIRECTORIES = frozenset({"directory", "directorymatch", "files", "filesmatch"})
_REDIRECTS = frozenset({"redirect", "redirectmatch", "redirectpermanent", "redirecttemp"})
ALIASES = ("alias", "aliasmatch", "scriptalias", "scriptaliasmatch")
SCRIPTS = ("wsgiscriptalias", "wsgiscriptaliasmatch")
PASSES = ("proxypass", "proxypassmatch")
_SETTERS = frozenset({"setenvif", "setenvifnocase", "browsermatch", "browsermatchnocase"})
_TRANSPARENT = frozenset({"limit", "limitexcept", "requireall", "requireany", "requirenone"})
# More of them for one server are nobody's configuration.
_MOST_FILES = 100
_MOST_SILENCERS = 100
KEYS = (
    *("proxypass", "proxypassmatch", "sethandler", "rewriterule", "setenvifexpr"),
    *(*_REDIRECTS, *ALIASES, *SCRIPTS, *_SETTERS),
)
NO_PROXY = "no-proxy"
_SLASHES = re.compile("/{2,}")


class Kind(Enum):
    """What a directive takes requests for, and whether in a section (Location, ``<If>``)."""

    PROXY = "ProxyPass"
    ENCODED_PROXY = "ProxyPass that looks before the path is decoded, and so before all others"
    REDIRECT = "Redirect"
    ALIAS = "Alias"
    SCRIPT = "WSGIScriptAlias"
    SECTION_PROXY = "ProxyPass in a section"
    SECTION_REDIRECT = "Redirect in a section"
    SECTION_ALIAS = "Alias in a section"
    SECTION_HANDLER = "SetHandler in a section"
    SECTION_RULE = "RewriteRule in a section"
    DIRECTORY = "SetHandler or RewriteRule in a Directory, by the path of that"


# Of sections the last one counts.
_LAST = frozenset(
    {
        Kind.SECTION_PROXY, Kind.SECTION_REDIRECT, Kind.SECTION_ALIAS, Kind.SECTION_HANDLER,
        Kind.SECTION_RULE, Kind.DIRECTORY,
    }
)  # fmt: skip


class Claims:
    """Who may take requests to one server, in the words of the files.

    ``silencers`` set no-proxy, ``files`` are the handlers and RewriteRules of Files sections,
    ``own`` is the server's own handler.
    """

    __slots__ = ("_indexes", "files", "own", "silencers")

    def __init__(self) -> None:
        self._indexes: dict[Kind, PathIndex] = {}
        self.files: list[Directive] = []
        self.own: Directive | None = None
        self.silencers: list[Directive] = []

    def matching(self, kind: Kind, path: str) -> list[Match]:
        """Return who of a kind takes a path, who comes first at the head."""
        index = self._indexes.get(kind)
        return index.matching(path) if index is not None else []

    def index(self, kind: Kind) -> PathIndex:
        """Return the directives of a kind, to add to them."""
        index = self._indexes.get(kind)
        if index is None:
            index = self._indexes[kind] = PathIndex(last=kind in _LAST)
        return index


def claims_of(directives: Directives) -> dict[int, Claims]:
    """Return the claims of each server by the id() of its section, of None for the main one."""
    found: dict[int, Claims] = {id(None): Claims()}
    for directive in outside_macros(directives, KEYS):
        host = virtual_host_of(directive)
        claims = found.get(id(host))
        if claims is None:
            claims = found[id(host)] = Claims()
        _add(claims, directive)
    return found


def section_of(directive: Directive) -> tuple[Directive | None, bool]:
    """Return the Location around a directive, and whether an ``<If>`` stands between them."""
    here = directive.parent
    conditional = False
    while here is not None and here.key not in LOCATIONS:
        conditional = conditional or here.key in _CONDITIONS
        here = here.parent
    return here, conditional


def encoded(directive: Directive) -> bool:
    """Whether a ProxyPass looks at the path before it is decoded (``proxy_pre_translate_name``)."""
    return "mapping=" in directive.args.lower() and any(
        word.text.lower() in ("mapping=encoded", "mapping=servlet") for word in directive.words
    )


def redirect_claim(directive: Directive) -> Claim:
    """Say what a Redirect does: with a status of 3xx, or none, it sends the client elsewhere."""
    status = directive.first_word.lower() if directive.key in ("redirect", "redirectmatch") else ""
    refuses = status == "gone" or (status[:1].isdigit() and not status.startswith("3"))
    return Claim.REFUSES if refuses else Claim.REDIRECTS


def _in_directory(directive: Directive) -> bool:
    here = directive.parent
    while here is not None and here.key not in _DIRECTORIES:
        here = here.parent
    return here is not None


def _add(claims: Claims, directive: Directive) -> None:
    key = directive.key
    section, conditional = section_of(directive)
    if key in PASSES:
        if section is not None:
            add_section(
                claims.index(Kind.SECTION_PROXY), section, directive, certain=not conditional
            )
        else:
            index = claims.index(Kind.ENCODED_PROXY if encoded(directive) else Kind.PROXY)
            _add_path(index, directive.words, directive, not conditional)
    elif key in ("sethandler", "rewriterule"):
        kind = Kind.SECTION_HANDLER if key == "sethandler" else Kind.SECTION_RULE
        if section is not None:
            add_section(claims.index(kind), section, directive, certain=not conditional)
        else:
            _add_handler(claims, directive, kind, conditional)
    elif key in _REDIRECTS:
        _add_redirect(claims, directive, section, conditional)
    elif key in ALIASES or key in SCRIPTS:
        _add_alias(claims, directive, section, conditional)
    elif (
        NO_PROXY in directive.args.lower()
        and section is None
        and not _in_directory(directive)
        and len(claims.silencers) < _MOST_SILENCERS
    ):
        claims.silencers.append(directive)


def _add_path(index: PathIndex, words: Sequence[Word], directive: Directive, certain: bool) -> None:
    if not words:
        return
    path = words[0].text
    if directive.key.endswith("match"):
        index.add_pattern(path, directive, certain=certain)
    elif path == "~" and len(words) > 1:
        index.add_pattern(words[1].text, directive, certain=certain)
    else:
        # Slashes in a row count as one, which in a Location they do not.
        single = _SLASHES.sub("/", path) if "//" in path else path
        index.add_prefix(single, directive, certain=certain)


def _add_alias(
    claims: Claims, directive: Directive, section: Directive | None, conditional: bool
) -> None:
    """Add an alias, which in a Location is without a path (mod_alias.c ``add_alias_internal``)."""
    words = directive.words
    if len(words) > 1 and section is None and not _in_directory(directive):
        kind = Kind.ALIAS if directive.key in ALIASES else Kind.SCRIPT
        _add_path(claims.index(kind), words, directive, not conditional)
    elif len(words) == 1 and section is not None and directive.key in ("alias", "scriptalias"):
        add_section(claims.index(Kind.SECTION_ALIAS), section, directive, certain=not conditional)


def _add_handler(claims: Claims, directive: Directive, kind: Kind, conditional: bool) -> None:
    """Add a SetHandler or RewriteRule that stands in no Location."""
    parent = directive.parent
    while parent is not None and parent.key in _TRANSPARENT:
        parent = parent.parent
    if conditional:
        claims.index(kind).add_any(directive, certain=False)
    elif parent is None or parent.key == "virtualhost":
        if directive.key == "sethandler":
            claims.own = directive
    elif parent.key == "directory" and parent.words and not has_wildcard(parent.first_word):
        directories = claims.index(Kind.DIRECTORY)
        directories.add_prefix(parent.first_word.rstrip("/") or "/", directive)
    elif parent.key == "directorymatch" and parent.words:
        claims.index(Kind.DIRECTORY).add_pattern(parent.first_word, directive, certain=False)
    elif len(claims.files) < _MOST_FILES:
        claims.files.append(directive)


def _add_redirect(
    claims: Claims, directive: Directive, section: Directive | None, conditional: bool
) -> None:
    """Add a redirect, which in a section may do without a path (``add_redirect_internal``)."""
    words = list(directive.words)
    if words and directive.key in ("redirect", "redirectmatch"):
        status = words[0].text.lower()
        if status in ("permanent", "temp", "seeother", "gone") or status[:1].isdigit():
            words.pop(0)
    bare = not words or (len(words) == 1 and "://" in words[0].text)
    if section is not None:
        # One with a path of its own looks at that too.
        certain = bare and not conditional
        add_section(claims.index(Kind.SECTION_REDIRECT), section, directive, certain=certain)
    elif conditional:
        if bare:
            claims.index(Kind.SECTION_REDIRECT).add_any(directive, certain=False)
        else:
            _add_path(claims.index(Kind.SECTION_REDIRECT), words, directive, False)
    elif words and not _in_directory(directive):
        _add_path(claims.index(Kind.REDIRECT), words, directive, not bare)
