"""What a person at a terminal sees, and what goes where no terminal is."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.cli.deployments import QUIET, lay_out

PROGRAM = [sys.executable, "-m", "glance_audit"]
COLOR = re.compile(r"\x1b\[[0-9;]*m")
LINK = re.compile(r"\x1b\]8;;(?P<to>[^\x1b]*)\x1b\\(?P<text>.*?)\x1b\]8;;\x1b\\")


def environment(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1", "TERM": "xterm-256color", **more}


def on_terminal(columns: int, *arguments: str, **variables: str) -> str:
    """Return the bytes that a terminal of so many columns gets."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with subprocess.Popen(
        [*PROGRAM, *arguments], stdin=theirs, stdout=theirs, stderr=theirs,
        env=environment(**variables),
    ):  # fmt: skip
        os.close(theirs)
        got = bytearray()
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            got += piece
    os.close(ours)
    return got.decode().replace("\r\n", "\n")


def piped(*arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, env=environment(**variables)
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(lay_out(tmp_path_factory.mktemp("shared")))


def timeless(text: str) -> str:
    return re.sub(r"\d+\.\d+ s\)", "0.00 s)", text)


@pytest.mark.parametrize("columns", [80, 120])
def test_a_code_leads_to_its_page_and_takes_no_room(shared: str, columns: int) -> None:
    seen = on_terminal(columns, shared)

    links = {(found["text"], found["to"]) for found in LINK.finditer(COLOR.sub("", seen))}
    assert ("error[GA201]", "https://glance-audit.readthedocs.io/en/latest/rules/GA201/") in links
    shown = COLOR.sub("", LINK.sub(r"\g<text>", seen))
    assert "\x1b" not in shown
    hint = "why, and the way out: glance-audit explain GA201\n"
    assert timeless(shown) == timeless(piped("--width", str(columns), shared)) + hint
    assert max(map(len, shown.splitlines())) <= columns


def test_only_the_codes_are_links_in_quiet_and_in_statistics(shared: str) -> None:
    quiet = COLOR.sub("", on_terminal(80, "-q", shared))
    table = COLOR.sub("", on_terminal(80, "-q", "--statistics", shared))

    assert "error[GA201]" in {found["text"] for found in LINK.finditer(quiet)}
    assert "GA201" in {found["text"] for found in LINK.finditer(table)}
    assert "explain" not in quiet + table


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--no-hyperlinks",), {}),
        (("--color", "never"), {}),
        ((), {"NO_COLOR": "1"}),
        ((), {"TERM": "dumb"}),
        ((), {"TERM": "linux"}),
        ((), {"FORCE_HYPERLINK": "0"}),
        ((), {"VTE_VERSION": "4803"}),
        (("--format", "concise"), {}),
        (("--format", "json"), {}),
    ],
)
def test_there_are_no_links_where_they_are_not_wanted_or_not_understood(
    shared: str, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    assert "\x1b]8" not in on_terminal(80, *arguments, shared, **variables)


@pytest.mark.parametrize("name", ["rich", "concise", "markdown", "github", "gitlab"])
def test_what_is_piped_has_no_escape_sequence_and_no_hint(shared: str, name: str) -> None:
    out = piped("--format", name, shared)

    assert "GA201" in out
    assert "\x1b" not in out
    assert "explain" not in out


def test_links_can_be_had_where_no_terminal_is(shared: str) -> None:
    assert LINK.search(piped("--hyperlinks", shared))
    assert LINK.search(piped(shared, FORCE_HYPERLINK="1"))
    assert LINK.search(piped("--no-hyperlinks", shared, FORCE_HYPERLINK="1")) is None


def test_a_clean_audit_names_no_next_step_and_quietly_says_nothing(tmp_path: Path) -> None:
    clean = ("--severity", "error", str(lay_out(tmp_path, QUIET)))

    assert "explain" not in on_terminal(80, *clean)
    assert on_terminal(80, "-q", *clean) == ""
    assert piped("-q", *clean) == ""
