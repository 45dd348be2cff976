"""A settings file as text: what is none, and on which line something stands."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glance_audit.cli.settings import document
from glance_audit.cli.settings.document import Document, read
from glance_audit.cli.status import Refused

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEXT = '''\
# select is explained here
minimum-version = "0.1"
note = """
ignore = 1
"""

select = [
    "GA1",
    "GA2",
]
inline = [
    { paths = ["a"] },
    { ignore = ["b"] },
]
ignore = ["select"]

[severities]
GA201 = "info"
"GA3" = "error"

[[overrides]]
paths = ["a"]

[[overrides]]

# of the second
paths = ["b"]
severities = { GA1 = "info" }
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("minimum-version",), 2),
        (("note",), 3),
        (("select",), 7),
        (("select", 1), 7),
        (("inline", 1, "ignore"), 13),
        (("ignore",), 15),
        (("severities",), 17),
        (("severities", "GA201"), 18),
        (("severities", "GA3"), 19),
        (("overrides", 0, "paths"), 22),
        (("overrides", 1), 24),
        (("overrides", 1, "paths"), 27),
        (("overrides", 1, "severities", "GA1"), 28),
    ],
)
def test_the_line_of_a_key_is_the_one_it_is_written_on(path: document.Path, line: int) -> None:
    assert Document("f.toml", "/", TEXT, (), {}).at(*path) == f"f.toml:{line}"


def test_a_key_in_a_projects_file_is_found_in_our_table_only() -> None:
    text = '[tool.other]\nselect = 1\n\n[tool.glance-audit]\nselect = ["x"]\n'
    assert Document("p", "/", text, ("tool", "glance-audit"), {}).at("select") == "p:5"


def test_a_key_that_is_written_with_an_escape_has_no_line() -> None:
    assert Document("f", "/", r'"sel\u0065ct" = 1', (), {}).at("select") == "f"


def test_the_search_for_a_line_ends() -> None:
    text = "x = [\n" + '"key",\n' * 3_000 + "]\nkey = 1\n"
    assert Document("f", "/", text, (), {}).at("key") == "f"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a = \n", "f.toml:1: is not TOML: invalid value in column 5"),
        (b"b = 1\na = [1,", "f.toml:2: is not TOML: invalid value"),
        (b"a = 1\na = 2", "f.toml:2: is not TOML: cannot overwrite a value"),
        (b"a = 1\n\xff = 2\n", "f.toml:2: byte 7 is not UTF-8"),
        (b"#" * (1024 * 1024 + 1), "f.toml: is larger than 1 MiB"),
    ],
    ids=["value", "end", "twice", "bytes", "large"],
)
def test_what_is_no_toml_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f.toml").write_bytes(data)
    with pytest.raises(Refused, match=rf"\A{re.escape(message)}"):
        read("f.toml")


def test_what_is_too_deep_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text("x = " + "[" * 100_000)
    with pytest.raises(Refused, match=r"f\.toml:1: is not TOML: "):
        read(str(tmp_path / "f.toml"))


def test_what_is_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("pyproject.toml").write_text("[tool]\nx = 1\n")
    for name, message in (
        ("missing", "no such file or directory"),
        (".", "is a directory"),
        ("pipe", "is not a file"),
        ("pyproject.toml", r"has no table \[tool.glance-audit\]"),
    ):
        with pytest.raises(Refused, match=rf"\A{re.escape(name)}: {message}\Z"):
            read(name)


def test_a_table_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    for text in ("[tool]\nglance-audit = 1\n", "tool = 1\n", "[[tool.glance-audit]]\n"):
        file.write_text(text)
        with pytest.raises(Refused, match=r"\[tool.glance-audit\]"):
            read(str(file))


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "glance-audit.toml"
    file.write_bytes(b"\xef\xbb\xbfselect = []\n")
    assert read(str(file)).table == {"select": []}


@given(st.text(alphabet="ab\"[]={}\n'#,. 1", max_size=40))
def test_a_key_is_never_placed_on_a_line_that_lacks_it(text: str) -> None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for key in filter(None, table):
        line = int(Document("f", "/", text, (), table).at(key).partition(":")[2] or 0)
        assert line == 0 or key in text.split("\n")[line - 1]
        plain = key.isalnum() and text.startswith((f"{key} ", f"{key}="))
        assert not plain or line == 1
