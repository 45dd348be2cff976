"""systemd units as the manager loads them: search path, drop-ins, environment, commands."""

from glance_audit.systemd.command import Command
from glance_audit.systemd.directory import UNIT_DIRECTORIES, unit_names
from glance_audit.systemd.unit import EnvironmentVariable, TemporaryFileSystem, Unit, read_unit
from glance_audit.systemd.unit_file import UnitSetting

__all__ = [
    "UNIT_DIRECTORIES",
    "Command",
    "EnvironmentVariable",
    "TemporaryFileSystem",
    "Unit",
    "UnitSetting",
    "read_unit",
    "unit_names",
]
