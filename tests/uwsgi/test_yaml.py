"""YAML as the two builds of uWSGI read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import ProblemKind
from glance_audit.uwsgi import Build, UwsgiConfig, resolve
from tests.uwsgi.system import CWD, write, written

LISTS = "uwsgi:\n  master: true\n  env:\n    - A=1\n    - B=2\n  processes: 4 # all\n"


def read(root: Path, text: str, build: Build | None = Build.DEBIAN) -> UwsgiConfig:
    source = write(root, {"glance.yaml": text})
    return resolve(source, f"{CWD}/glance.yaml", cwd=CWD, build=build)


def options(config: UwsgiConfig) -> list[tuple[str, str]]:
    return [(option.key, option.value) for option in config.pairs[1:]]


def test_a_list_is_the_option_once_for_each_item(tmp_path: Path) -> None:
    config = read(tmp_path, LISTS)

    assert options(config) == [
        ("master", "true"),
        ("env", "A=1"),
        ("env", "B=2"),
        ("processes", "4"),
    ]
    assert config.problems == ()


def test_every_item_has_its_own_place(tmp_path: Path) -> None:
    items = read(tmp_path, LISTS).all("env")

    assert [written(tmp_path, item.value_place) for item in items] == ["A=1", "B=2"]
    assert [written(tmp_path, item.key_place) for item in items] == ["env", "env"]
    assert [item.value_place.line for item in items] == [4, 5]


def test_the_place_of_a_quoted_value_is_what_stands_between_the_quotes(tmp_path: Path) -> None:
    option = read(tmp_path, 'uwsgi:\n  add-header: "Connection: close"\n').pairs[-1]

    assert option.value == "Connection: close"
    assert written(tmp_path, option.value_place) == "Connection: close"


def test_behind_a_byte_order_mark_places_are_right(tmp_path: Path) -> None:
    option = read(tmp_path, "\ufeffuwsgi:\n  é: x\n").pairs[-1]

    assert (written(tmp_path, option.key_place), option.key_place.line) == ("é", 2)
    assert written(tmp_path, option.value_place) == "x"


def test_the_asked_block_is_where_an_absence_is_told(tmp_path: Path) -> None:
    config = read(tmp_path, "other:\n  a: 1\nuwsgi:\n  b: 2\n")

    assert config.section_place is not None
    assert (config.section_place.line, config.section_place.end_column) == (3, 6)


def test_what_libyaml_cannot_scan_is_a_fatal_problem_at_its_place(tmp_path: Path) -> None:
    config = read(tmp_path, "uwsgi:\n  a: 1\n  b: @x\n  c: 3\n")

    [problem] = config.problems
    assert (problem.kind, problem.fatal) == (ProblemKind.SYNTAX, True)
    assert (problem.place.line, problem.place.column) == (3, 6)
    assert "libyaml refuses" in problem.message


@pytest.mark.parametrize("text", ["uwsgi:\n  a: \udcff\n", "uwsgi:\n  a: \x01\n", "uwsgi:\n a: \0"])
def test_bytes_that_are_no_yaml_are_a_problem_never_a_traceback(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).refused


def test_an_anchor_ends_the_reading_without_a_word(tmp_path: Path) -> None:
    config = read(tmp_path, "uwsgi:\n  a: 1\n  b: &x 2\n  c: 3\n")

    assert options(config) == [("a", "1")]
    [problem] = config.problems
    assert (problem.fatal, problem.place.line) == (False, 3)


def test_aliases_stand_for_nothing_however_many_there_are(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    config = read(tmp_path, f"{bomb}uwsgi:\n  a: [*a29]\n  b: 1\n")

    assert options(config) == [("b", "1")]


@pytest.mark.parametrize("opening", ["[", "{", "\n    ? "])
def test_blocks_without_end_take_no_time(tmp_path: Path, opening: str) -> None:
    deep = opening + opening.strip("\n ").ljust(2) * 1_000_000
    [problem] = read(tmp_path, f"uwsgi:\n  a: {deep}").problems

    assert (problem.fatal, problem.place.line) == (False, 2 + opening.count("\n"))
    assert "too deep" in problem.message


def test_a_block_without_options_is_told(tmp_path: Path) -> None:
    [problem] = read(tmp_path, "other:\n  a: 1\n").problems

    assert (problem.kind, problem.fatal) == (ProblemKind.SYNTAX, False)
    assert "uWSGI finds no option below uwsgi" in problem.message


def test_without_libyaml_the_first_list_ends_the_reading(tmp_path: Path) -> None:
    config = read(tmp_path, LISTS, Build.PYPI)

    assert options(config) == [("master", "true")]
    stop, difference = config.problems
    assert (stop.fatal, stop.place.line) == (False, 3)
    assert "stops here" in stop.message
    assert "goes on with env" in difference.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('uwsgi:\n  a: "x"\n', [("a", '"x"')]),
        ("uwsgi:\n  a: x#y\n  b:\t2\n", [("a", "x"), ("b", "2")]),
        ("uwsgi:\n  a: 1\nb: 2\n", [("a", "1")]),
        ("uwsgi:\n  a: 1\n\n # c\n    b: 2\n", [("a", "1"), ("b", "2")]),
        ("x:\n  uwsgi:\n    a: 1\n", []),
        ("uwsgi: 1\n  a: 1\n", [("a", "1")]),
        ("uwsgi :\n  a: 1\n", []),
        ("uwsgi:\r\n  a: 1\r\n", [("a", "1\r")]),
        ("uwsgi:\n  a : 1  \n  b:2\n  c: 3\n", [("a", "1")]),
    ],
)
def test_without_libyaml_lines_count_and_nothing_else(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    config = read(tmp_path, text, Build.PYPI)

    assert options(config) == expected
    for option in config.pairs[1:]:
        assert written(tmp_path, option.value_place) == option.value


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ('uwsgi:\n  a: 1\n  b: "x"\n', "gives b another value", 3),
        (LISTS, "ends before env", 3),
        ("uwsgi:\n  a: 1\n  b: @x\n", "reads it", 3),
        ("uwsgi:\n  a: 1\n  ? b\n  : 2\n", "ends before b", 3),
    ],
)
def test_where_the_builds_part_is_told_when_nobody_knows_the_build(
    tmp_path: Path, text: str, said: str, line: int
) -> None:
    problem = read(tmp_path, text, None).problems[-1]

    assert (problem.kind, problem.fatal) == (ProblemKind.SYNTAX, False)
    assert "libyaml (Debian) is assumed" in problem.message
    assert said in problem.message
    assert problem.place.line == line


def test_builds_that_agree_are_not_mentioned(tmp_path: Path) -> None:
    for build in (None, *Build):
        assert read(tmp_path, "---\nuwsgi:\n  a: 1\n  b: x y\n", build).problems == ()
