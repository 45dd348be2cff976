from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glance_audit.apache import resolve
from glance_audit.apache.words import arguments, lower_case, split_words
from glance_audit.files import FileSource


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a b\tc\vd", ["a", "b", "c", "d"]),
        ('"a b" c', ["a b", "c"]),
        ("'a \"b' c", ['a "b', "c"]),
        ('"a \\" b" c', ['a " b', "c"]),
        ("'a \\' b'", ["a ' b"]),
        ('"it\\\'s"', ["it\\'s"]),
        ('"a\\\\" b', ["a\\", "b"]),
        ("a\\\\b \\c", ["a\\b", "\\c"]),
        ('"abc"def', ["abc", "def"]),
        ('a"b c"', ['a"b', 'c"']),
        ('"no end', ["no end"]),
        ('"ends in \\', ["ends in \\"]),
        ('"" x', ["", "x"]),
        ("a\xa0b \u2028", ["a\xa0b", "\u2028"]),
        ("\x1ca", ["\x1ca"]),
        ("   ", []),
    ],
)
def test_words_are_cut_as_ap_getword_conf_cuts_them(line: str, expected: list[str]) -> None:
    assert [word.text for word in split_words(line)] == expected


def test_a_word_knows_where_it_stands_its_quotes_included() -> None:
    line = 'a  "b c" d'
    assert [line[word.start : word.end] for word in split_words(line)] == ["a", '"b c"', "d"]


@pytest.mark.parametrize(
    ("line", "fewest", "most", "expected"),
    [
        ("a b", 1, 2, ["a", "b"]),
        ("a b c", 1, 2, None),
        ("", 1, 2, None),
        ('""', 1, 1, None),
        ('a ""', 1, 2, ["a", ""]),
        ('a ""', 2, 2, None),
        ('a ""', 1, 1, None),
    ],
)
def test_an_empty_word_is_no_argument_where_one_is_needed(
    line: str, fewest: int, most: int, expected: list[str] | None
) -> None:
    assert arguments(line, 0, fewest, most) == expected


@pytest.mark.parametrize(("text", "expected"), [("ABC", "abc"), ("\u212aÉ", "\u212aÉ")])
def test_only_ascii_letters_have_a_case(text: str, expected: str) -> None:
    assert lower_case(text) == expected


@given(st.text(alphabet="ab \t\"'\\", max_size=40))
def test_words_never_overlap_and_leave_nothing_but_blanks(line: str) -> None:
    end = 0
    for word in split_words(line):
        assert not line[end : word.start].strip()
        assert word.end > word.start
        end = word.end
    assert not line[end:].strip()


@pytest.mark.parametrize(
    "args",
    ['/image "http://a b" retry=0', '\'a b\'c "" "open', r'"a\"b" c\d', "", "x" * 2000, "a  \t b"],
)
def test_words_without_places_are_the_same_words(tmp_path: Path, args: str) -> None:
    (tmp_path / "a.conf").write_text(f"ProxyPass {args}\n<Location {args}>\n</Location>\n")
    config = resolve(FileSource(str(tmp_path)), "/a.conf", server_root="/")

    for directive in config.all.every:
        assert directive.texts == tuple(word.text for word in directive.words)
