"""uWSGI files that only lie there, for the standalone glance-api is started in their place.

Debian's package brings ``/etc/glance/glance-api-uwsgi.ini``, without an address, and an init script
that starts uWSGI with it where it sets three variables, and Glance's own server where it does not:
"Glance appears broken with uwsgi. Let's disable uwsgi for now." (glance-api 2:25.1.0-2+deb12u5,
``/etc/init.d/glance-api``, of openstack-pkg-tools).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from glance_audit.deployment.inputs import GlanceInput, UwsgiInput
from glance_audit.deployment.instance import listeners_of
from glance_audit.files import FileSource, Place, Unreadable
from glance_audit.systemd import Unit
from glance_audit.uwsgi import UwsgiConfig

PROGRAM = "glance-api"
STANDALONE_PORT = 9292  # bind_port in glance/common/config.py, up to 32.0.0
_INIT_SCRIPTS = "/etc/init.d"
_PKG_TOOLS = "openstack-pkg-tools"
_SETS = re.compile(r"^[ \t]*(UWSGI_PORT|UWSGI_INI_PATH|UWSGI_INI_APP)=[^\s#]", re.MULTILINE)
_ALL_SET = 3


def standalone_commands(units: Iterable[Unit]) -> Iterator[tuple[str, Place]]:
    """Yield the units that start the program, by itself or by an interpreter."""
    for unit in units:
        for command in unit.exec_start:
            for path in (command.path, *command.argv[1:2]):
                directory, name = posixpath.split(path)
                if name == PROGRAM and directory and directory != _INIT_SCRIPTS:
                    yield unit.name, command.place


def _by_init_script(source: FileSource, units: Iterable[Unit]) -> bool:
    """Whether a unit runs Debian's init script, and that starts the program and no uWSGI."""
    script = f"{_INIT_SCRIPTS}/{PROGRAM}"
    if not any(command.path == script for unit in units for command in unit.exec_start):
        return False
    try:
        text = source.text(script)
    except Unreadable:
        return False
    return _PKG_TOOLS in text and len(set(_SETS.findall(text))) < _ALL_SET


def without_dormant(
    source: FileSource,
    uwsgis: tuple[UwsgiInput, ...],
    units: Sequence[Unit],
    glances: Sequence[GlanceInput],
) -> tuple[UwsgiInput, ...]:
    """Leave out what nobody starts where a standalone glance-api runs that has its port.

    Only beside glance-api.conf, where packages put it: what lies in uWSGI's own directories, uWSGI
    starts. One without an address would be given one by who starts it.
    """
    if next(standalone_commands(units), None) is None and not _by_init_script(source, units):
        return uwsgis
    ports = {
        one.directory: one.config.integer("DEFAULT", "bind_port", STANDALONE_PORT)
        for one in glances
    }
    return tuple(
        one
        for one in uwsgis
        if one.unit is not None
        or (port := ports.get(posixpath.dirname(one.config.file))) is None
        or _elsewhere(one.config, port)
    )


def _elsewhere(config: UwsgiConfig, port: int) -> bool:
    """Whether a uWSGI listens, and not on a port."""
    listeners = listeners_of(config)
    return bool(listeners) and all(at.address.port != port for at in listeners)
