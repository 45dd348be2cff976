"""On which releases a finding bites."""

from __future__ import annotations

import pytest

from glance_audit.deployment.versions import VersionRange, load_releases
from glance_audit.engine.bite import Bite, bite, glance_bite, least
from glance_audit.engine.finding import Confidence
from tests.deployment.trees import versions

RELEASES = load_releases()
WHOLE = RELEASES.whole()
USSURI = RELEASES.parse("ussuri", "option")


@pytest.mark.parametrize(
    ("span", "since", "before", "expected"),
    [
        (WHOLE, None, None, Bite(Confidence.HIGH, "")),
        (WHOLE, 15, None, Bite(Confidence.HIGH, "")),
        (WHOLE, 16, None, Bite(Confidence.MEDIUM, " (on Glance 16 (Queens) and later)")),
        (WHOLE, None, 16, Bite(Confidence.MEDIUM, " (on Glance up to 15 (Pike))")),
        (WHOLE, 16, 21, Bite(Confidence.MEDIUM, " (on Glance 16 (Queens) to 20 (Ussuri))")),
        (WHOLE, 33, None, Bite(Confidence.MEDIUM, " (on Glance 33 (2026.2) and later)")),
        (WHOLE, 34, None, None),
        (WHOLE, None, 15, None),
        (USSURI, 20, None, Bite(Confidence.HIGH, "")),
        (USSURI, 16, 21, Bite(Confidence.HIGH, "")),
        (USSURI, 21, None, None),
        (USSURI, None, 20, None),
        (
            VersionRange((19,), (20, 999)),
            20,
            None,
            Bite(Confidence.MEDIUM, " (on Glance 20 (Ussuri) and later)"),
        ),
    ],
)
def test_a_whole_range_is_sure_and_a_part_is_named(
    span: VersionRange, since: int | None, before: int | None, expected: Bite | None
) -> None:
    assert glance_bite(RELEASES, span, since, before) == expected


@pytest.mark.parametrize(
    ("httpd", "since", "before", "expected"),
    [
        ((2, 4, 54), "body-limit-1-gib", None, Bite(Confidence.HIGH, "")),
        ((2, 4, 53), "body-limit-1-gib", None, None),
        (None, "body-limit-1-gib", None, Bite(Confidence.MEDIUM, " (on httpd 2.4.54 and later)")),
        (None, None, "body-limit-1-gib", Bite(Confidence.MEDIUM, " (on httpd before 2.4.54)")),
        (
            None,
            "proxy-100-continue",
            "body-limit-1-gib",
            Bite(Confidence.MEDIUM, " (on httpd 2.4.40 before 2.4.54)"),
        ),
    ],
)
def test_a_milestone_bounds_the_range_of_its_own_program(
    httpd: tuple[int, ...] | None, since: str | None, before: str | None, expected: Bite | None
) -> None:
    known = versions()
    if httpd is not None:
        known = known._replace(httpd=VersionRange(httpd, httpd, "option"))
    assert bite(known, since=since, before=before) == expected


def test_milestones_of_glance_are_named_by_their_release() -> None:
    words = bite(versions(), since="chunked-read", before="tasks-under-wsgi")
    assert words == Bite(Confidence.MEDIUM, " (on Glance 16 (Queens) to 20 (Ussuri))")


def test_milestones_of_two_programs_are_no_range() -> None:
    with pytest.raises(ValueError, match="milestones of one program are needed"):
        bite(versions(), since="chunked-read", before="body-limit-1-gib")


def test_the_weakest_confidence_wins() -> None:
    assert least(Confidence.HIGH) is Confidence.HIGH
    assert least(Confidence.HIGH, Confidence.MEDIUM) is Confidence.MEDIUM
    assert least(Confidence.LOW, Confidence.MEDIUM) is Confidence.LOW
