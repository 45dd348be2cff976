"""Boxes, arrows and labels: nothing lies over another, and every finding has a label."""

from __future__ import annotations

from itertools import combinations

import pytest

from glance_audit.report.html.picture import Box, Picture, cut, picture
from glance_audit.report.html.way import ways
from tests.report.reports import IMAGE, SETTING, TOPOLOGY, finding


def drawn(count: int, code: str = "GA201") -> Picture:
    findings = [
        finding(SETTING if code == "GA201" else IMAGE, code=code)._replace(fingerprint=str(number))
        for number in range(count)
    ]
    return picture(next(iter(ways(TOPOLOGY, findings))))


@pytest.mark.parametrize("count", [0, 1, 5, 9])
def test_boxes_lie_apart_and_within_the_picture(count: int) -> None:
    whole = drawn(count)

    for box in whole.boxes:
        assert 0 <= box.x < box.x + box.width <= whole.width
        assert 0 <= box.y < box.y + box.height <= whole.height
    for one, other in combinations(whole.boxes, 2):
        assert apart(one, other), (one.title, other.title)


@pytest.mark.parametrize("code", ["GA201", "GA112"])
@pytest.mark.parametrize("count", [1, 5, 9])
def test_labels_lie_on_no_box_and_on_no_other_label(count: int, code: str) -> None:
    whole = drawn(count, code)
    labels = [label for arrow in whole.arrows for label in arrow.labels]

    assert len(labels) == min(count, 5)
    for label in labels:
        for box in whole.boxes:
            assert (
                label.x >= box.x + box.width or label.x + label.width <= box.x
                or label.y - 10 >= box.y + box.height or label.y + 10 <= box.y
            ), (label, box)  # fmt: skip
        assert label.y - 10 >= 0
        assert label.y + 10 <= whole.height
    for one, other in combinations(labels, 2):
        assert abs(one.y - other.y) >= 20


def test_the_last_label_counts_those_that_have_none() -> None:
    labels = [label for arrow in drawn(9).arrows for label in arrow.labels]

    assert [label.more for label in labels] == [0, 0, 0, 0, 4]
    assert [label.more for arrow in drawn(5).arrows for label in arrow.labels] == [0] * 5


def test_an_arrow_looks_as_bad_as_its_worst_finding() -> None:
    assert {arrow.severity for arrow in drawn(1).arrows} == {"", "error"}
    assert {arrow.severity for arrow in drawn(0).arrows} == {""}


def test_an_arrow_ends_in_a_head_at_its_box() -> None:
    across, *_, down = drawn(0).arrows

    assert across.head == f"M{across.x2} {across.y2}l-10 -5v10z"
    assert down.head == f"M{down.x2} {down.y2}l-5 -10h10z"


def test_the_picture_is_told_in_words_too() -> None:
    assert drawn(1).words == (
        "client, then virtual host <VirtualHost *:80> (controller), then route /image, "
        "then gateway mod_proxy_http, then worker uWSGI glance-uwsgi.ini, then Glance, then store, "
        "then spool /tmp (error GA201)"
    )


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc\u2026fg"), ("abcdefgh", 5, "ab\u2026gh")],
)
def test_a_text_too_long_for_its_box_loses_its_middle(text: str, room: int, shown: str) -> None:
    assert cut(text, room) == shown


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width < other.x or other.x + other.width < one.x
        or one.y + one.height < other.y or other.y + other.height < one.y
    )  # fmt: skip
