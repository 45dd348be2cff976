"""The audited lines with the words underlined."""

from __future__ import annotations

from inline_snapshot import snapshot

from glance_audit.report.finding import Told, finding_lines
from glance_audit.report.line import cells, plain
from glance_audit.report.result import Location
from tests.report.reports import finding, location


def drawn(where: Location, *related: tuple[str, Location], width: int = 80) -> str:
    """The snippet alone: from the first arrow to before the first note."""
    rows = plain(finding_lines(Told(finding(where, *related)), width, "\u2026")).split("\n")
    first = next(n for n, row in enumerate(rows) if "-->" in row)
    last = next(n for n, row in enumerate(rows) if "= help" in row)
    return "\n".join(rows[first:last]) + "\n"


def lone(line: int, *lines: str, **more: object) -> Location:
    return location(line, *lines, file="a.conf", real_file="a.conf", included_from=(), **more)  # type: ignore[arg-type]


def test_only_the_marked_words_are_underlined() -> None:
    assert drawn(lone(12, "SetEnv proxy-sendcl 1", column=8, end_column=20)) == snapshot("""\
  --> a.conf:12:8
12 | SetEnv proxy-sendcl 1
   |        ^^^^^^^^^^^^
""")


def test_a_continued_directive_is_shown_whole_and_its_backslashes_are_not_marked() -> None:
    where = lone(3, "\tSetEnv \\", "\t    proxy-sendcl \\", "\t    1")
    assert drawn(where) == snapshot("""\
 --> a.conf:3:2
3 |     SetEnv \\
  |     ^^^^^^
4 |         proxy-sendcl \\
  |         ^^^^^^^^^^^^
5 |         1
  |         ^
""")


def test_a_very_long_directive_is_cut_in_the_middle() -> None:
    where = lone(1, "ProxyPass \\", *(f"  p{n}=1 \\" for n in range(30)), "  last=1")
    text = drawn(where)

    assert "  p0=1" in text
    assert "p15=1" not in text
    assert "\n..." in text
    assert "32 |   last=1\n" in text


def test_a_tab_is_four_columns_and_wide_characters_two() -> None:
    assert drawn(lone(1, "\tSetEnv 日本 x", column=12, end_column=13)) == snapshot("""\
 --> a.conf:1:12
1 |     SetEnv 日本 x
  |                 ^
""")


def test_places_of_one_file_that_are_close_are_one_piece_in_line_order() -> None:
    text = drawn(
        lone(20, "SetEnv proxy-sendcl 1"),
        ("behind", lone(31, "ProxyPass /image http://h/")),
        ("before", lone(19, "ProxyPass /x http://h/")),
    )
    assert text == snapshot("""\
  --> a.conf:20:1
19 | ProxyPass /x http://h/
   | ---------------------- before
20 | SetEnv proxy-sendcl 1
   | ^^^^^^^^^^^^^^^^^^^^^
...
31 | ProxyPass /image http://h/
   | -------------------------- behind
""")


def test_places_that_are_far_apart_have_a_piece_each_and_the_findings_own_is_first() -> None:
    text = drawn(lone(900, "SetEnv proxy-sendcl 1"), ("far", lone(2, "ProxyPass / http://h/")))
    assert text == snapshot("""\
   --> a.conf:900:1
900 | SetEnv proxy-sendcl 1
    | ^^^^^^^^^^^^^^^^^^^^^
   --> a.conf:2:1
  2 | ProxyPass / http://h/
    | --------------------- far
""")


def test_two_things_said_of_the_same_words_stand_beside_one_underline() -> None:
    place = lone(2, "ProxyPass / http://h/")
    text = drawn(lone(1, "SetEnv a 1"), ("one", place), ("two", place), ("one", place))

    assert text.count("ProxyPass") == 1
    assert "--------------------- one; two\n" in text


def test_a_word_far_to_the_right_is_brought_into_sight() -> None:
    line = "ProxyPass " + "x" * 300 + " proxy-sendcl " + "y" * 300
    text = drawn(lone(1, line, column=312, end_column=324))
    source, marks = text.split("\n")[1:3]

    assert cells(source) <= 80
    assert source.startswith("1 | \u2026")
    assert source.endswith("\u2026")
    start = marks.index("^")
    assert source[start : start + 12] == "proxy-sendcl"
    assert marks.count("^") == 12


def test_two_marks_far_apart_on_a_long_line_are_each_seen() -> None:
    line = "first " + "x" * 300 + " second"
    text = drawn(lone(1, line, column=1, end_column=6), ("the other", lone(1, line, column=308)))
    rows = text.split("\n")

    assert rows[1].startswith("1 | first x")
    assert rows[3].endswith(" second")
    start = rows[4].index("-")
    assert rows[3][start : start + 6] == "second"


def test_a_label_that_does_not_fit_beside_the_underline_goes_below_it() -> None:
    place = lone(2, "ProxyPass /image http://127.0.0.1:60999 retry=0")
    assert drawn(lone(1, "SetEnv a 1"), ("word " * 20, place), width=70) == snapshot("""\
 --> a.conf:1:1
1 | SetEnv a 1
  | ^^^^^^^^^^
2 | ProxyPass /image http://127.0.0.1:60999 retry=0
  | -----------------------------------------------
  | word word word word word word word word word word word word word
  | word word word word word word word
""")


def test_a_place_that_is_a_whole_file_is_only_named() -> None:
    text = drawn(lone(0), ("the file that lacks it", lone(0)))
    assert text == snapshot("""\
 --> a.conf
 --> a.conf
  = the file that lacks it
""")


def test_a_place_at_the_end_of_its_line_still_has_a_caret() -> None:
    assert "1 | [uwsgi]\n  |        ^\n" in drawn(lone(1, "[uwsgi]", column=8, end_column=8))


def test_columns_beyond_the_line_do_no_harm() -> None:
    assert "^" in drawn(lone(1, "short", column=400, end_column=500))
