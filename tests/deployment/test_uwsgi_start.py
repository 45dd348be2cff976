"""How the units of a tree start uWSGI."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.collect import Inputs
from glance_audit.uwsgi import UwsgiConfig
from tests.deployment.trees import APACHE, read

MAIN = {f"{APACHE}/apache2.conf": "ServerName x\n"}
UNIT = "/etc/systemd/system/glance-api.service"
INI = "[uwsgi]\nmodule = glance.wsgi.api:application\nsocket-timeout = 30\n"
YAML = "uwsgi:\n  module: glance.wsgi.api:application\n"
FILES = {"/srv/image.ini": INI, "/srv/image.yaml": YAML, "/srv/more.ini": "[uwsgi]\nlisten = 7\n"}


def started(root: Path, command: str, extra: str = "", *paths: str) -> Inputs:
    unit = f"[Service]\n{extra}ExecStart={command}\n"
    return read(root, MAIN | FILES | {UNIT: unit}, *paths)


def only(inputs: Inputs) -> UwsgiConfig:
    [one] = inputs.uwsgis
    return one.config


@pytest.mark.parametrize(
    ("command", "seconds"),
    [
        ("/usr/bin/uwsgi --ini /srv/image.ini --socket-timeout 300", 300),
        ("/usr/bin/uwsgi --socket-timeout 300 --ini /srv/image.ini", 30),
        ("/usr/bin/uwsgi -z 300 --ini=/srv/image.ini", 30),
        ("/usr/bin/uwsgi --ini /srv/image.ini -z300", 300),
        ("/usr/bin/uwsgi --socket-timeout=300 /srv/image.ini", 30),
    ],
)
def test_options_of_the_command_line_act_in_their_order(
    tmp_path: Path, command: str, seconds: int
) -> None:
    timeout = only(started(tmp_path, command)).integer("socket-timeout")

    assert timeout is not None
    assert timeout[0] == seconds
    assert timeout[1].place.file == (UNIT if seconds == 300 else "/srv/image.ini")
    assert timeout[1].place.line == (2 if seconds == 300 else 3)


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("/usr/bin/uwsgi --yaml /srv/image.yaml", "/srv/image.yaml"),
        ("/usr/bin/uwsgi -y /srv/image.yaml", "/srv/image.yaml"),
        ("/usr/bin/uwsgi --yaml=/srv/image.yaml", "/srv/image.yaml"),
        ("/usr/bin/uwsgi /srv/image.yaml", "/srv/image.yaml"),
        ("/usr/bin/uwsgi-core --ini image.ini", "/srv/image.ini"),
        ("/usr/bin/uwsgi_python3 --ini image.ini:uwsgi", "/srv/image.ini"),
    ],
)
def test_the_file_is_found_however_it_is_named(tmp_path: Path, command: str, file: str) -> None:
    config = only(started(tmp_path, command, "WorkingDirectory=/srv\n"))

    assert (config.file, config.refused) == (file, False)
    assert config.last("module") is not None


def test_the_main_file_is_not_included_from_the_unit(tmp_path: Path) -> None:
    option = only(started(tmp_path, "/usr/bin/uwsgi --ini /srv/image.ini")).last("module")

    assert option is not None
    assert option.place.included_from == ()


def test_without_a_file_the_command_line_is_the_configuration(tmp_path: Path) -> None:
    command = "/usr/bin/uwsgi --http-socket :9292 --module glance.wsgi.api:application --master"
    config = only(started(tmp_path, command))

    assert config.file == UNIT
    assert [option.place.line for option in config.effective] == [2, 2, 2]


@pytest.mark.parametrize(
    "command", ["/usr/bin/uwsgi --version", "/usr/bin/uwsgi", "/usr/bin/run-uwsgi start x"]
)
def test_what_neither_has_a_file_nor_serves_is_no_configuration(
    tmp_path: Path, command: str
) -> None:
    assert started(tmp_path, command).uwsgis == ()


def test_variables_of_the_unit_are_options_at_their_place(tmp_path: Path) -> None:
    extra = "Environment=UWSGI_INI=/srv/image.ini UWSGI_HARAKIRI=9\nEnvironment=UWSGI_RELOADS=1\n"
    config = only(started(tmp_path, "/usr/bin/uwsgi --socket-timeout 5", extra))

    assert config.file == "/srv/image.ini"
    harakiri, timeout = config.integer("harakiri"), config.integer("socket-timeout")
    assert harakiri is not None
    assert timeout is not None
    assert (harakiri[0], timeout[0]) == (9, 5)
    assert (harakiri[1].place.file, harakiri[1].place.line) == (UNIT, 2)
    assert config.last("reloads") is None


def test_a_wrong_option_is_a_fatal_problem_at_the_command(tmp_path: Path) -> None:
    config = only(started(tmp_path, "/usr/bin/uwsgi --ini /srv/image.ini --nonsense"))

    [problem] = config.problems
    assert (problem.fatal, problem.place.file, problem.place.line) == (True, UNIT, 2)


def test_a_file_that_is_missing_is_a_problem_at_the_command(tmp_path: Path) -> None:
    config = only(started(tmp_path, "/usr/bin/uwsgi --ini /no.ini --http-socket :1"))

    [problem] = config.problems
    assert (problem.fatal, problem.place.file, problem.place.line) == (True, UNIT, 2)


def test_relative_names_start_at_the_units_directory_or_the_root(tmp_path: Path) -> None:
    command = "/usr/bin/uwsgi --ini /srv/image.ini --include more.ini"

    assert only(started(tmp_path, command)).refused
    assert not only(started(tmp_path, command, "WorkingDirectory=/srv\n")).refused


def test_two_sections_of_one_file_are_two_configurations(tmp_path: Path) -> None:
    unit = (
        "[Service]\nType=oneshot\nExecStart=/usr/bin/uwsgi --ini /srv/two.ini:a\n"
        "ExecStart=/usr/bin/uwsgi --ini /srv/two.ini:b\n"
    )
    text = "[a]\nhttp-socket = :1\n[b]\nhttp-socket = :2\n"
    inputs = read(tmp_path, MAIN | {UNIT: unit, "/srv/two.ini": text})

    sockets = [one.config.last("http-socket") for one in inputs.uwsgis]
    assert [option.value for option in sockets if option] == [":1", ":2"]


def test_a_script_around_uwsgi_names_the_file(tmp_path: Path) -> None:
    config = only(started(tmp_path, "/usr/lib/start-uwsgi --conf=/srv/image.yaml --what ever"))

    assert (config.file, config.refused) == ("/srv/image.yaml", False)


def test_a_named_file_is_read_as_its_unit_starts_it(tmp_path: Path) -> None:
    command = "/usr/bin/uwsgi --ini /srv/image.ini --socket-timeout 300"
    timeout = only(started(tmp_path, command, "", "/srv/image.ini")).integer("socket-timeout")

    assert timeout is not None
    assert timeout[0] == 300


@pytest.mark.parametrize(("binary", "values"), [("/usr/bin", ["x"]), ("/opt/v/bin", ['"x"'])])
def test_the_binary_tells_how_yaml_is_read(tmp_path: Path, binary: str, values: list[str]) -> None:
    files = {
        "/srv/q.yaml": 'uwsgi:\n  name: "x"\n',
        UNIT: f"[Service]\nExecStart={binary}/uwsgi --yaml /srv/q.yaml\n",
    }
    [one] = read(tmp_path, MAIN | files).uwsgis

    assert [option.value for option in one.config.all("name")] == values
