"""uWSGI's command line; tests/oracle compares more of them with uWSGI itself."""

from __future__ import annotations

import pytest

from glance_audit.files import Place
from glance_audit.uwsgi import load_options, parse_command_line
from glance_audit.uwsgi.command_line import SHORT, CommandLine

PLACE = Place("/etc/systemd/system/uwsgi.service", 3, 11, 3, 40)


def parsed(line: str) -> CommandLine:
    return parse_command_line(line.split(" "), PLACE)


def taken(line: str) -> list[tuple[str, str]]:
    return [(option.key, option.value) for option in parsed(line).options]


def test_options_keep_their_order_and_have_the_place_of_the_command() -> None:
    line = parsed("--ini x.ini --socket-timeout 300 --ini=y.ini")

    assert [(o.key, o.value) for o in line.options] == [
        ("ini", "x.ini"),
        ("socket-timeout", "300"),
        ("ini", "y.ini"),
    ]
    assert {o.place for o in line.options} == {PLACE}
    assert {o.origin for o in line.options} == {"command-line"}


def test_short_options_stand_alone_or_together() -> None:
    assert taken("-y f.yaml -MTp4 -s :1") == [
        ("yaml", "f.yaml"),
        ("master", "true"),
        ("enable-threads", "true"),
        ("processes", "4"),
        ("socket", ":1"),
    ]


def test_a_number_without_a_value_is_one() -> None:
    assert taken("--http-keepalive --master") == [("http-keepalive", "1"), ("master", "true")]


def test_what_is_no_option_is_a_file_and_loaded_last() -> None:
    line = parsed("x.ini --master -- --ini")

    assert line.files == (("x.ini", PLACE), ("--ini", PLACE))
    assert [o.key for o in line.options] == ["master"]


@pytest.mark.parametrize(
    ("line", "said", "fatal"),
    [
        ("--nonsense 1", "knows no option --nonsense", True),
        ("--plugins x --nonsense 1", "knows no option --nonsense", False),
        ("-Z", "knows no option -Z", True),
        ("--sock 1", "knows no option --sock", True),
        ("--master=1", "--master takes no value", True),
        ("--ini", "--ini needs a value", True),
    ],
)
def test_what_uwsgi_refuses_is_a_problem(line: str, said: str, fatal: bool) -> None:
    [problem] = parsed(line).problems

    assert said in problem.message
    assert (problem.fatal, problem.place) == (fatal, PLACE)


def test_every_short_option_is_in_the_table() -> None:
    table = load_options()
    assert [name for name in SHORT.values() if name not in table] == []
