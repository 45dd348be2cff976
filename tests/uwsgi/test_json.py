"""JSON as Debian's uWSGI reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import ProblemKind
from glance_audit.uwsgi import Build, UwsgiConfig, resolve
from tests.uwsgi.system import CWD, resolved, write, written


def read(root: Path, text: str, build: Build | None = None) -> UwsgiConfig:
    source = write(root, {"glance.json": text})
    return resolve(source, f"{CWD}/glance.json", cwd=CWD, build=build)


def test_members_are_options_in_their_order(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        '{"x": {"no": 1},\n "uwsgi": {\n  "a": true, "b": [1, "two",\n 3.50], "c": {"d": 1}}}',
    )

    assert [(o.key, o.value, o.value_place.line) for o in config.pairs[1:]] == [
        ("a", "1", 3),
        ("b", "1", 3),
        ("b", "two", 3),
        ("b", "3.50", 4),
    ]
    assert [written(tmp_path, o.key_place) for o in config.pairs[1:]] == ["a", "b", "b", "b"]
    assert written(tmp_path, config.pairs[3].value_place) == "two"
    assert config.section_place is not None
    assert config.section_place.line == 2
    assert config.problems == ()


def test_a_key_is_placed_although_its_text_stands_elsewhere_too(tmp_path: Path) -> None:
    config = read(tmp_path, '{"uwsgi": {"b": "a", /* "a" */ "a": "\\"a\\"", "a": 2}}')

    columns = [(o.key_place.column, o.value_place.column) for o in config.pairs[1:]]
    assert columns == [(13, 18), (33, 38), (47, 51)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"uwsgi": {"a": 1,}}', 1),
        ('{"uwsgi":\n {"a": 01}}', 2),
        ('{"uwsgi":\n\n {"a": "\udcff"}}', 3),
        ('{"other":\n {}}', 1),
        ('{"x": 1,\n"uwsgi": []}', 2),
        ("[]", 1),
        ("", 1),
        ('{"uwsgi": {"a": NaN}}', 1),
    ],
)
def test_what_uwsgi_refuses_is_a_fatal_problem_at_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    [problem] = read(tmp_path, text).problems

    assert (problem.kind, problem.fatal, problem.place.line) == (ProblemKind.SYNTAX, True, line)


def test_what_lies_too_deep_is_a_problem_never_a_traceback(tmp_path: Path) -> None:
    [problem] = read(tmp_path, '{"uwsgi": ' + "[" * 100_000).problems

    assert "too deep" in problem.message


def test_a_build_without_json_ends_at_it(tmp_path: Path) -> None:
    assert read(tmp_path, '{"uwsgi": {"a": 1}}', Build.PYPI).refused


@pytest.mark.parametrize(("key", "refused"), [("json", False), ("js", False), ("include", True)])
def test_for_a_build_without_json_its_option_is_a_placeholder(
    tmp_path: Path, key: str, refused: bool
) -> None:
    more = {"x.json": '{"uwsgi": {"a": 1}}'}
    config = resolved(tmp_path, f"[uwsgi]\n{key} = x.json\n", more, build=Build.PYPI)

    assert config.refused == refused
    assert config.last("a") is None
    assert [problem.place.line for problem in config.problems] == [2]
