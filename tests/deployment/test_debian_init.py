"""The daemons that Debian's init script of uWSGI starts, with the package's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from glance_audit.deployment.collect import Inputs
from glance_audit.uwsgi import UwsgiConfig
from tests.deployment.trees import APACHE, read

APPS = "/etc/uwsgi/apps-enabled"
CONF = "/usr/share/uwsgi/conf/default.ini"
MAIN = {f"{APACHE}/apache2.conf": "ServerName x\n"}
PACKAGE = {
    "/etc/init.d/uwsgi": "#!/bin/bash\n",
    "/etc/default/uwsgi": f"VERBOSE=yes\nINHERITED_CONFIG={CONF}\n",
    CONF: """\
[uwsgi]
declare-option = deb-confnamespace=$1
declare-option = deb-confname=$1
workers = 2
socket = /run/uwsgi/%(deb-confnamespace)/%(deb-confname)/socket
uid = www-data
""",
}
INI = "# Glance\n[uwsgi]\nmodule = glance.wsgi.api:application\nworkers = 8\n"


def started(root: Path, files: Mapping[str, str], *paths: str) -> Inputs:
    return read(root, MAIN | PACKAGE | dict(files), *paths)


def only(inputs: Inputs) -> UwsgiConfig:
    [one] = inputs.uwsgis
    return one.config


def test_a_file_is_given_the_defaults_and_its_name(tmp_path: Path) -> None:
    config = only(started(tmp_path, {f"{APPS}/glance-api.ini": INI}))

    assert config.file == f"{APPS}/glance-api.ini"
    socket = config.last("socket")
    assert socket is not None
    assert socket.value == "/run/uwsgi/app/glance-api/socket"
    assert (socket.place.file, socket.place.line) == (CONF, 5)
    assert [step.file for step in socket.place.included_from] == ["/etc/default/uwsgi"]
    assert config.integer("workers") == (8, config.last("workers"))
    assert config.section_place is not None
    assert (config.section_place.file, config.section_place.line) == (config.file, 2)
    daemonize = config.last("daemonize")
    assert daemonize is not None
    assert daemonize.value == "/var/log/uwsgi/app/glance-api.log"


@pytest.mark.parametrize(
    "change",
    [
        {"/etc/init.d/uwsgi": ""},
        {"/etc/default/uwsgi": "INHERITED_CONFIG=\n"},
        {"/etc/default/uwsgi": ""},
        {"/etc/default/uwsgi": "INHERITED_CONFIG=/nowhere.ini\n"},
    ],
)
def test_without_the_script_or_the_defaults_it_stands_by_itself(
    tmp_path: Path, change: dict[str, str]
) -> None:
    package = {k: v for k, v in (PACKAGE | change).items() if v or k == "/etc/default/uwsgi"}
    inputs = read(tmp_path, MAIN | package | {f"{APPS}/glance-api.ini": INI})

    assert only(inputs).last("socket") is None


def test_of_two_files_of_a_name_one_is_started(tmp_path: Path) -> None:
    files = {
        f"{APPS}/a.yaml": "uwsgi:\n  listen: 1\n",
        f"{APPS}/a.json": '{"uwsgi": {"listen": 2}}',
        f"{APPS}/b.ini": "[uwsgi]\nlisten = 3\n",
        f"{APPS}/more/b.ini": "[uwsgi]\nlisten = 4\n",
        f"{APPS}/more/c.ini": "[uwsgi]\nlisten = 5\n",
        f"{APPS}/d.db": "",
        f"{APPS}/d.xml": "<uwsgi><listen>6</listen></uwsgi>",
        f"{APPS}/README": "",
    }
    given = {
        one.config.file.removeprefix(f"{APPS}/"): socket.value
        for one in started(tmp_path, files).uwsgis
        if (socket := one.config.last("socket")) is not None
    }

    assert given == {
        "a.json": "/run/uwsgi/app/a/socket",
        "b.ini": "/run/uwsgi/app/b/socket",
        "more/c.ini": "/run/uwsgi/app/c/socket",
    }


def test_a_file_that_is_asked_for_alone_has_them_too(tmp_path: Path) -> None:
    files = {f"{APPS}/a.ini": INI, f"{APPS}/b.ini": INI}
    config = only(started(tmp_path, files, f"{APPS}/b.ini"))

    socket = config.last("socket")
    assert socket is not None
    assert socket.value == "/run/uwsgi/app/b/socket"


def test_other_defaults_are_those_the_file_names(tmp_path: Path) -> None:
    files = {
        "/etc/default/uwsgi": 'D=/srv\nINHERITED_CONFIG="$D/own.yaml"\n',
        "/srv/own.yaml": "uwsgi:\n  listen: 7\n",
        f"{APPS}/a.ini": INI,
    }
    assert only(started(tmp_path, files)).integer("listen", "l") is not None
