"""The directives that set or unset the environment variables mod_proxy looks at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import islice
from types import MappingProxyType

from glance_audit.apache import Directive, Directives, Word
from glance_audit.deployment.rewrite import RewriteRule, Rewriting
from glance_audit.deployment.scope import Scope, outside_macros, scope_of
from glance_audit.record import NamedTuple

SENDCL = "proxy-sendcl"
# Either spelling cancels proxy-sendcl (modules/proxy/mod_proxy_http.c, 2.4.x).
SENDCHUNKED = ("proxy-sendchunked", "proxy-sendchunks")
FORCE_10 = "force-proxy-request-1.0"
WATCHED = frozenset({SENDCL, *SENDCHUNKED, FORCE_10})


# Where a variable can be set, and how it is written there in any case.
_KEYS = (
    "setenv", "unsetenv", "passenv", "setenvif", "setenvifnocase", "browsermatch",
    "browsermatchnocase", "setenvifexpr", "rewriterule",
)  # fmt: skip
# More sections of one virtual host are nobody's configuration.
_MOST_SECTIONS = 1000
_PART = "proxy-"  # of each of them: a quick look before the exact one
_NAMES = re.compile("|".join(sorted(WATCHED)), re.IGNORECASE)


class Effect(Enum):
    """What a setting does to its variable."""

    SET = "sets"
    UNSET = "unsets"
    NOTHING = "names another variable"


class Condition(NamedTuple):
    """What a SetEnvIf, BrowserMatch or SetEnvIfExpr looks at.

    ``attribute`` is lower case: a header's name, ``request_uri``, …; empty for an expression.
    """

    attribute: str
    pattern: str
    ignore_case: bool


class EnvironmentSetting(NamedTuple):
    """One directive's word on one variable.

    ``early`` settings (SetEnvIf, BrowserMatch, RewriteRule) run before SetEnv and apart from it;
    they have a ``condition``, or a ``rule``, which ``rewriting`` knows the surroundings of.
    ``value`` is None when none is given; ``name`` is lower case, as Apache compares names.
    """

    name: str
    value: str | None
    effect: Effect
    directive: Directive
    scope: Scope
    early: bool
    name_word: Word
    value_word: Word | None = None
    condition: Condition | None = None
    rule: RewriteRule | None = None
    rewriting: Rewriting | None = None

    @property
    def by(self) -> str:
        """The directive's name, as a message names it."""
        return self.directive.name

    @property
    def unsets_in_section(self) -> bool:
        """Whether it is an UnsetEnv in a section."""
        return (
            self.effect is Effect.UNSET
            and not self.early
            and self.scope.section is not self.scope.host
        )


class Settings:
    """The settings of one configuration, in its order, to be had by variable and virtual host.

    ``sections`` are those that hold directives of mod_env, whatever the variable, by the id() of
    their virtual host; collected only where an UnsetEnv stands in one.
    """

    __slots__ = ("_by_host", "_hosts", "every", "sections")

    def __init__(
        self,
        every: Iterable[EnvironmentSetting] = (),
        sections: Mapping[int, tuple[Scope, ...]] = MappingProxyType({}),
    ) -> None:
        self.every = tuple(every)
        self.sections = sections
        self._by_host: dict[tuple[str, int], list[EnvironmentSetting]] = {}
        for setting in self.every:
            key = setting.name, id(setting.scope.host)
            self._by_host.setdefault(key, []).append(setting)
        self._hosts = {host for _, host in self._by_host}

    def any_for(self, host: Directive | None) -> bool:
        """Whether there are any of the main server, or of a virtual host."""
        return id(None) in self._hosts or id(host) in self._hosts

    def of(self, name: str, host: Directive | None) -> list[EnvironmentSetting]:
        """Return the main server's settings of a variable, then those of a virtual host."""
        found = list(self._by_host.get((name, id(None)), ()))
        if host is not None:
            found += self._by_host.get((name, id(host)), ())
        return found


def find_settings(
    directives: Directives,
    passed: frozenset[str] = frozenset(),
    rewriting: Rewriting | None = None,
) -> Settings:
    """Collect the settings of the variables mod_proxy looks at, in configuration order.

    ``directives`` are those of a whole configuration. ``passed`` names the variables of the
    server's own environment, which PassEnv hands on.
    """
    rewriting = rewriting or Rewriting(directives)
    found = tuple(
        setting
        for directive in outside_macros(directives, _KEYS)
        if _PART in directive.args.lower() and _NAMES.search(directive.args)
        for setting in _settings(directive, passed, rewriting)
    )
    if any(one.unsets_in_section for one in found):
        return Settings(found, _sections(directives))
    return Settings(found)


def _sections(directives: Directives) -> dict[int, tuple[Scope, ...]]:
    """Collect the sections with directives of mod_env, at most so many of a virtual host."""
    found: dict[int, dict[int, Scope]] = {}
    for directive in outside_macros(directives, ("setenv", "unsetenv", "passenv")):
        scope = scope_of(directive)
        if scope.section is not None and scope.section is not scope.host:
            known = found.setdefault(id(scope.host), {})
            if len(known) < _MOST_SECTIONS:
                known[id(scope.section)] = scope
    return {host: tuple(scopes.values()) for host, scopes in found.items()}


def _settings(
    directive: Directive, passed: frozenset[str], rewriting: Rewriting
) -> Iterator[EnvironmentSetting]:
    match directive.key:
        case "setenv":
            # ``SetEnv proxy-sendcl=1`` sets a variable of that whole name (measured: name_equals).
            words = directive.words
            name, equals, _ = words[0].text.lower().partition("=") if words else ("", "", "")
            if name in WATCHED:
                value = words[1] if len(words) > 1 else None
                effect = Effect.NOTHING if equals else Effect.SET
                yield _late(directive, words[0], value, effect)
        case "unsetenv":
            for word in directive.every_word():
                if word.text.lower() in WATCHED:
                    yield _late(directive, word, None, Effect.UNSET)
        case "passenv":
            for word in directive.every_word():
                if word.text.lower() in WATCHED and word.text in passed:
                    yield _late(directive, word, None, Effect.SET)
        case "setenvif" | "setenvifnocase":
            words = directive.words
            if len(words) > 2:
                nocase = directive.key == "setenvifnocase"
                condition = Condition(words[0].text.lower(), words[1].text, nocase)
                for word in islice(directive.every_word(), 2, None):
                    yield from _early(directive, word, condition)
        case "browsermatch" | "browsermatchnocase":
            words = directive.words
            if len(words) > 1:
                nocase = directive.key == "browsermatchnocase"
                condition = Condition("user-agent", words[0].text, nocase)
                for word in islice(directive.every_word(), 1, None):
                    yield from _early(directive, word, condition)
        case "setenvifexpr":
            for word in islice(directive.every_word(), 1, None):
                yield from _early(directive, word, Condition("", "(?)", False))
        case "rewriterule":
            rule = rewriting.rule(directive)
            for variable in rule.variables if rule is not None else ():
                name, colon, text = variable.partition(":")
                yield from _named(
                    directive, directive.words[2], name, text if colon else None,
                    rule=rule, rewriting=rewriting,
                )  # fmt: skip


def _late(
    directive: Directive, name: Word, value: Word | None, effect: Effect
) -> EnvironmentSetting:
    return EnvironmentSetting(
        name.text.lower().partition("=")[0],
        value.text if value is not None else None,
        effect,
        directive,
        scope_of(directive),
        False,
        name,
        value,
    )


def _early(directive: Directive, word: Word, condition: Condition) -> Iterator[EnvironmentSetting]:
    name, equals, value = word.text.partition("=")
    yield from _named(directive, word, name, value if equals else None, condition=condition)


def _named(
    directive: Directive,
    word: Word,
    name: str,
    value: str | None,
    *,
    condition: Condition | None = None,
    rule: RewriteRule | None = None,
    rewriting: Rewriting | None = None,
) -> Iterator[EnvironmentSetting]:
    effect = Effect.UNSET if name.startswith("!") else Effect.SET
    name = name.removeprefix("!").lower()
    if name in WATCHED:
        yield EnvironmentSetting(
            name, value, effect, directive, scope_of(directive),
            True, word, None, condition, rule, rewriting,
        )  # fmt: skip
