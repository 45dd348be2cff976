"""Which settings file holds in a directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from glance_audit.cli.settings.find import find


def lay_out(directory: Path, *files: str) -> None:
    for name in files:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[tool.glance-audit]\n" if name.endswith("pyproject.toml") else "")


@pytest.mark.parametrize(
    ("files", "cwd", "found"),
    [
        ("glance-audit.toml", ".", "glance-audit.toml"),
        ("pyproject.toml", ".", "pyproject.toml"),
        ("pyproject.toml glance-audit.toml", ".", "glance-audit.toml"),
        ("r/.git/HEAD r/glance-audit.toml r/a/b/x", "r/a/b", "r/glance-audit.toml"),
        ("r/.git r/glance-audit.toml r/a/x", "r/a", "r/glance-audit.toml"),
        ("r/.git/HEAD r/pyproject.toml r/a/glance-audit.toml", "r/a", "r/a/glance-audit.toml"),
        ("r/.git/HEAD glance-audit.toml r/a/x", "r/a", None),
        ("glance-audit.toml a/b/x", "a/b", None),
        ("a/x", "a", None),
    ],
    ids=[
        "in the directory", "in the project's file", "the own file before the project's",
        "further up in the repository", "a work tree's .git is a file", "the nearest",
        "not beyond the repository", "not further up outside a repository", "none",
    ],
)  # fmt: skip
def test_the_file_is_found(tmp_path: Path, files: str, cwd: str, found: str | None) -> None:
    lay_out(tmp_path, *files.split())
    assert find(str(tmp_path / cwd)) == (None if found is None else str(tmp_path / found))


@pytest.mark.parametrize(
    "text",
    ["[tool.ruff]\n", '[project]\ndependencies = ["glance-audit"]\n', "[tool.ruff]\nbroken"],
)
def test_a_project_without_our_table_is_passed_over(tmp_path: Path, text: str) -> None:
    lay_out(tmp_path, ".git/HEAD", "glance-audit.toml", "a/b")
    (tmp_path / "a/pyproject.toml").write_text(text)
    assert find(str(tmp_path / "a")) == str(tmp_path / "glance-audit.toml")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
@pytest.mark.parametrize("planted", ["r", "r/.git"])
def test_what_another_user_can_plant_further_up_is_not_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    monkeypatch.delenv("SUDO_UID", raising=False)
    lay_out(tmp_path, "r/.git/HEAD", "r/glance-audit.toml", "r/a/b")
    assert find(str(tmp_path / "r/a")) == str(tmp_path / "r/glance-audit.toml")
    os.chown(tmp_path / planted, 65534, 65534)
    assert find(str(tmp_path / "r/a")) is None
    monkeypatch.setenv("SUDO_UID", "65534")
    assert find(str(tmp_path / "r/a")) == str(tmp_path / "r/glance-audit.toml")


def test_a_broken_file_that_speaks_of_us_is_found_so_that_it_can_be_complained_of(
    tmp_path: Path,
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.glance-audit]\nselect = \n")
    assert find(str(tmp_path)) == str(tmp_path / "pyproject.toml")


def test_so_is_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "glance-audit.toml").symlink_to("nowhere")
    assert find(str(tmp_path)) == str(tmp_path / "glance-audit.toml")
