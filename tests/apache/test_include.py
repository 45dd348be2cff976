from __future__ import annotations

import os
from pathlib import Path

import pytest

from glance_audit.apache import ApacheConfig, resolve
from glance_audit.apache.include import merged_path
from glance_audit.files import FileSource, Inclusion, Limits, ProblemKind
from tests.apache.tree import messages, plain, read

NAMES = ["10.conf", "9.conf", "B.conf", "README", "_u.conf", "a.conf", "a.conf.bak", ".hidden"]


def conf_d(names: list[str]) -> dict[str, str]:
    return {f"conf.d/{name}": f"A {name}\n" for name in names}


def kinds(config: ApacheConfig) -> list[tuple[int, ProblemKind]]:
    return [(problem.place.line, problem.kind) for problem in config.problems]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("conf.d/*.conf", ["10.conf", "9.conf", "B.conf", "_u.conf", "a.conf"]),
        ("conf.d/a*", ["a.conf", "a.conf.bak"]),
        ("conf.d/.h*", [".hidden"]),
        ("conf.d", [".hidden", *NAMES[:-1]]),
        ("conf.d/", [".hidden", *NAMES[:-1]]),
        ("c*", [".hidden", *NAMES[:-1]]),
        ("./conf.d/../conf.d//a.conf", ["a.conf"]),
    ],
)
def test_entries_come_in_the_order_of_their_bytes(
    tmp_path: Path, path: str, expected: list[str]
) -> None:
    config = read(tmp_path, f"Include {path}\n", conf_d(NAMES))
    assert messages(config) == []
    assert plain(config) == [f"A {name}" for name in expected]
    assert config.files[1:] == tuple(f"{tmp_path}/conf.d/{name}" for name in expected)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("nope.conf", ProblemKind.INCLUDE_MISSING),
        ("conf.d/*.nope", ProblemKind.INCLUDE_MISSING),
        ("nope/*.conf", ProblemKind.INCLUDE_MISSING),
        ("httpd.conf/", ProblemKind.INCLUDE_MISSING),
        ("sites/*/a.conf", ProblemKind.INCLUDE_MISSING),  # must be in every directory
        ('""', ProblemKind.SYNTAX),
        ("a b", ProblemKind.SYNTAX),
        ("", ProblemKind.SYNTAX),
    ],
)
def test_an_include_without_a_match_is_fatal_and_the_rest_is_read(
    tmp_path: Path, path: str, kind: ProblemKind
) -> None:
    files = {**conf_d(NAMES), "sites/1/b.conf": "", "sites/2/a.conf": ""}
    config = read(tmp_path, f"B\nInclude {path}\nC\n", files)
    assert kinds(config) == [(2, kind)]
    assert config.refused
    assert plain(config) == ["B", "C"]


@pytest.mark.parametrize("path", ["nope.conf", "conf.d/*.nope", "nope/*.conf", "nope/*/x"])
def test_includeoptional_is_silent(tmp_path: Path, path: str) -> None:
    config = read(tmp_path, f"IncludeOptional {path}\nC\n", conf_d(NAMES))
    assert messages(config) == []
    assert plain(config) == ["C"]


def test_the_null_device_is_an_empty_file(tmp_path: Path) -> None:
    assert messages(read(tmp_path, "Include /dev/null\n")) == []


def test_a_dangling_link_is_an_error_for_include_alone(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d/x.conf").symlink_to("nowhere")
    assert kinds(read(tmp_path, "Include d/*.conf\n")) == [(1, ProblemKind.INCLUDE_MISSING)]
    assert messages(read(tmp_path, "IncludeOptional d/*.conf\n")) == []


def test_a_file_that_cannot_be_read_is_told_at_its_include(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    os.mkfifo(tmp_path / "conf.d/a.conf")
    config = read(tmp_path, "B\nInclude conf.d/*\nC\n", {"conf.d/b.conf": "A\n"})
    assert kinds(config) == [(2, ProblemKind.UNREADABLE)]
    assert "is not a regular file" in config.problems[0].message
    assert plain(config) == ["B", "A", "C"]


def test_a_file_beyond_the_bound_is_told(tmp_path: Path) -> None:
    (tmp_path / "httpd.conf").write_text("Include big.conf\nC\n")
    (tmp_path / "big.conf").write_text("A\n" * 100)
    source = FileSource(limits=Limits(file_bytes=64))
    config = resolve(source, f"{tmp_path}/httpd.conf", server_root=str(tmp_path))
    assert kinds(config) == [(1, ProblemKind.UNREADABLE)]
    assert plain(config) == ["C"]


def test_a_main_file_that_is_missing_is_told_as_a_whole(tmp_path: Path) -> None:
    config = resolve(FileSource(), f"{tmp_path}/nope.conf", server_root=str(tmp_path))
    assert kinds(config) == [(0, ProblemKind.UNREADABLE)]
    assert config.refused


def test_nothing_outside_the_root_is_opened(tmp_path: Path) -> None:
    (tmp_path / "outside.conf").write_text("Secret\n")
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "outside.conf").write_text("Inside\n")
    (root / "etc/link.conf").symlink_to("../../outside.conf")
    (root / "etc/httpd.conf").write_text("Include ../../../outside.conf\nInclude link.conf\n")
    config = resolve(FileSource(str(root)), "/etc/httpd.conf", server_root="/etc")
    assert plain(config) == ["Inside", "Inside"]
    assert config.files == ("/etc/httpd.conf", "/outside.conf", "/etc/link.conf")


def test_a_directive_knows_the_way_it_came(tmp_path: Path) -> None:
    files = {"a.conf": "\n<Location /x>\nInclude b.conf\n</Location>\n", "b.conf": "A\n"}
    config = read(tmp_path, "Include \\\n  a.conf\n", files)
    one = next(one for one in config.all.every if one.name == "A")
    assert one.parent is config.directives[0]
    assert one.place.file == f"{tmp_path}/b.conf"
    assert one.place.included_from == (
        Inclusion(f"{tmp_path}/httpd.conf", 1),
        Inclusion(f"{tmp_path}/a.conf", 3),
    )


def test_a_fragment_in_two_sections_is_in_both_with_its_own_chain(tmp_path: Path) -> None:
    text = "<Location /a>\nInclude f\n</Location>\n<Location /b>\nInclude f\n</Location>\n"
    config = read(tmp_path, text, {"f": "A\n"})
    assert plain(config) == ["<Location /a>", "  A", "<Location /b>", "  A"]
    chains = [one.place.included_from[0].line for one in config.all.every if one.name == "A"]
    assert chains == [2, 5]
    assert config.files == (f"{tmp_path}/httpd.conf", f"{tmp_path}/f")


def test_a_section_is_closed_in_the_file_that_opened_it(tmp_path: Path) -> None:
    config = read(tmp_path, "Include a\n</Location>\nC\n", {"a": "<Location /x>\nA\n"})
    assert messages(config) == [
        (1, "<Location> was not closed."),
        (2, "</Location> without matching <Location> section"),
    ]
    assert plain(config) == ["<Location /x>", "  A", "C"]


def test_files_that_include_each_other_end_with_a_problem_for_each_include(tmp_path: Path) -> None:
    files = {"a": "Include b\nInclude b\nA\n", "b": "Include a\nB\n"}
    config = read(tmp_path, "Include a\nC\n", files)
    assert {kind for _, kind in kinds(config)} == {ProblemKind.UNREADABLE}
    assert len(config.problems) <= 3
    assert plain(config)[-1] == "C"
    assert len(config.directives) < 1000


@pytest.mark.parametrize(
    ("root", "path", "expected"),
    [
        ("/r", "a", "/r/a"),
        ("/r", "/a", "/a"),
        ("/r", "//a", "/a"),
        ("/r", "a/../b", "/r/b"),
        ("/r", "../../../b", "/b"),
        ("/r", "a/", "/r/a/"),
        ("/r", "a/.", "/r/a/"),
        ("/r", "a/b/..", "/r/a/"),
        ("/", "a", "/a"),
        ("/r/", "a", "/r/a"),
        ("/r", "/", "/"),
    ],
)
def test_paths_are_merged_as_apr_merges_them(root: str, path: str, expected: str) -> None:
    assert merged_path(root, path) == expected


def test_a_server_root_that_is_none_leaves_the_one_before(tmp_path: Path) -> None:
    config = read(tmp_path, "ServerRoot /nowhere/at/all\nInclude a\n", {"a": "A\n"})
    assert [line for line, _ in messages(config)] == [1]
    assert "ServerRoot must be a valid directory" in config.problems[0].message
    assert plain(config) == ["A"]


def test_a_later_server_root_moves_what_is_relative(tmp_path: Path) -> None:
    files = {"sub/a": "A sub\n", "a": "A top\n"}
    config = read(tmp_path, f"Include a\nServerRoot {tmp_path}/sub\nInclude a\n", files)
    assert plain(config) == ["A top", "A sub"]
