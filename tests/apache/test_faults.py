"""After a fault, what is left is still read; Apache's behaviour is known all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glance_audit.apache import bound
from glance_audit.apache.dump import to_json
from glance_audit.files import ProblemKind
from tests.apache.tree import MACRO, messages, plain, read


@pytest.mark.parametrize(
    ("text", "line", "message", "tree"),
    [
        (
            "<Location /x>\nA\n",
            1,
            "<Location> was not closed.",
            ["<Location /x>", "  A"],
        ),
        (
            "A\n</Location>\nB\n",
            2,
            "</Location> without matching <Location> section",
            ["A", "B"],
        ),
        (
            "<Location /x>\n</Directory>\nA\n</Location>\nB\n",
            2,
            "Expected </Location> but saw </Directory>",
            ["<Location /x>", "  A", "B"],
        ),
        (
            "<VirtualHost *>\n<Location /x>\nA\n</VirtualHost>\nB\n",
            4,
            "Expected </Location> but saw </VirtualHost>",
            ["<VirtualHost *>", "  <Location /x>", "    A", "B"],
        ),
        (
            "<Location /x>\nA\n</Location >\nB\n",
            3,
            "</Location> directive missing closing '>'",
            ["<Location /x>", "  A", "B"],
        ),
        (
            "LoadModule x\nA\n",
            1,
            "LoadModule takes two arguments, a module name and the name of a shared object file",
            ["A"],
        ),
        ("ServerRoot /a /b\nA\n", 1, "ServerRoot takes one argument", ["A"]),
        ("DefaultRuntimeDir /a /b\nA\n", 1, "DefaultRuntimeDir takes one argument", ["A"]),
    ],
)
def test_a_fault_is_told_and_the_rest_is_read(
    tmp_path: Path, text: str, line: int, message: str, tree: list[str]
) -> None:
    config = read(tmp_path, text)
    assert messages(config) == [(line, message)]
    assert config.problems[0].kind is ProblemKind.SYNTAX
    assert config.problems[0].help
    assert config.refused
    assert plain(config) == tree
    assert to_json(config)["tree"] is None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("<Location /x>\nA\n</location>\n", ["<Location /x>", "  A"]),
        ("<Location /x>\nA\n</Location> # c\n", ["<Location /x>", "  A"]),
        ("SetEnv> A 1\n", ["SetEnv A 1"]),
        ('"SetEnv" A 1\n', ["SetEnv A 1"]),
        ('"SetEnv"A 1\n', ["SetEnv A 1"]),
        ("Set\\\\Env A\n", ["Set\\Env A"]),
        ('""\nA\n', ["A"]),
        ("x/y> 1\n", ["x/y> 1"]),
    ],
)
def test_what_looks_like_a_fault_and_is_none(tmp_path: Path, text: str, tree: list[str]) -> None:
    config = read(tmp_path, text)
    assert messages(config) == []
    assert plain(config) == tree


class TestHostileInput:
    """An audit ends, says where it stopped, and shows no traceback."""

    def test_a_variable_that_doubles_itself(self, tmp_path: Path) -> None:
        text = "Define A xxxxxxxx\n" + "Define A ${A}${A}\n" * 60 + "B\n"
        config = read(tmp_path, text)
        assert messages(config)[-1][1] == ("variables bring in too much text; the rest is left out")
        assert config.problems[-1].kind is ProblemKind.UNREADABLE

    def test_many_long_lines_out_of_variables(self, tmp_path: Path) -> None:
        text = "Define A " + "x" * 500_000 + "\n" + "B ${A}\n" * 1000
        config = read(tmp_path, text)
        assert config.problems[-1].kind is ProblemKind.UNREADABLE
        assert len(config.directives) < 200

    def test_macros_that_only_use_each_other(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bound, "LINES", 20_000)
        monkeypatch.setattr(bound, "NAMES", 2**40)
        macros = "".join(
            f"<Macro m{n}>\nUse m{n - 1}\nUse m{n - 1}\n</Macro>\n" for n in range(1, 40)
        )
        config = read(tmp_path, f"{MACRO}<Macro m0>\n</Macro>\n{macros}Use m39\nB\n")
        assert messages(config)[-1][1] == "more than 20000 lines; the rest is left out"

    def test_macros_that_define_macros_for_ever(self, tmp_path: Path) -> None:
        depth = 40
        opening = "".join(f"<Macro m{n}>\n" for n in range(depth))
        closing = "".join(
            f"A\n</Macro>\nUse m{n}\n" if n else "A\n</Macro>\n" for n in reversed(range(depth))
        )
        config = read(tmp_path, f"{MACRO}{opening}{closing}Use m0\n")
        assert messages(config)[-1][1] == (
            "macros are nested too deep, or used too often; the rest is left out"
        )

    def test_files_that_include_the_next_one_twice(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bound, "READINGS", 2_000)
        files = {f"f{n}": f"Include f{n + 1}\n" * 2 for n in range(60)} | {"f60": "A\n"}
        config = read(tmp_path, "Include f0\n", files)
        assert messages(config)[-1][1] == "more than 2000 files are included; the rest is left out"

    def test_sections_without_end(self, tmp_path: Path) -> None:
        config = read(tmp_path, "<Location /x>\n" * 5000)
        assert messages(config)[-1][1].startswith("sections are nested deeper than 200")
        json.dumps(to_json(config))
        assert sum(1 for _ in config.all.every) == 201

    def test_conditionals_without_end(self, tmp_path: Path) -> None:
        config = read(tmp_path, "<IfModule core.c>\n" * 20_000 + "A\n" * 20_000)
        assert messages(config) == []
        assert len(config.directives) == 20_000

    def test_faults_without_end(self, tmp_path: Path) -> None:
        config = read(tmp_path, "</x>\n" * 30_000)
        assert len(config.problems) == bound.PROBLEMS + 1

    @pytest.mark.parametrize(
        "pattern", [".*" * 500 + "x", "(((((((((.*)*)*)*)*)*)*)*)*)*x", "a{99999999999}", "(" * 60]
    )
    def test_a_pattern_for_ifversion(self, tmp_path: Path, pattern: str) -> None:
        read(tmp_path, f'<IfVersion ~ "{pattern}">\nA\n</IfVersion>\n')

    @pytest.mark.parametrize("version", ["9" * 5000, "2." + "4" * 5000])
    def test_a_number_for_ifversion(self, tmp_path: Path, version: str) -> None:
        config = read(tmp_path, f"<IfVersion < {version}>\nA\n</IfVersion>\n")
        assert plain(config) == ["A"]

    @pytest.mark.parametrize(
        "content", ["\0\0\0", "\x7fELF\0\xff\udcff", "\ud800"[:0] + "\\\n" * 9]
    )
    def test_bytes_that_are_no_text(self, tmp_path: Path, content: str) -> None:
        read(tmp_path, content)
