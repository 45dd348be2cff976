"""Which Python runs Glance, as far as names and files tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.python_mode import plugins_of, uwsgi_python, wsgi_python
from glance_audit.deployment.versions import Version
from glance_audit.files import FileSource
from tests.deployment.trees import apache, write
from tests.deployment.uwsgis import instance


def told(root: Path, line: str, files: dict[str, str] | None = None) -> list[Version]:
    write(root, files or {})
    return [evidence.version for evidence in instance(root, line).python]


@pytest.mark.parametrize(
    ("line", "versions"),
    [
        ("plugins = python3", [(3,)]),
        ("plugins = http,python39", [(3, 9)]),
        ("plugin = python27", [(2, 7)]),
        ("plugins = python2", [(2,)]),
        ("need-plugin = python311", [(3, 11)]),
        ("plugins = python", []),
        ("plugins = python3x", []),
        ("plugins = http, corerouter", []),
        ("pythonpath = /usr/lib/python2.7/dist-packages", [(2, 7)]),
        ("pp = /opt/py3/lib", [(3,)]),
        ("pythonpath = /srv/python", []),
        ("virtualenv = /opt/venv-py36", [(3, 6)]),
        ("home = relative", []),
    ],
)
def test_an_option_tells(line: str, versions: list[Version], tmp_path: Path) -> None:
    assert told(tmp_path, line) == versions


def test_a_virtual_environment_says_it_best(tmp_path: Path) -> None:
    files = {"/opt/python2/pyvenv.cfg": "home = /usr/bin\nversion = 3.11.2\n"}
    assert told(tmp_path, "virtualenv = /opt/python2", files) == [(3, 11)]


def test_the_directory_of_a_home_says_it_next(tmp_path: Path) -> None:
    files = {"/opt/python2/lib/python3.9/site.py": "", "/opt/python2/lib/x": ""}
    assert told(tmp_path, "home = /opt/python2", files) == [(3, 9)]


@pytest.mark.parametrize(
    ("first", "versions"),
    [
        ("#!/usr/bin/python2", [(2,)]),
        ("#!/usr/bin/env python3", [(3,)]),
        ("#!/opt/venv/bin/python3.9 -s", [(3, 9)]),
        ("#!/usr/bin/python", []),
        ("import glance", []),
    ],
)
def test_the_first_line_of_a_script_tells(
    first: str, versions: list[Version], tmp_path: Path
) -> None:
    files = {"/usr/bin/glance-wsgi-api": f"{first}\nimport sys\n"}
    assert told(tmp_path, "wsgi-file = /usr/bin/glance-wsgi-api", files) == versions


def test_a_script_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, "wsgi-file = /usr/bin/glance-wsgi-api") == []


def test_plugins_are_read_with_their_places(tmp_path: Path) -> None:
    found = plugins_of(instance(tmp_path, "plugins = http, python3,", "need-plugin = x").config)
    assert [(plugin.name, plugin.needed, plugin.place.line) for plugin in found] == [
        ("http", False, 2),
        ("python3", False, 2),
        ("x", True, 3),
    ]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so", []),
        ("LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so-3.11", [(3, 11)]),
        ("LoadModule wsgi_module modules/mod_wsgi_python3.so", [(3,)]),
        ("LoadModule wsgi_module /v/mod_wsgi-py37.cpython-37m-x86_64-linux-gnu.so", [(3, 7)]),
        ("LoadModule env_module /usr/lib/python2.7/mod_env.so", []),
        ("WSGIPythonHome /opt/python2.7", [(2, 7)]),
        ("WSGIPythonPath /usr/lib/python3.6/site-packages", [(3, 6)]),
        ("WSGIPythonHome", []),
        ("WSGIDaemonProcess glance python-home=/opt/py36 threads=2", [(3, 6)]),
        ("WSGIDaemonProcess glance python-path=/usr/lib/python2.7/dist-packages", [(2, 7)]),
    ],
)
def test_what_mod_wsgi_is_given_tells(text: str, versions: list[Version], tmp_path: Path) -> None:
    config = apache(tmp_path, text)
    daemon = next((d for d in config.directives if d.key == "wsgidaemonprocess"), None)
    found = wsgi_python(config, daemon, FileSource(str(tmp_path)))
    assert [evidence.version for evidence in found] == versions
    assert all(evidence.place.line == 1 for evidence in found)


def test_the_evidence_is_named(tmp_path: Path) -> None:
    found = instance(tmp_path, "plugins = python27")
    assert [e.because for e in uwsgi_python(found.config, FileSource(str(tmp_path)))] == [
        "the plugin python27"
    ]
