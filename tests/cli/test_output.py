"""Where the report goes and how it looks there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from glance_audit.cli.output import colored, deliver
from glance_audit.cli.status import Refused
from tests.cli.deployments import lay_out

PROGRAM = [sys.executable, "-m", "glance_audit"]


@pytest.mark.parametrize(
    ("wish", "environment", "terminal", "expected"),
    [
        ("auto", {"TERM": "xterm"}, True, True),
        ("auto", {"TERM": "xterm"}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ("auto", {"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours_follow_the_option_then_the_environment_then_the_terminal(
    wish: str, environment: dict[str, str], terminal: bool, expected: bool
) -> None:
    assert colored(wish, environment, terminal) is expected


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    target.chmod(0o640)
    before = target.stat().st_ino
    deliver(lambda stream: stream.write("new \udcff\n") and None, str(target))

    assert target.read_text() == "new \\udcff\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.stat().st_ino != before
    assert os.listdir(tmp_path) == ["report.txt"]


def test_a_new_file_has_the_mode_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        deliver(lambda stream: None, str(tmp_path / "new"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_a_report_that_fails_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")

    def fail(stream: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deliver(fail, str(target))
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.txt"]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    deliver(lambda stream: stream.write("new") and None, str(tmp_path / "link"))

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no/such: cannot be written: no such file or directory"):
        deliver(lambda stream: None, f"{tmp_path}/no/such")


def test_a_file_without_a_name_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        deliver(lambda stream: stream.write("x"), "")
    assert str(refused.value) == "--output: name a file, or - for standard output"


def test_a_pipe_of_the_shell_is_written_to() -> None:
    read, write = os.pipe()
    deliver(lambda stream: stream.write("report"), f"/dev/fd/{write}")
    os.close(write)
    with open(read, "rb") as stream:
        assert stream.read() == b"report"


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_has_names(capsys: pytest.CaptureFixture[str], name: str) -> None:
    deliver(lambda stream: stream.write("report"), name)
    assert capsys.readouterr().out == "report"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    lay_out(tmp_path)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*PROGRAM, "show", str(tmp_path)], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_is_told_in_a_line(tmp_path: Path) -> None:
    lay_out(tmp_path)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*PROGRAM, str(tmp_path)], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert done.stderr == (
        "glance-audit: standard output cannot be written: no space left on device\n"
    )


def test_a_closed_standard_output_is_told_in_a_line(tmp_path: Path) -> None:
    lay_out(tmp_path)
    command = ["bash", "-c", '"$@" >&-', "bash", *PROGRAM, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)

    assert done.returncode == 2
    assert done.stderr.startswith("glance-audit: standard output is closed")


def test_an_ascii_terminal_gets_ascii(tmp_path: Path) -> None:
    lay_out(tmp_path, apache="ServerName caf\u00e9\n<VirtualHost *:80>\nServerName caf\u00e9\n"
            "ProxyPass /image http://127.0.0.1:60999\n</VirtualHost>\n")  # fmt: skip
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*PROGRAM, "show", str(tmp_path)], capture_output=True, env=environment)

    assert done.returncode == 0
    assert b"caf\\xe9" in done.stdout
