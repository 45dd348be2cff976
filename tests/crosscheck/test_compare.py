"""Where the second reader differs; in all these cases Apache reads as we do (tests/oracle)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from glance_audit.crosscheck import Difference, SecondReaderMissing, compare_file, reader_name
from glance_audit.files import FileSource


def differences(root: Path, text: str) -> tuple[Difference, ...]:
    (root / "httpd.conf").write_bytes(text.encode("utf-8", "surrogateescape"))
    return compare_file(FileSource(str(root)), "/httpd.conf")


@pytest.mark.parametrize(
    "text",
    [
        "ServerName a\nListen 80\n",
        "# comment\n<VirtualHost *:80>\n  servername  A   b\n</virtualhost>\n",
        '<Directory "/srv/a b">\nRequire all granted\n</Directory>\n',
        'ProxyPass "/image" "http://127.0.0.1:60999"\n',
        "ProxyPass /image \\\n    http://127.0.0.1:60999\n",
        "<IfModule mod_x.c>\n<Location /a>\nSetEnv A 1\n</Location>\n</IfModule>\n",
        "ServerName caf\udce9\n",
    ],
)
def test_the_readers_agree_on_what_people_write(tmp_path: Path, text: str) -> None:
    assert differences(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("A 1\nIndexIgnore *# *~\n", 2, "it takes a # inside a line for the start of a comment"),
        ("A 1\nB a\0b\n", 2, "it does not end a line at a NUL byte"),
        ("A 1\rB 2\n", 1, "it takes a carriage return for a line end"),
        ("/* A 1\nB 2 */\nC 3\n", 1, "it takes /* and */ for a comment"),
        ("SetEnv C 1\\ \nSetEnv D 2\n", 1, "it joins continued lines otherwise"),
        ("A 1\nname=value other\n", 2, "it takes the first = for the separator"),
        (
            "<Macro Open>\n<Location /x>\nA 1\n</Macro>\n<Macro Close>\n</Location>\n</Macro>\n",
            5,
            "it does not know that a macro may hold half a section",
        ),
    ],
)
def test_a_known_fault_is_named_at_its_line(
    tmp_path: Path, text: str, line: int, cause: str
) -> None:
    found = differences(tmp_path, text)

    assert (found[0].place.line, found[0].cause) == (line, cause)


def test_a_file_the_second_reader_gives_up_on_is_told_as_a_whole(tmp_path: Path) -> None:
    (found,) = differences(tmp_path, "")

    assert found.place.line == 0
    assert found.message.startswith("the second reader gives up: ")
    assert found.cause == "it cannot read a file without a line"


def test_a_file_too_long_for_its_quadratic_time_is_left_out(tmp_path: Path) -> None:
    (found,) = differences(tmp_path, "A 1\n" * 20_001)

    assert "more than 20000 lines" in found.message


def test_a_file_that_neither_can_read_is_no_difference(tmp_path: Path) -> None:
    assert differences(tmp_path, "<Location /a>\n<Directory /b>\n</Location>\n") == ()


def test_a_failure_does_not_break_the_next_file(tmp_path: Path) -> None:
    differences(tmp_path, "A <<EOF\n")

    assert differences(tmp_path, "A 1\n") == ()


def test_without_the_second_reader_the_next_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apacheconfig", None)

    with pytest.raises(SecondReaderMissing, match=r"install glance-audit\[cross-check\]"):
        reader_name()
