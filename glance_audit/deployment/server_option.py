"""The options of the standalone glance-api's own server, which no WSGI server reads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from glance_audit.deployment.dormant import STANDALONE_PORT
from glance_audit.deployment.glance_service import GlanceService
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.versions import Holds, Version, VersionRange, parse_version
from glance_audit.oslo import Setting
from glance_audit.record import NamedTuple


class ServerOption(NamedTuple):
    """One option of section DEFAULT.

    ``removed`` is the first release without it. ``uwsgi`` is what uWSGI has in its place, empty
    when that is nothing.
    """

    name: str
    removed: Version
    uwsgi: str
    source: str

    def gone(self, glance: VersionRange) -> bool:
        """Whether no release in the range has it."""
        return glance.holds(self.removed) is Holds.ALL


def load_server_options() -> tuple[ServerOption, ...]:
    """Read the table shipped with the package."""
    path = os.path.join(os.path.dirname(__file__), "server_options.json")
    with open(path, encoding="utf-8") as stream:
        table = json.load(stream)
    return tuple(
        ServerOption(row["name"], parse_version(row["removed"]) or (), row["uwsgi"], row["source"])
        for row in table["options"]
    )


def unread_options(
    deployment: Deployment, service: GlanceService
) -> Iterator[tuple[ServerOption, Setting]]:
    """Yield what a service sets and nothing reads, in the order of the files."""
    order = {id(setting): number for number, setting in enumerate(service.config.settings)}
    glance = deployment.versions.glance
    dead = service.under_wsgi and not _stands_alone(deployment, service)
    traced = service.config.boolean("profiler", "enabled", default=False)
    found = []
    for option in load_server_options():
        setting = service.setting("DEFAULT", option.name)
        if setting is None:
            continue
        # osprofiler takes bind_host for the host's name: wsgi_app.py, _setup_os_profiler.
        named = option.name == "bind_host" and traced
        if option.gone(glance) or (dead and not named):
            found.append((option, setting))
    yield from sorted(found, key=lambda one: order[id(one[1])])


def _stands_alone(deployment: Deployment, service: GlanceService) -> bool:
    """Whether a route leads to the service's own port, where no uWSGI listens."""
    port = service.config.integer("DEFAULT", "bind_port", STANDALONE_PORT)
    return any(
        not route.backends and any(target.port == port for target in route.endpoint.targets)
        for server in deployment.servers
        for route in server.routes
        if route.gateway is Gateway.PROXY_HTTP
    )
