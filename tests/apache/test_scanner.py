from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glance_audit.apache.command import Commands, KnownLines
from glance_audit.apache.scanner import BLANKS, LogicalLine, logical_lines


def numbered(content: str) -> list[tuple[int, LogicalLine]]:
    lines = logical_lines(content, KnownLines(Commands({})))
    return [(number, line) for number, line in enumerate(lines, 1) if line is not None]


def texts(content: str) -> list[tuple[str, int, int, int]]:
    """Return the text, the first and last physical line and the column of each logical line."""
    return [
        (one.text, number - one.above, number, one.column)
        for number, one in numbered(content)
        if one.text
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("A 1\n", [("A 1", 1, 1, 1)]),
        ("A 1", [("A 1", 1, 1, 1)]),
        ("\n  A 1  \n", [("A 1", 2, 2, 3)]),
        ("\v\fA 1\r\n", [("A 1", 1, 1, 3)]),
        ("# a comment\n  # another\nA\n", [("A", 3, 3, 1)]),
        ("A # no comment\n", [("A # no comment", 1, 1, 1)]),
        ("A 1\rB 2\n", [("A 1\rB 2", 1, 1, 1)]),
        ("\ufeffA 1\n", [("\ufeffA 1", 1, 1, 1)]),
        ("\xa0A\u2028B\x85\n", [("\xa0A\u2028B\x85", 1, 1, 1)]),
        ("A 1\0hidden\nB\n", [("A 1", 1, 1, 1), ("B", 2, 2, 1)]),
        ("A 1\0\\\nB\n", [("A 1", 1, 1, 1), ("B", 2, 2, 1)]),
        ("", []),
    ],
)
def test_lines_end_at_lf_alone_and_only_c_blanks_are_trimmed(
    content: str, expected: list[tuple[str, int, int, int]]
) -> None:
    assert texts(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("A \\\n  b\nC\n", [("A   b", 1, 2, 1), ("C", 3, 3, 1)]),
        ("A \\\r\nb\r\n", [("A b", 1, 2, 1)]),
        ("A \\ \nb\n", [("A \\", 1, 1, 1), ("b", 2, 2, 1)]),
        # The test looks at the whole buffer: one backslash goes, the other continues again.
        ("A x\\\\\n\nB\n", [("A xB", 1, 3, 1)]),
        ("# c \\\nhidden\nA\n", [("A", 3, 3, 1)]),
        ("\\\n\\\nA\n", [("A", 3, 3, 1)]),
        # Apache counts the line that it looked for in vain.
        ("A x\\\n", [("A x", 1, 2, 1)]),
        ("A x\\", [("A x\\", 1, 1, 1)]),
        ("A \\\nb", [("A b", 1, 2, 1)]),
        ("A\\\n", [("A", 1, 2, 1)]),
    ],
)
def test_a_backslash_before_the_line_end_continues(
    content: str, expected: list[tuple[str, int, int, int]]
) -> None:
    assert texts(content) == expected


def test_empty_lines_are_kept_where_a_macro_counts_them() -> None:
    lines = numbered("A\n\n# c\n  \nB\n")
    assert [(number, one.text) for number, one in lines] == [(1, "A"), (2, ""), (4, ""), (5, "B")]


def test_a_line_that_is_there_twice_is_worked_out_once() -> None:
    known = KnownLines(Commands({}))
    first, second, third = logical_lines("  Timeout 5\n  Timeout 5\n Timeout 5\n", known)
    assert first is second is not third
    assert first is not None
    assert third is not None
    assert (first.column, third.column) == (3, 2)


def test_a_line_of_any_length_is_read_and_only_a_short_one_kept() -> None:
    known = KnownLines(Commands({}))
    [line] = logical_lines("Header " + "x" * 1000, known)
    assert line is not None
    assert line.text == "Header " + "x" * 1000
    assert not known


@given(st.text(alphabet="ab \t\r\n\\#\"'<>/\0\xa0", max_size=60))
def test_every_character_is_found_where_its_position_says(content: str) -> None:
    physical = content.split("\n")
    for number, one in numbered(content):
        assert one.text == one.text.strip(BLANKS)
        for offset, character in enumerate(one.text):
            line, column = one.position(number, offset)
            assert number - one.above <= line <= number
            assert physical[line - 1][column - 1] == character
