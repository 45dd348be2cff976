"""Routes that lead to the standalone glance-api, Glance's own server, and what shows that."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.dormant import STANDALONE_PORT, standalone_commands
from glance_audit.deployment.glance_service import GlanceService
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.route import Route
from glance_audit.deployment.target import Gateway, Target
from glance_audit.files import Place
from glance_audit.oslo import Setting
from glance_audit.record import NamedTuple

_EVERY_ADDRESS = ("", "0.0.0.0", "::")


class Standalone(NamedTuple):
    """The routes of one directive, the port they lead to, and what tells whose it is.

    ``unit`` is the name of the unit that starts the program and ``command`` where it does; None:
    only the port tells. ``setting`` is bind_port; None: it is the default. ``here`` False: the
    target may be another machine.
    """

    routes: tuple[Route, ...]
    target: Target
    unit: str | None
    command: Place | None
    setting: Setting | None
    here: bool


def standalone_routes(deployment: Deployment) -> Iterator[Standalone]:
    """Yield each directive whose Glance routes lead to a port of the standalone glance-api.

    Without a unit it takes a Glance configuration, a target that is this machine for certain, and
    no WSGI server that was found to run Glance: its bind_port would mean nothing.
    """
    started = next(standalone_commands(deployment.units), None)
    unit, command = started if started is not None else (None, None)
    # A configuration in a directory of its own may be another Glance's.
    services = [one for one in deployment.services if one.whole]
    if unit is None and (deployment.glance_instances or any(s.under_wsgi for s in services)):
        return
    for group in by_directive(deployment.glance_routes):
        route = group[0]
        if route.backends or route.gateway is not Gateway.PROXY_HTTP:
            continue
        for target in route.endpoint.targets:
            found = _bound(services, target, assumed=unit is not None)
            if found is None:
                continue
            setting, here = found
            if here or unit is not None:
                yield Standalone(group, target, unit, command, setting, here)
                break


def _bound(
    services: list[GlanceService], target: Target, *, assumed: bool
) -> tuple[Setting | None, bool] | None:
    """Return the bind_port that is the target's, and whether it is surely this machine's.

    Without a configuration the default counts where the program is ``assumed`` to run.
    """
    if target.socket is not None or target.port is None:
        return None
    for service in services:
        setting = service.setting("DEFAULT", "bind_port")
        port = setting.value.strip() if setting is not None else str(STANDALONE_PORT)
        if port == str(target.port):
            host = service.setting("DEFAULT", "bind_host")
            address = host.value.strip().lower() if host is not None else ""
            named = address not in _EVERY_ADDRESS and address == target.host
            return setting, target.loopback or named
    if assumed and not services and target.port == STANDALONE_PORT:
        return None, target.loopback
    return None
