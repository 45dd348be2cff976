"""EnvironmentFile= is read with systemd's own rules."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from glance_audit.environment import Environment, read_environment_file
from glance_audit.files import FileSource, Place

if TYPE_CHECKING:
    from pathlib import Path

# it reads environment.d with the tokenizer that EnvironmentFile= has, and prints what it read
GENERATOR = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"

FILES = {
    "plain": "A=1\nB=2\n",
    "quotes": "A='x y'\nB=\"x y\"\nC=x y\n",
    "quotes later are kept": "A=x\"y z\"\nB=x'y'\n",
    "quotes after quotes": 'A=\'x\'"y"z\nB="x" "y"\n',
    "trailing blanks": "A=x  \t\nB='x ' \nC=x\\  \n",
    "blanks around equal": "A = x\n  B=  y\n",
    "comments": "# A=1\n; B=2\nC=3 # kept\n  # D=4\n",
    "comment continued": "# a \\\nA=1\nB=2\n",
    "continued": "A=x\\\ny\nB=\"x\\\ny\"\nC='x\\\ny'\n",
    "escapes": 'A=x\\ty\nB="x\\ty\\"z\\\\"\nC="\\q"\nD=\\\'x\n',
    "several lines in quotes": "A=\"x\ny\"\nB='x\ny'\n",
    "no equal": "A\nB=1\n",
    "empty": "A=\nB=''\nC=\"\"\n",
    "repeated": "A=1\nA=2\n",
    "hash in a value": "A=x#y\nB=#z\n",
    "equal in a value": "A=x=y\n",
    "carriage returns": "A=1\r\nB=2\r\n",
    "no newline": "A=1",
    "open quote at the end": "A='x\ny",
    "export is no name": "export A=1\nB=2\n",
    "bad names": "1A=1\nA-B=2\nC=3\n",
    "quoted number sign": "A='#x'\n",
}


def _read(tmp_path: Path, text: str) -> Environment:
    (tmp_path / "file").write_bytes(text.encode("utf-8", "surrogateescape"))
    return read_environment_file(FileSource(str(tmp_path)), "/file")


@pytest.mark.skipif(not os.path.exists(GENERATOR), reason="needs systemd's generator")
@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_values_are_those_systemd_reads(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "config/environment.d"
    folder.mkdir(parents=True)
    (folder / "ga.conf").write_bytes(text.encode())
    output = subprocess.run(
        [GENERATOR],
        env={"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)},
        capture_output=True,
        check=False,
        timeout=20,
    ).stdout.decode()
    # the generator prints a newline as \\n and leaves empty variables out
    values = _read(tmp_path, text).values()
    shown = {name: value.replace("\n", "\\n") for name, value in values.items() if value}
    assert shown == _printed(output)


def _printed(output: str) -> dict[str, str]:
    """Return the assignments the generator printed, less those of this machine's own files."""
    found = subprocess.run(
        ["bash", "-c", f"set -a\n{output}\nenv -0"],
        env={},
        capture_output=True,
        check=True,
        timeout=20,
    ).stdout.decode()
    pairs = (item.partition("=") for item in found.split("\0"))
    return {name: value for name, _, value in pairs if len(name) == 1 and name != "_"}


def test_places_run_from_the_name_to_the_end_of_the_value(tmp_path: Path) -> None:
    variables = _read(tmp_path, "# c\n TMPDIR='/a b'  \nB=x\\\n  y \n").variables
    assert variables["TMPDIR"].place == Place("/file", 2, 2, 2, 15)
    assert variables["B"].place == Place("/file", 3, 1, 4, 4)


def test_an_empty_value_is_a_value(tmp_path: Path) -> None:
    assert _read(tmp_path, "A=\nB=''\n").values() == {"A": "", "B": ""}


def test_nothing_is_expanded(tmp_path: Path) -> None:
    assert _read(tmp_path, "A=$HOME/${X}\n").values() == {"A": "$HOME/${X}"}


def test_an_export_line_is_told_about(tmp_path: Path) -> None:
    environment = _read(tmp_path, "export TMPDIR=/spool\n")
    assert environment.variables == {}
    assert "export" in environment.problems[0].help
    assert not environment.problems[0].fatal


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    environment = read_environment_file(FileSource(str(tmp_path)), "/none")
    assert environment.problems[0].place == Place("/none")
