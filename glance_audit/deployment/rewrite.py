"""Which rules of mod_rewrite run where, and for which requests.

Engine and options of a virtual host default to the main server's, those of a section to the
virtual host's; rules are not inherited without ``RewriteOptions`` (mod_rewrite.c
``config_server_merge``, ``config_perdir_merge``). Measured: the ``rewrite`` placements of
``tests/deployment/placements.conf``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from glance_audit.apache import Directive, Directives
from glance_audit.deployment.pattern import matches_everything, pattern_matches
from glance_audit.record import NamedTuple

_BLANKS = " \t\n\v\f\r"
_FLAGS = re.compile(r"[\[,][ \t]*(?:p|proxy|(?:e|env)=)", re.IGNORECASE)
_LAST = frozenset({"l", "last", "end", "p", "proxy", "f", "forbidden", "g", "gone"})
# What is_absolute_uri() of mod_rewrite.c knows, and unix: before any of them.
_SCHEMES = frozenset(
    {
        "ajp", "balancer", "ftp", "fcgi", "gopher", "http", "https", "h2", "h2c", "ldap", "mailto",
        "news", "nntp", "scgi", "ws", "wss", "unix",
    }
)  # fmt: skip
_JUMPS = frozenset({"c", "chain", "s", "skip", "n", "next"})


class RewriteRule(NamedTuple):
    """One rule of a switched-on engine.

    ``flags`` are pairs of a lower-case name and its value. ``conditions`` are the RewriteConds
    before it. ``sectional``: it stands in a section and sees a path of which a part is cut.
    ``number`` is its own among ``peers``, the rules of the same context that do something.
    """

    directive: Directive
    pattern: str
    substitution: str
    flags: tuple[tuple[str, str], ...]
    conditions: tuple[Directive, ...]
    sectional: bool
    peers: list[RewriteRule]
    number: int

    # Each is itself alone: among its peers it would be compared with itself for ever.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)

    @property
    def proxies(self) -> bool:
        """Whether it hands the request to mod_proxy."""
        return self.has("p", "proxy")

    @property
    def variables(self) -> tuple[str, ...]:
        """What ``[E=…]`` says: ``name:value``, ``name`` or ``!name``."""
        return tuple(value for name, value in self.flags if name in ("e", "env") and value)

    @property
    def misdirected(self) -> bool:
        """Whether it hands the request to a URL of which mod_rewrite does not know the scheme.

        ``uwsgi://`` is one: Apache puts ``http://`` and the name that the client asked for before
        it, and sends the request there, to itself (mod_rewrite.c ``fully_qualify_uri``; measured:
        ``rewrite_to_uwsgi``).
        """
        return self.proxies and bool(misdirecting_scheme(self.substitution))

    def has(self, *names: str) -> bool:
        """Whether one of the flags is there."""
        return any(name in names for name, _ in self.flags)

    def takes(self, uri: str) -> bool | None:
        """Whether a request gets to the rule and matches; None: that depends on the request."""
        matched = self.matches(uri)
        if matched is False:
            return False
        for rule in self.peers[: self.number]:
            before = rule.matches(uri)
            if before is False:
                continue
            if before and rule.has(*_LAST):
                return False
            if rule.has(*_LAST, *_JUMPS) or rule.substitution != "-":
                matched = None
        return matched

    def matches(self, uri: str) -> bool | None:
        """Whether an upload to a path meets pattern and conditions; None: cannot be told."""
        pattern = self.pattern.removeprefix("!")
        matched: bool | None = matches_everything(pattern) or None
        if not self.sectional:
            matched = pattern_matches(pattern, uri, ignore_case=self.has("nc", "nocase"))
        if matched is not None and pattern is not self.pattern:
            matched = not matched
        return self.met(uri) if matched else matched

    def met(self, uri: str) -> bool | None:
        """Whether an upload to a path meets the conditions; None: cannot be told."""
        return _all_met(self.conditions, uri)


def misdirecting_scheme(substitution: str) -> str:
    """Return the scheme of a URL that mod_rewrite takes for a path, or nothing."""
    scheme, separator, _ = substitution.lower().partition(":")
    return scheme if separator and scheme.isalnum() and scheme not in _SCHEMES else ""


class Rewriting:
    """The rules of one configuration that hand requests over or set variables, and those before.

    With ``every`` also those of contexts in which none does.
    """

    __slots__ = ("_contexts", "_engines", "_inherited_before", "_inherited_down", "_rules")

    def __init__(self, directives: Directives, *, every: bool = False) -> None:
        # All are kept by id() of the section around, or of None for the main server.
        self._engines: dict[int, bool] = {}
        self._rules: dict[int, RewriteRule] = {}
        self._contexts: dict[int, list[RewriteRule]] = {}
        options: set[str] = set()
        written: list[Directive] = []
        rules = directives.of("rewriterule")
        # A context in which no rule does either is nobody's business here.
        wanted = {id(rule.parent) for rule in rules if every or _FLAGS.search(rule.args)}
        for directive in directives.of("rewriteengine", "rewriteoptions"):
            if directive.key == "rewriteoptions":
                if directive.parent is None:
                    options |= _options((directive,))
            elif wanted and directive.words:
                on = directive.words[0].text.lower() == "on"
                self._engines[id(directive.parent)] = on
        if wanted:
            both = directives.of("rewriterule", "rewritecond")
            written = [d for d in both if id(d.parent) in wanted]
        self._inherited_down = not options.isdisjoint({"inheritdown", "inheritdownbefore"})
        self._inherited_before = "inheritdownbefore" in options
        self._collect(written)

    def _collect(self, written: Iterable[Directive]) -> None:
        conditions: dict[int, list[Directive]] = {}
        for directive in written:
            context = id(directive.parent)
            if directive.key == "rewritecond":
                conditions.setdefault(context, []).append(directive)
                continue
            words = directive.words
            before = tuple(conditions.pop(context, ()))
            if len(words) > 1 and self._on(directive):
                peers = self._contexts.setdefault(context, [])
                rule = RewriteRule(
                    directive,
                    words[0].text,
                    words[1].text,
                    rewrite_flags(words[2].text) if len(words) > 2 else (),
                    before,
                    directive.parent is not None and directive.parent.key != "virtualhost",
                    peers,
                    len(peers),
                )
                self._rules[id(directive)] = rule
                if rule.flags or rule.substitution != "-":
                    peers.append(rule)

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._rules)

    def rule(self, directive: Directive) -> RewriteRule | None:
        """Return the rule a directive makes, None where the engine is off."""
        return self._rules.get(id(directive))

    def of_server(self, host: Directive | None) -> list[RewriteRule]:
        """Return the rules a virtual host runs, in their order; None: those of the main server."""
        own = self._contexts.get(id(host), [])
        main = self._contexts.get(id(None), []) if host is not None else []
        if host is None or not main or not self.inherits(host):
            return own
        return [*main, *own] if self._main_first(host) else [*own, *main]

    def of_section(self, section: Directive) -> list[RewriteRule]:
        """Return the rules of a section."""
        return self._contexts.get(id(section), [])

    def inherits(self, host: Directive) -> bool:
        """Whether a virtual host runs the main server's rules too.

        One without any directive of mod_rewrite does not, whatever the main server's options say
        (mod_rewrite.c ``hook_uri2file``, "the ugly API case").
        """
        own = tuple(d for d in host.children if d.key.startswith("rewrite"))
        options = _options(d for d in own if d.key == "rewriteoptions")
        if options & {"inherit", "inheritbefore"}:
            return True
        return self._inherited_down and bool(own) and "ignoreinherit" not in options

    def _main_first(self, host: Directive) -> bool:
        options = _options(d for d in host.children if d.key == "rewriteoptions")
        return "inheritbefore" in options or ("inherit" not in options and self._inherited_before)

    def _on(self, directive: Directive) -> bool:
        here = directive.parent
        while here is not None and id(here) not in self._engines:
            here = here.parent
        return self._engines.get(id(here), False)


def _all_met(conditions: tuple[Directive, ...], uri: str) -> bool | None:
    """Whether an upload to a path meets RewriteConds, of which ``[OR]`` joins two.

    Known are its method and its path.
    """
    met: bool | None = True
    earlier: bool | None = False  # of those joined by [OR]
    for condition in conditions:
        one = _met(condition, uri)
        one = True if True in (earlier, one) else None if None in (earlier, one) else False
        words = condition.words
        flags = rewrite_flags(words[2].text) if len(words) > 2 else ()
        if any(name in ("or", "ornext") for name, _ in flags):
            earlier = one
            continue
        earlier = False
        if one is False:
            return False
        met = met and one
    return met


_KNOWN = re.compile(r"%\{(REQUEST_METHOD|REQUEST_URI)\}")
_PCRE = re.compile(r"(?![<>=-])")  # a pattern that is none of =text, <text, -f and the like


def _met(condition: Directive, uri: str) -> bool | None:
    words = condition.words
    known = _KNOWN.fullmatch(words[0].text) if len(words) > 1 else None
    if known is None:
        return None
    subject = uri if known[1] == "REQUEST_URI" else "PUT"
    pattern = words[1].text.removeprefix("!")
    flags = rewrite_flags(words[2].text) if len(words) > 2 else ()
    matched: bool | None = None
    if pattern.startswith("="):
        matched = subject == pattern[1:]
    elif _PCRE.match(pattern):
        nocase = any(name in ("nc", "nocase") for name, _ in flags)
        matched = pattern_matches(pattern, subject, ignore_case=nocase)
    return matched if matched is None or pattern is words[1].text else not matched


def _options(directives: Iterable[Directive]) -> set[str]:
    return {word.text.lower() for directive in directives for word in directive.words}


def rewrite_flags(text: str) -> tuple[tuple[str, str], ...]:
    """Split ``[P,L,E=x:1]``; mod_rewrite compares flags without case."""
    found = []
    for flag in text.removeprefix("[").removesuffix("]").split(","):
        name, _, value = flag.strip(_BLANKS).partition("=")
        if name:
            found.append((name.lower(), value))
    return tuple(found)
