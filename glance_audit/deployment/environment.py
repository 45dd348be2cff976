"""Which environment variables reach a route, and which settings put them there.

mod_env's SetEnv, UnsetEnv and PassEnv are per-directory settings applied last (fixups) in the
order server, virtual host, Proxy, Location, If; SetEnvIf, BrowserMatch and RewriteRule [E=] run
before and are not cancelled by UnsetEnv, nor do they cancel SetEnv. Measured on 2.4.71:
``tests/deployment/placements.conf``, ``tests/oracle/test_environment_live.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glance_audit.deployment.pattern import matches_everything, pattern_matches
from glance_audit.deployment.per_directory import covers
from glance_audit.deployment.route import UNBUFFERED, Buffering, Endpoint
from glance_audit.deployment.scope import Scope, ScopeKind
from glance_audit.deployment.setting import (
    FORCE_10,
    SENDCHUNKED,
    SENDCL,
    WATCHED,
    Effect,
    EnvironmentSetting,
    Settings,
    find_settings,
)
from glance_audit.deployment.target import Gateway
from glance_audit.record import NamedTuple

__all__ = [
    "FORCE_10",
    "SENDCHUNKED",
    "SENDCL",
    "WATCHED",
    "Effect",
    "EnvironmentSetting",
    "Live",
    "Settings",
    "buffering_of",
    "concerns",
    "find_settings",
    "in_order",
    "in_scope",
    "live_settings",
]


def in_scope(setting: EnvironmentSetting, endpoint: Endpoint) -> bool | None:
    """Whether a setting's scope covers an endpoint's requests; None: it depends on the request.

    A filesystem scope does only where the request is mapped to a file before it is proxied
    (measured: ``directory``, ``files_star``, ``sethandler_enters_the_directory``).
    """
    if setting.rewriting is not None and setting.scope.kind is ScopeKind.SERVER:
        host = endpoint.host
        if host is not None and not setting.rewriting.inherits(host):
            return False
    return reaches(setting.scope, endpoint)


def reaches(scope: Scope, endpoint: Endpoint) -> bool | None:
    """Whether a scope covers an endpoint's requests; None: it depends on the request."""
    if scope.host is not None and scope.host is not endpoint.host:
        return False
    return covers(scope.section, scope.host, endpoint)


def concerns(setting: EnvironmentSetting, endpoint: Endpoint) -> bool:
    """Whether a setting may be in force for some request of an endpoint, its condition included."""
    if in_scope(setting, endpoint) is False:
        return False
    return not setting.early or _request_matches(setting, endpoint) is not False


_ORDER = {
    ScopeKind.SERVER: 0,
    ScopeKind.VIRTUAL_HOST: 1,
    ScopeKind.PROXY: 2,
    ScopeKind.LOCATION: 3,
    ScopeKind.CONDITION: 4,
    ScopeKind.FILESYSTEM: 2,
}


_WALKS = {
    "location": "location",
    "directory": "directory",
    "files": "files",
    "if": "if",
    "elseif": "if",
    "else": "if",
}


class Live(NamedTuple):
    """A setting that is still in force for an endpoint; ``certain`` False: for some requests."""

    setting: EnvironmentSetting
    certain: bool


def live_settings(settings: Settings, endpoint: Endpoint, name: str) -> tuple[Live, ...]:
    """Return the settings of ``name`` that reach an endpoint's uploads and are not cancelled."""
    early, late = in_order(settings, endpoint, name)
    return (*_apply(early, settings, endpoint), *_apply(late, settings, endpoint))


def in_order(
    settings: Settings, endpoint: Endpoint, name: str
) -> tuple[list[EnvironmentSetting], list[EnvironmentSetting]]:
    """Return the early and the late settings of ``name`` in the order they are applied in.

    They are those of the main server and of the endpoint's virtual host. Sections are merged main
    server first, then the virtual host's, each in file order.
    """
    named = settings.of(name, endpoint.host)
    if not named:
        return [], []
    late = [s for s in named if not s.early]
    late.sort(key=lambda s: (_ORDER[s.scope.kind], s.scope.host is not None))
    early = [s for s in named if s.early]
    early.sort(key=_moment)
    return early, late


def _moment(setting: EnvironmentSetting) -> tuple[bool, bool, int, bool]:
    """Return the order of early settings.

    First those of servers and virtual hosts, SetEnvIf before RewriteRule (post_read_request,
    translate_name), then those of sections alike (header_parser, fixups).
    """
    kind = setting.scope.kind
    sectional = kind not in (ScopeKind.SERVER, ScopeKind.VIRTUAL_HOST)
    order = _ORDER[kind] if sectional else 0
    return sectional, setting.rule is not None, order, setting.scope.host is not None


def merged_first(unset: EnvironmentSetting, settings: Settings, endpoint: Endpoint) -> bool | None:
    """Whether an UnsetEnv in a section spares what is set outside the sections of its kind.

    Apache merges all Locations that match, then puts the result over what was before, and so with
    directories, files and ``<If>``; of two sections mod_env merges the variables alone, and the
    UnsetEnv of neither is left (server/request.c ``ap_location_walk``, mod_env.c
    ``merge_env_dir_configs``: ``res->unsetenv = NULL``; measured: the ``two_sections``
    placements). ``<Proxy>`` sections are merged one by one.
    """
    walk = walk_of(unset.scope)
    if not unset.unsets_in_section or walk is None:
        return False
    merged: bool | None = False
    hosts = {id(None), id(endpoint.host)}
    for scope in (one for host in hosts for one in settings.sections.get(host, ())):
        if scope.section is not unset.scope.section and walk_of(scope) == walk:
            covered = reaches(scope, endpoint)
            if covered:
                return True
            merged = None if covered is None else merged
    return merged


def walk_of(scope: Scope) -> str | None:
    """Name the sections that are merged with one before anything else is."""
    key = scope.section.key if scope.section is not None else ""
    return _WALKS.get(key.removesuffix("match"))


def _apply(
    named: Iterable[EnvironmentSetting], settings: Settings, endpoint: Endpoint
) -> tuple[Live, ...]:
    live: list[Live] = []
    for setting in named:
        covered = in_scope(setting, endpoint)
        if covered is not False and setting.early:
            matched = _request_matches(setting, endpoint)
            covered = matched if covered or matched is False else None
        if covered is False:
            continue
        if setting.effect is Effect.SET:
            live.append(Live(setting, covered is True))
        elif setting.effect is Effect.UNSET and live:
            spares = merged_first(setting, settings, endpoint)
            live = [*_left(live, setting, covered is True, spares)]
    return tuple(live)


def _left(
    live: Iterable[Live], unset: EnvironmentSetting, covered: bool, spares: bool | None
) -> Iterator[Live]:
    """Yield what is still in force behind a setting that unsets."""
    walk = walk_of(unset.scope)
    for one in live:
        outside = walk_of(one.setting.scope) != walk
        if outside and spares:
            yield one
        elif not covered or (outside and spares is None):
            yield Live(one.setting, False)


def _request_matches(setting: EnvironmentSetting, endpoint: Endpoint) -> bool | None:
    if setting.rule is not None:
        return setting.rule.takes(endpoint.upload_uri)
    condition = setting.condition
    if condition is None:
        return None
    if condition.attribute == "request_uri":
        subject = endpoint.upload_uri
    elif condition.attribute == "request_method":
        subject = "PUT"
    elif condition.attribute == "transfer-encoding":
        subject = "chunked"  # of the uploads this is about
    else:
        return matches_everything(condition.pattern) or None
    return pattern_matches(condition.pattern, subject, ignore_case=condition.ignore_case)


def buffering_of(settings: Settings, endpoint: Endpoint) -> Buffering:
    """Say whether Apache spools an endpoint's chunked uploads, and because of which settings."""
    if not settings.any_for(endpoint.host) or endpoint.gateway is not Gateway.PROXY_HTTP:
        return UNBUFFERED
    sendcl = live_settings(settings, endpoint, SENDCL)
    forced = live_settings(settings, endpoint, FORCE_10)
    streamed = [one for name in SENDCHUNKED for one in live_settings(settings, endpoint, name)]
    if any(one.certain for one in streamed):
        sendcl = ()
    causes = (*sendcl, *forced)
    if not causes:
        return UNBUFFERED
    certain = any(one.certain for one in forced) or (
        any(one.certain for one in sendcl) and not streamed
    )
    return Buffering(True if certain else None, tuple(one.setting for one in causes))
