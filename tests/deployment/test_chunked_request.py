"""The effective WSGIChunkedRequest, as Apache 2.4.71 with mod_wsgi 4.9.4 has it.

Each row was asked of the real server: a chunked PUT of /image/v2/images/x/file to
``WSGIScriptAlias /image SCRIPT`` got 200 (on) or 411 (off).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.apache import ApacheConfig, resolve
from glance_audit.deployment.chunked_request import DIRECTIVE, ChunkedRequest, chunked_request
from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.files import FileSource

ON, OFF = "WSGIChunkedRequest On\n", "WSGIChunkedRequest Off\n"
DIRECTORY = "/srv/wsgi/app"
SCRIPT = f"{DIRECTORY}/glance.wsgi"


def section(name: str, argument: str, body: str) -> str:
    return f"<{name} {argument}>\n{body}</{name}>\n"


HOST = {
    "nothing": ("", False),
    "host on": (ON, True),
    "host, other case": ("wsgichunkedrequest ON\n", True),
    "host off": (OFF, False),
    "the last of two, on": (OFF + ON, True),
    "the last of two, off": (ON + OFF, False),
    "its directory": (section("Directory", DIRECTORY, ON), True),
    "a directory above": (section("Directory", "/srv", ON), True),
    "a directory whose name starts alike": (section("Directory", "/srv/w", ON), False),
    "a directory below": (section("Directory", f"{DIRECTORY}/glance.wsgi/x", ON), False),
    "a directory with a star": (section("Directory", "/srv/*/app", ON), True),
    "a regular expression": (section("Directory", '~ "^/srv/w.*app"', ON), True),
    "DirectoryMatch": (section("DirectoryMatch", '"/app"', ON), True),
    "DirectoryMatch on the script": (section("DirectoryMatch", r'"glance\.wsgi"', ON), True),
    "the file": (section("Files", "glance.wsgi", ON), True),
    "another file": (section("Files", "other.wsgi", ON), False),
    "FilesMatch": (section("FilesMatch", '"wsgi$"', ON), True),
    "a file in its directory": (
        section("Directory", DIRECTORY, section("Files", "glance.wsgi", ON)),
        True,
    ),
    "its path": (section("Location", "/image", ON), True),
    "a path that starts alike": (section("Location", "/imag", ON), False),
    "Proxy": (section("Proxy", '"*"', ON), False),
    "Limit": (section("Directory", DIRECTORY, section("Limit", "PUT", ON)), True),
    "the path wins over the directory": (
        section("Location", "/image", OFF) + section("Directory", DIRECTORY, ON),
        False,
    ),
    "the directory wins over the host": (ON + section("Directory", DIRECTORY, OFF), False),
    "the file wins over the directory": (
        section("Files", "glance.wsgi", ON) + section("Directory", DIRECTORY, OFF),
        True,
    ),
    "the deeper directory wins": (
        section("Directory", DIRECTORY, OFF) + section("Directory", "/srv", ON),
        False,
    ),
    "the deeper directory wins over a star": (
        section("Directory", "/srv/*", ON) + section("Directory", DIRECTORY, OFF),
        False,
    ),
    "the expression wins over the directory": (
        section("DirectoryMatch", '"/app"', OFF) + section("Directory", DIRECTORY, ON),
        False,
    ),
    "the last path wins": (
        section("Location", "/image/v2", OFF) + section("Location", "/image", ON),
        True,
    ),
}

IMAGE_OFF = section("Location", "/image", OFF)
DIRECTORY_OFF = section("Directory", DIRECTORY, OFF)
SERVER = {
    "server on": (ON, "", True),
    "host off in a server that is on": (ON, OFF, False),
    "a path of the server": (IMAGE_OFF, "", False),
    "a path of the server wins over the host": (IMAGE_OFF, ON, False),
    "a path of the server wins over a directory of the host": (
        IMAGE_OFF,
        section("Directory", DIRECTORY, ON),
        False,
    ),
    "the host's path comes later": (IMAGE_OFF, section("Location", "/image", ON), True),
    "a directory of the server wins over the host": (DIRECTORY_OFF, ON, False),
    "the host's directory comes later": (
        DIRECTORY_OFF,
        section("Directory", DIRECTORY, ON),
        True,
    ),
    "the host's shallow directory does not win": (
        DIRECTORY_OFF,
        section("Directory", "/srv", ON),
        False,
    ),
}


def read(root: Path, server: str, host: str) -> ApacheConfig:
    alias = f"WSGIScriptAlias /image {SCRIPT}\n"
    text = server + section("VirtualHost", "*:80", alias + host)
    (root / "httpd.conf").write_text(text, encoding="utf-8")
    return resolve(
        FileSource(str(root)),
        "/httpd.conf",
        server_root="/",
        defines={},
        environment={},
        httpd_version=(2, 4, 71),
    )


def ask(root: Path, server: str, host: str) -> ChunkedRequest:
    config = read(root, server, host)
    assert config.problems == ()
    (endpoint,) = find_endpoints(config)
    return chunked_request(PerDirectory(config.all, DIRECTIVE), endpoint)


@pytest.mark.parametrize(("host", "on"), HOST.values(), ids=HOST)
def test_a_setting_of_the_virtual_host_holds_as_it_does_in_the_server(
    tmp_path: Path, host: str, on: bool
) -> None:
    assert ask(tmp_path, "", host).value is on


@pytest.mark.parametrize(("server", "host", "on"), SERVER.values(), ids=SERVER)
def test_settings_of_the_main_server_are_merged_first(
    tmp_path: Path, server: str, host: str, on: bool
) -> None:
    assert ask(tmp_path, server, host).value is on


def test_a_setting_of_another_virtual_host_does_not_count(tmp_path: Path) -> None:
    found = ask(tmp_path, section("VirtualHost", "*:81", ON), "")

    assert found.value is False
    assert found.by is None


@pytest.mark.parametrize(
    ("host", "value", "by"),
    [
        (section("If", '"true"', ON), None, None),
        (ON + section("If", '"true"', OFF), None, "Off"),
        (OFF + section("If", '"true"', ON), None, "Off"),
        (OFF + section("If", '"true"', OFF), False, "Off"),
        (ON + section("If", '"true"', ON), True, "On"),
    ],
)
def test_a_condition_leaves_it_open_unless_it_changes_nothing(
    tmp_path: Path, host: str, value: bool | None, by: str | None
) -> None:
    found = ask(tmp_path, "", host)

    assert found.value is value
    assert (found.by.args if found.by is not None else None) == by


def test_the_directive_that_decides_is_named_and_those_that_do_not_reach_it(
    tmp_path: Path,
) -> None:
    found = ask(tmp_path, ON, section("Directory", DIRECTORY, OFF))

    assert found.by is not None
    assert found.by.parent is not None
    assert found.by.parent.name == "Directory"
    assert [(d.args, d.parent) for d in found.unreached] == [("On", None)]


def test_the_path_info_of_a_script_alias_match_is_not_part_of_the_script(tmp_path: Path) -> None:
    text = section("Files", "glance.wsgi", ON)
    text += f"WSGIScriptAliasMatch ^/image(.*) {SCRIPT}$1\n"
    (tmp_path / "httpd.conf").write_text(text, encoding="utf-8")
    config = resolve(
        FileSource(str(tmp_path)), "/httpd.conf", server_root="/", defines={}, environment={},
        httpd_version=(2, 4, 71),
    )  # fmt: skip
    (endpoint,) = find_endpoints(config)

    assert chunked_request(PerDirectory(config.all, DIRECTIVE), endpoint).value is True
