"""The settings of a variable that outlast a directive which is to unset it.

UnsetEnv takes away what SetEnv and PassEnv set, where it is merged after them; ``!`` of SetEnvIf,
BrowserMatch and RewriteRule takes away what these set, where it is applied after them; neither
touches what the other kind sets. An UnsetEnv in a section is lost where another of its kind with
directives of mod_env matches too. Measured: ``UnsetEnv_vs_SetEnvIf``, ``setenvif_neg_vs_SetEnv``,
``rewrite_unset_vs_SetEnv``, ``setenvif_neg_comes_before_rewrite``, ``shorter_location_below``,
``two_sections_that_both_unset`` and others of ``tests/deployment/placements.conf``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from glance_audit.deployment.environment import concerns, in_order, merged_first, walk_of
from glance_audit.deployment.pattern import literal_prefix
from glance_audit.deployment.route import Route
from glance_audit.deployment.scope import ScopeKind, location_matches
from glance_audit.deployment.setting import EnvironmentSetting, Settings
from glance_audit.record import NamedTuple

_SERVERS = (ScopeKind.SERVER, ScopeKind.VIRTUAL_HOST)


class Failure(Enum):
    """Why a directive does not unset what is set."""

    NOT_ENTERED = "proxied requests enter no directory"
    ANOTHER_KIND = "UnsetEnv and SetEnvIf do not see what the other kind has set"
    TOO_EARLY = "the other is applied later"
    MERGED = "merged with another section, UnsetEnv is lost"


class Outlasting(NamedTuple):
    """A setting that stays in force on a route, and why."""

    setting: EnvironmentSetting
    route: Route
    failure: Failure


def outlasting(
    unset: EnvironmentSetting, settings: Settings, routes: Iterable[Route]
) -> Iterator[Outlasting]:
    """Yield what makes Apache spool Glance's uploads in spite of a directive that is to unset it.

    What is set on purpose in a narrower place than the directive's is not meant by it.
    """
    host = unset.scope.host
    for route in routes:
        endpoint = route.endpoint
        causes = [one for one in route.buffering.settings if one.name == unset.name]
        if not causes or not route.glance or host not in (None, endpoint.host):
            continue
        misplaced = unset.scope.kind is ScopeKind.FILESYSTEM and not endpoint.mapped_to_file
        if not misplaced and not concerns(unset, endpoint):
            continue
        early, late = in_order(settings, endpoint, unset.name)
        order = [id(one) for one in (*early, *late)]
        for cause in causes:
            if misplaced:
                yield Outlasting(cause, route, Failure.NOT_ENTERED)
            elif _narrower(cause, unset):
                continue
            elif cause.early is not unset.early:
                yield Outlasting(cause, route, Failure.ANOTHER_KIND)
            elif order.index(id(unset)) < order.index(id(cause)):
                yield Outlasting(cause, route, Failure.TOO_EARLY)
            elif walk_of(cause.scope) != walk_of(unset.scope) and merged_first(
                unset, settings, endpoint
            ):
                yield Outlasting(cause, route, Failure.MERGED)


def _narrower(cause: EnvironmentSetting, unset: EnvironmentSetting) -> bool:
    """Whether a setting stands inside of what the directive covers, and not beside it."""
    inner, outer = cause.scope, unset.scope
    if outer.host is not None and inner.host is not outer.host:
        return False  # such as a section of the main server, which is merged after the host
    if outer.kind in _SERVERS:
        return inner.kind not in _SERVERS or inner.host is not outer.host
    if inner.kind is not outer.kind:
        return inner.kind is ScopeKind.CONDITION
    if inner.section is None or outer.section is None or inner.kind is not ScopeKind.LOCATION:
        return False
    within = location_matches(outer.section, _path(cause))
    return within is True and location_matches(inner.section, _path(unset)) is not True


def _path(setting: EnvironmentSetting) -> str:
    """Return the path a Location starts with."""
    section = setting.scope.section
    words = [word.text for word in section.words] if section is not None else []
    if section is None or not words:
        return "/"
    regex = section.key == "locationmatch" or words[0] == "~"
    return literal_prefix(words[-1]) if regex else words[0]
