"""The marked part of each line of a place."""

from __future__ import annotations

from glance_audit.report.stretch import Stretch, stretches
from tests.report.reports import location


def test_a_place_of_several_lines_is_marked_from_its_column_and_behind_each_indentation() -> None:
    where = location(7, "  SetEnv a \\", "\t b c", column=3, end_column=4)

    assert list(stretches(where, 8, 5)) == [
        Stretch(7, "  SetEnv a \\", 2, 12, False, True),
        Stretch(8, "\t b c", 2, 3, True, False),
    ]


def test_columns_beyond_the_line_are_its_end() -> None:
    (one,) = stretches(location(1, "abc", column=9, end_column=12), 8, 5)

    assert one is not None
    assert (one.start, one.end) == (3, 3)


def test_the_middle_of_a_long_place_is_left_out_once() -> None:
    where = location(1, *map(str, range(20)))
    shown = [None if one is None else one.number for one in stretches(where, 8, 3)]

    assert shown == [1, 2, 3, None, 19, 20]
    assert None not in list(stretches(location(1, *map(str, range(8))), 8, 3))
