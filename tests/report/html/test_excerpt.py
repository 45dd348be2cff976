"""Lines of a file, with what is marked set apart."""

from __future__ import annotations

from glance_audit.report.html.excerpt import Row, rows
from tests.report.reports import location


def test_the_marked_words_are_set_apart_from_the_line() -> None:
    place = location(3, "  SetEnv proxy-sendcl 1  ", column=3, end_column=24)

    assert list(rows(place)) == [Row(3, "  ", "SetEnv proxy-sendcl 1", "  ")]


def test_every_line_of_a_continued_directive_is_marked() -> None:
    assert list(rows(location(7, '  ProxyPass "/image" \\', '    "http://127.0.0.1/"'))) == [
        Row(7, "  ", 'ProxyPass "/image" \\', ""),
        Row(8, "    ", '"http://127.0.0.1/"', ""),
    ]


def test_the_middle_of_a_long_place_is_left_out() -> None:
    shown = list(rows(location(1, *(f"line{number}" for number in range(1, 101)))))

    assert [row.number for row in shown] == [*range(1, 9), None, 99, 100]


def test_twelve_lines_are_shown_whole() -> None:
    shown = list(rows(location(1, *(f"line{number}" for number in range(1, 13)))))

    assert [row.number for row in shown] == [*range(1, 13)]


def test_a_megabyte_line_is_cut() -> None:
    (row,) = rows(location(1, "x" * 1_000_000))

    assert row.marked == "x" * 400 + "\u2026"


def test_what_the_eye_would_not_see_is_shown() -> None:
    (row,) = rows(location(1, "a\u202eb\x1b[31m"))

    assert row.marked == "a\\u202eb\\x1b[31m"


def test_a_whole_file_has_no_lines() -> None:
    assert list(rows(location(0))) == []
