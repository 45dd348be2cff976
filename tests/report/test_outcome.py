"""Which findings make the status."""

from __future__ import annotations

import pytest

from glance_audit.report.outcome import fails
from tests.report.reports import FOLLOWER, SHARED, SUPPRESSED, WHOLE_FILE


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [
        ("error", [True, False, False]),
        ("warning", [True, True, False]),
        ("info", [True, True, True]),
        ("never", [False, False, False]),
    ],
)
def test_a_finding_counts_from_the_severity_on_that_is_said(
    fail_on: str, expected: list[bool]
) -> None:
    assert [fails(one, fail_on) for one in (SHARED, FOLLOWER, WHOLE_FILE)] == expected


def test_what_is_suppressed_never_counts() -> None:
    assert not fails(SUPPRESSED, "info")
