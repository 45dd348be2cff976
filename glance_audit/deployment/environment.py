"""Which environment variables reach a route, and which settings put them there.

mod_env's SetEnv, UnsetEnv and PassEnv are per-directory settings applied last (fixups) in the
order server, virtual host, Proxy, Location, If; SetEnvIf, BrowserMatch and RewriteRule [E=] run
before and are not cancelled by UnsetEnv, nor do they cancel SetEnv. Measured on 2.4.71: 60
placements, ``tests/deployment/test_environment.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from glance_audit.apache import Directive, Word
from glance_audit.deployment.endpoints import rewrite_flags, rewriting
from glance_audit.deployment.route import Buffering, Endpoint
from glance_audit.deployment.scope import (
    Scope,
    ScopeKind,
    location_matches,
    pattern_matches,
    proxy_matches,
    scope_of,
)

SENDCL = "proxy-sendcl"
# Either spelling cancels proxy-sendcl (modules/proxy/mod_proxy_http.c, 2.4.x).
SENDCHUNKED = ("proxy-sendchunked", "proxy-sendchunks")
FORCE_10 = "force-proxy-request-1.0"
WATCHED = frozenset({SENDCL, *SENDCHUNKED, FORCE_10})


class Effect(Enum):
    """What a setting does to its variable."""

    SET = "sets"
    UNSET = "unsets"
    NOTHING = "names another variable"


@dataclass(frozen=True, slots=True)
class EnvironmentSetting:
    """One directive's word on one variable.

    ``early`` settings (SetEnvIf, BrowserMatch, RewriteRule) run before SetEnv and apart from it.
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
    pattern: str | None = None
    ignore_case: bool = False

    @property
    def by(self) -> str:
        """The directive's name, as a message names it."""
        return self.directive.name


def find_settings(
    directives: Iterable[Directive], passed: frozenset[str] = frozenset()
) -> tuple[EnvironmentSetting, ...]:
    """Collect the settings of the variables mod_proxy looks at, in configuration order.

    ``passed`` names the variables of the server's own environment, which PassEnv hands on.
    """
    return tuple(setting for d in directives for setting in _settings(d, passed))


def _settings(directive: Directive, passed: frozenset[str]) -> Iterator[EnvironmentSetting]:
    words = directive.words
    match directive.key:
        case "setenv":
            # ``SetEnv proxy-sendcl=1`` sets a variable of that whole name (measured: name_equals).
            name, equals, _ = words[0].text.lower().partition("=") if words else ("", "", "")
            if name in WATCHED:
                value = words[1] if len(words) > 1 else None
                effect = Effect.NOTHING if equals else Effect.SET
                yield _setting(directive, words[0], value, effect)
        case "unsetenv":
            for word in words:
                if word.text.lower() in WATCHED:
                    yield _setting(directive, word, None, Effect.UNSET)
        case "passenv":
            for word in words:
                if word.text.lower() in WATCHED and word.text in passed:
                    yield _setting(directive, word, None, Effect.SET)
        case "setenvif" | "setenvifnocase":
            pattern = words[1].text if len(words) > 1 else None
            on_uri = bool(words) and words[0].text.lower() == "request_uri"
            nocase = directive.key == "setenvifnocase"
            for word in words[2:]:
                yield from _early(directive, word, pattern if on_uri else None, nocase)
        case "browsermatch" | "browsermatchnocase" | "setenvifexpr":
            for word in words[1:]:
                yield from _early(directive, word, None)
        case "rewriterule":
            if len(words) > 2 and rewriting(directive):
                for flag in rewrite_flags(words[2].text):
                    kind, equals, text = flag.partition("=")
                    if equals and kind in ("E", "env"):
                        yield from _early(
                            directive, words[2], words[0].text, text=text.replace(":", "=", 1)
                        )


def _setting(
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


def _early(
    directive: Directive,
    word: Word,
    pattern: str | None,
    ignore_case: bool = False,
    text: str | None = None,
) -> Iterator[EnvironmentSetting]:
    name, equals, value = (word.text if text is None else text).partition("=")
    effect = Effect.UNSET if name.startswith("!") else Effect.SET
    name = name.removeprefix("!").lower()
    if name in WATCHED:
        yield EnvironmentSetting(
            name, value if equals else None, effect, directive, scope_of(directive),
            True, word, None, pattern, ignore_case,
        )  # fmt: skip


def in_scope(setting: EnvironmentSetting, endpoint: Endpoint) -> bool | None:
    """Whether a setting's scope covers an endpoint's requests; None: it depends on the request.

    A filesystem scope never does: a proxied or aliased request has no directory there (measured:
    ``directory``, ``directory_docroot``, ``files_star``).
    """
    scope = setting.scope
    if scope.host is not None and scope.host is not endpoint.host:
        return False
    if setting.directive.key == "rewriterule" and scope.host is not endpoint.host:
        return False  # server-level rules are not inherited (measured)
    return _covers(scope.section, scope.host, endpoint)


def _covers(section: Directive | None, host: Directive | None, endpoint: Endpoint) -> bool | None:
    depends = False
    here = section
    while here is not None and here is not host:
        kind = here.key
        if kind in ("location", "locationmatch"):
            matched = location_matches(here, endpoint.upload_uri)
        elif kind in ("proxy", "proxymatch"):
            matched = proxy_matches(here, endpoint.upload_url) if endpoint.targets else False
        elif kind in ("if", "elseif", "else"):
            matched = None
        elif kind in ("directory", "directorymatch", "files", "filesmatch"):
            matched = False
        else:
            matched = True
        if matched is False:
            return False
        depends = depends or matched is None
        here = here.parent
    return None if depends else True


_ORDER = {
    ScopeKind.SERVER: 0,
    ScopeKind.VIRTUAL_HOST: 1,
    ScopeKind.PROXY: 2,
    ScopeKind.LOCATION: 3,
    ScopeKind.CONDITION: 4,
    ScopeKind.FILESYSTEM: 5,
}


@dataclass(frozen=True, slots=True)
class Live:
    """A setting that is still in force for an endpoint; ``certain`` False: for some requests."""

    setting: EnvironmentSetting
    certain: bool


def live_settings(
    settings: Iterable[EnvironmentSetting], endpoint: Endpoint, name: str
) -> tuple[Live, ...]:
    """Return the settings of ``name`` that reach an endpoint's uploads and are not cancelled."""
    named = [s for s in settings if s.name == name]
    late = [s for s in named if not s.early]
    # Sections are merged main server first, then the virtual host's, each in file order.
    late.sort(key=lambda s: (_ORDER[s.scope.kind], s.scope.host is not None))
    live = _apply(late, endpoint)
    early = [s for s in named if s.early]
    early.sort(key=lambda s: s.scope.host is not None)
    return (*_apply(early, endpoint), *live)


def _apply(settings: Iterable[EnvironmentSetting], endpoint: Endpoint) -> tuple[Live, ...]:
    live: list[Live] = []
    for setting in settings:
        covered = in_scope(setting, endpoint)
        if covered is not False and setting.early:
            matched = _request_matches(setting, endpoint)
            covered = matched if covered or matched is False else None
        if covered is False:
            continue
        if setting.effect is Effect.SET:
            live.append(Live(setting, covered is True))
        elif setting.effect is Effect.NOTHING:
            continue
        elif covered:
            live.clear()
        else:
            live = [Live(one.setting, False) for one in live]
    return tuple(live)


def _request_matches(setting: EnvironmentSetting, endpoint: Endpoint) -> bool | None:
    if setting.pattern is None:
        return None
    pattern, subject = setting.pattern, endpoint.upload_uri
    if setting.directive.key == "rewriterule":
        if pattern.startswith("!"):
            return None
        section = setting.scope.section
        if section is not None and section is not setting.scope.host:
            return None  # per-directory rules see a stripped path
    return pattern_matches(pattern, subject, ignore_case=setting.ignore_case)


def buffering_of(settings: Iterable[EnvironmentSetting], endpoint: Endpoint) -> Buffering:
    """Say whether Apache spools an endpoint's chunked uploads, and because of which settings."""
    settings = tuple(settings)
    if endpoint.gateway.value != "proxy_http":
        return Buffering()
    sendcl = live_settings(settings, endpoint, SENDCL)
    forced = live_settings(settings, endpoint, FORCE_10)
    streamed = [one for name in SENDCHUNKED for one in live_settings(settings, endpoint, name)]
    if any(one.certain for one in streamed):
        sendcl = ()
    causes = (*sendcl, *forced)
    if not causes:
        return Buffering()
    certain = any(one.certain for one in forced) or (
        any(one.certain for one in sendcl) and not streamed
    )
    return Buffering(True if certain else None, tuple(one.setting for one in causes))
