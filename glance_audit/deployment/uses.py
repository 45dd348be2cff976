"""What each setting of a proxy variable reaches: the settings of the files held against routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glance_audit.deployment.environment import (
    EnvironmentSetting,
    Settings,
    concerns,
    in_scope,
    live_settings,
)
from glance_audit.deployment.model import EnvironmentUse, Position, position
from glance_audit.deployment.outlasting import outlasting
from glance_audit.deployment.route import Endpoint, Route
from glance_audit.deployment.setting import Effect
from glance_audit.files import Problem, ProblemKind

# Each setting is held against each route it may reach: the product is what takes time.
MOST_PAIRS = 2_000_000


def affordable(
    settings: Settings, endpoints: Sequence[Endpoint]
) -> tuple[Settings, tuple[Problem, ...]]:
    """Leave out the settings beyond what can be held against all routes, and say so."""
    most = max(MOST_PAIRS // max(len(endpoints), 1), 100)
    if len(settings.every) <= most:
        return settings, ()
    wide = [one for one in settings.every if one.scope.host is None]
    if len(wide) <= most and len(settings.every) <= MOST_PAIRS:
        return settings, ()
    problem = Problem(
        ProblemKind.UNREADABLE,
        f"more than {most} settings of proxy variables for {len(endpoints)} routes; the rest of "
        "the settings is left out",
        settings.every[most].directive.place,
        "audit a part of the tree",
        fatal=False,
    )
    return Settings(settings.every[:most], settings.sections), (problem,)


def environment_uses(
    settings: Settings, routes: tuple[Route, ...], by_host: Mapping[int, list[Route]]
) -> tuple[EnvironmentUse, ...]:
    """Return every setting of the files with the routes it reaches.

    ``by_host`` has the routes of each virtual host by its section's id().
    """
    groups: dict[tuple[Position, str], list[EnvironmentSetting]] = {}
    for setting in settings.every:
        groups.setdefault((position(setting.directive), setting.name), []).append(setting)
    live = _live(settings, routes)
    causes: dict[int, set[int]] = {}  # the routes, by their id(), that a setting makes spool
    for route in routes:
        for setting in route.buffering.settings:
            causes.setdefault(id(setting), set()).add(id(route))
    uses = []
    for group in groups.values():
        hosts = {id(setting.scope.host) for setting in group}
        # The main server's settings may reach every virtual host.
        near = routes if id(None) in hosts else [r for host in hosts for r in by_host.get(host, ())]
        scoped = [r for r in near if any(in_scope(s, r.endpoint) is not False for s in group)]
        sharing = [r for r in scoped if any(concerns(s, r.endpoint) for s in group)]
        reached: dict[int, Route] = {}
        sure: set[int] = set()
        spooled: set[int] = set()
        for setting in group:
            spooled |= causes.get(id(setting), set())
            for route, certain in live.get(id(setting), ()):
                reached[id(route)] = route
                if certain:
                    sure.add(id(route))
        buffered = tuple(route for route in near if id(route) in spooled)
        uses.append(
            EnvironmentUse(
                tuple(group),
                tuple(scoped),
                tuple(sharing),
                tuple(route for route in near if id(route) in reached),
                buffered,
                sure >= spooled and all(route.buffering.value is True for route in buffered),
                tuple(
                    one
                    for setting in group
                    if setting.effect is Effect.UNSET
                    for one in outlasting(setting, settings, near)
                ),
            )
        )
    return tuple(uses)


def _live(settings: Settings, routes: tuple[Route, ...]) -> dict[int, list[tuple[Route, bool]]]:
    """Return the routes a setting is in force on, by its id(), and whether certainly."""
    found: dict[int, list[tuple[Route, bool]]] = {}
    names = {setting.name for setting in settings.every}
    for route in routes if names else ():
        for name in names:
            for one in live_settings(settings, route.endpoint, name):
                found.setdefault(id(one.setting), []).append((route, one.certain))
    return found
