"""A line for those who wait, and for nobody else."""

from __future__ import annotations

import io
from pathlib import Path
from time import sleep

import pytest

from glance_audit.cli import progress
from glance_audit.cli.progress import Progress
from glance_audit.files import FileSource


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_after_a_while_the_files_are_counted_and_then_the_line_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    (tmp_path / "a").write_text("A\n")
    source = FileSource(str(tmp_path))
    source.text("/a")

    with Progress(wanted=True) as shown:
        shown.follow(source)
        for _ in range(200):
            if "1 file read" in terminal.getvalue():
                break
            sleep(0.02)

    assert "glance-audit: 1 file read" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_short_audit_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with Progress(wanted=True):
        pass

    assert terminal.getvalue() == ""


@pytest.mark.parametrize("wanted", [True, False])
def test_what_is_no_terminal_gets_nothing(wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO() if wanted else Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)

    with Progress(wanted=wanted):
        sleep(0.02)

    assert stream.getvalue() == ""
