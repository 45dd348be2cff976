"""What an audit reads, before anything is matched to anything."""

from __future__ import annotations

from collections.abc import Mapping

from glance_audit.apache import ApacheConfig
from glance_audit.environment import Environment
from glance_audit.files import Problem
from glance_audit.oslo import OsloConfig
from glance_audit.record import NamedTuple
from glance_audit.storage import Mount
from glance_audit.systemd import Unit
from glance_audit.uwsgi import UwsgiConfig


class ApacheInput(NamedTuple):
    """One Apache as read: configuration, layout family, process environment, service unit."""

    config: ApacheConfig
    family: str
    environment: Environment | None
    unit: Unit | None


class UwsgiInput(NamedTuple):
    """One uWSGI configuration as read, and the unit that starts it."""

    config: UwsgiConfig
    unit: Unit | None


class GlanceInput(NamedTuple):
    """One Glance configuration as read.

    ``directory`` holds its glance-api.conf. ``drop_ins`` are those of glance-api.conf.d, which not
    every server reads; None: there are none.
    """

    directory: str
    config: OsloConfig
    drop_ins: OsloConfig | None = None


class Inputs(NamedTuple):
    """Everything that was read for one audit; ``units`` are those of Apache, uWSGI and Glance."""

    apaches: tuple[ApacheInput, ...]
    uwsgis: tuple[UwsgiInput, ...]
    glances: tuple[GlanceInput, ...]
    mounts: tuple[Mount, ...]
    problems: tuple[Problem, ...]
    units: tuple[Unit, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing that could be audited was found."""
        return not (self.apaches or self.uwsgis or self.glances)


class ReadingOptions(NamedTuple):
    """What the operator says about how the servers are started.

    ``standalone``: the release may have the standalone glance-api.
    """

    defines: Mapping[str, str | None]
    envvars: str | None = None
    httpd_version: tuple[int, int, int] = (2, 4, 71)
    whole_system: bool = True
    standalone: bool = True
