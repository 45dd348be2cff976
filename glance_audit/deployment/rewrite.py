"""Which rules of mod_rewrite run where, and for which requests.

Engine and options of a virtual host default to the main server's, those of a section to the
virtual host's; rules are not inherited without ``RewriteOptions`` (mod_rewrite.c
``config_server_merge``, ``config_perdir_merge``). Measured: the ``rewrite`` placements of
``tests/deployment/placements.conf``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from glance_audit.apache import Directive, Directives
from glance_audit.deployment.pattern import matches_everything, pattern_matches

_BLANKS = " \t\n\v\f\r"
_FLAGS = re.compile(r"[\[,][ \t]*(?:p|proxy|(?:e|env)=)", re.IGNORECASE)
_LAST = frozenset({"l", "last", "end", "p", "proxy", "f", "forbidden", "g", "gone"})
_JUMPS = frozenset({"c", "chain", "s", "skip", "n", "next"})


@dataclass(frozen=True, slots=True, eq=False)
class RewriteRule:
    """One rule of a switched-on engine.

    ``flags`` are pairs of a lower-case name and its value. ``conditional``: a RewriteCond stands
    before it. ``sectional``: it stands in a section and sees a path of which a part is cut.
    ``number`` is its own among ``peers``, the rules of the same context that do something.
    """

    directive: Directive
    pattern: str
    substitution: str
    flags: tuple[tuple[str, str], ...]
    conditional: bool
    sectional: bool
    peers: list[RewriteRule]
    number: int

    @property
    def proxies(self) -> bool:
        """Whether it hands the request to mod_proxy."""
        return self.has("p", "proxy")

    @property
    def variables(self) -> tuple[str, ...]:
        """What ``[E=…]`` says: ``name:value``, ``name`` or ``!name``."""
        return tuple(value for name, value in self.flags if name in ("e", "env") and value)

    def has(self, *names: str) -> bool:
        """Whether one of the flags is there."""
        return any(name in names for name, _ in self.flags)

    def takes(self, uri: str) -> bool | None:
        """Whether a request gets to the rule and matches; None: that depends on the request."""
        matched = self._matches(uri)
        if matched is False:
            return False
        for rule in self.peers[: self.number]:
            before = rule._matches(uri)
            if before is False:
                continue
            if before and rule.has(*_LAST):
                return False
            if rule.has(*_LAST, *_JUMPS) or rule.substitution != "-":
                matched = None
        return matched

    def _matches(self, uri: str) -> bool | None:
        pattern = self.pattern.removeprefix("!")
        matched: bool | None = matches_everything(pattern) or None
        if not self.sectional:
            matched = pattern_matches(pattern, uri, ignore_case=self.has("nc", "nocase"))
        if matched is not None and pattern is not self.pattern:
            matched = not matched
        return None if matched and self.conditional else matched


class Rewriting:
    """The rules of one configuration that hand requests over or set variables, and those before."""

    __slots__ = ("_engines", "_inherited_down", "_rules")

    def __init__(self, directives: Directives) -> None:
        # All are kept by id() of the section around, or of None for the main server.
        self._engines: dict[int, bool] = {}
        self._rules: dict[int, RewriteRule] = {}
        options: set[str] = set()
        written: list[Directive] = []
        rules = directives.of("rewriterule")
        # A context in which no rule does either is nobody's business here.
        wanted = {id(rule.parent) for rule in rules if _FLAGS.search(rule.args)}
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
        self._collect(written)

    def _collect(self, written: Iterable[Directive]) -> None:
        contexts: dict[int, list[RewriteRule]] = {}
        conditional: set[int] = set()
        for directive in written:
            context = id(directive.parent)
            if directive.key == "rewritecond":
                conditional.add(context)
                continue
            words = directive.words
            if len(words) > 1 and self._on(directive):
                peers = contexts.setdefault(context, [])
                rule = RewriteRule(
                    directive,
                    words[0].text,
                    words[1].text,
                    rewrite_flags(words[2].text) if len(words) > 2 else (),
                    context in conditional,
                    directive.parent is not None and directive.parent.key != "virtualhost",
                    peers,
                    len(peers),
                )
                self._rules[id(directive)] = rule
                if rule.flags or rule.substitution != "-":
                    peers.append(rule)
            conditional.discard(context)

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._rules)

    def rule(self, directive: Directive) -> RewriteRule | None:
        """Return the rule a directive makes, None where the engine is off."""
        return self._rules.get(id(directive))

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

    def _on(self, directive: Directive) -> bool:
        here = directive.parent
        while here is not None and id(here) not in self._engines:
            here = here.parent
        return self._engines.get(id(here), False)


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
