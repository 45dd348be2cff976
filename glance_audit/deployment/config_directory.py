"""Which directory a WSGI server's Glance reads its configuration from.

Its environment alone says it: ``OS_GLANCE_CONFIG_DIR``, by default /etc/glance. No command line
does, for Glance parses none there (glance/common/wsgi_app.py, ``_get_config_files`` and
``CONF([])``, the same in 20.2.0, 25.1.0 and 33.0.0): ``pyargv = --config-file ...`` is ignored.
"""

from __future__ import annotations

import posixpath

from glance_audit.deployment.inputs import ApacheInput
from glance_audit.record import NamedTuple
from glance_audit.systemd import Unit
from glance_audit.uwsgi import UwsgiConfig

CONFIG_DIRECTORY = "/etc/glance"
VARIABLE = "OS_GLANCE_CONFIG_DIR"


class ConfigDirectory(NamedTuple):
    """Where a server's Glance reads; ``path`` None: it is said, and cannot be told.

    ``said``: the server's environment names it. ``sure``: what starts the server is known, so that
    nothing else names it.
    """

    path: str | None
    said: bool = True
    sure: bool = True

    def leads_to(self, directory: str, *, alone: bool) -> bool:
        """Whether a configuration in a directory is the one that is read.

        Where nothing is said, the only one there is in the audit (``alone``) is.
        """
        if self.said:
            return self.path == directory
        return alone or (self.sure and self.path == directory)


def uwsgi_directory(config: UwsgiConfig, unit: Unit | None) -> ConfigDirectory:
    """Return where Glance reads in a uWSGI: its ``env`` options come after its unit's variables."""
    found = _of_unit(unit)
    for option in config.all("env", "unenv", "envdir"):
        name, equals, value = option.value.partition("=")
        if option.key == "envdir":
            found = ConfigDirectory(None)
        elif name == VARIABLE and option.key == "env" and equals:
            found = _said(value)
        elif name == VARIABLE and option.key == "unenv":
            found = ConfigDirectory(CONFIG_DIRECTORY, said=False)
    return found


def apache_directory(apache: ApacheInput) -> ConfigDirectory:
    """Return where Glance reads in mod_wsgi: what envvars exports comes after the unit's.

    SetEnv is no part of it: that is the request's environment, not the process's.
    """
    found = _of_unit(apache.unit)
    if apache.environment is None:
        return found
    variable = apache.environment.get(VARIABLE)
    if variable is not None and variable.exported:
        return _said(variable.value)
    return found._replace(sure=found.sure and not apache.environment.unsure)


def _of_unit(unit: Unit | None) -> ConfigDirectory:
    if unit is None:
        return ConfigDirectory(CONFIG_DIRECTORY, said=False, sure=False)
    variable = unit.variable(VARIABLE)
    if variable is None:
        return ConfigDirectory(CONFIG_DIRECTORY, said=False)
    return _said(variable.value)


def _said(value: str | None) -> ConfigDirectory:
    path = value.strip() if value is not None else ""
    # A relative one is relative to wherever the process happens to run.
    return ConfigDirectory(posixpath.normpath(path) if path.startswith("/") else None)
