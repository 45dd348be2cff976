"""What of a report is known, and what of the baseline is found no more."""

from __future__ import annotations

from glance_audit.baseline import Entry, compare, entries_of
from tests.report.reports import FOLLOWER, SHARED, SUPPRESSED
from tests.report.reports import report as made

EVERY = made(SHARED, FOLLOWER)
EVERY_CODE = frozenset({"GA201", "GA301", "GA302"})
OLD = Entry("gone", "GA302", "uwsgi.ini", "socket-timeout = 4")


def test_what_is_in_the_baseline_is_marked_and_counted_apart() -> None:
    compared = compare(EVERY, entries_of(made(SHARED)), EVERY_CODE).report

    assert [(one.code, one.known) for one in compared.findings] == [
        ("GA201", True), ("GA301", False)
    ]  # fmt: skip
    summary = compared.summary
    assert (summary.error, summary.warning, summary.info, summary.known) == (0, 1, 0, 1)


def test_an_empty_baseline_knows_nothing() -> None:
    compared = compare(EVERY, (), EVERY_CODE).report

    assert not any(one.known for one in compared.findings)
    assert (compared.summary.error, compared.summary.warning, compared.summary.known) == (1, 1, 0)


def test_what_is_suppressed_stays_suppressed_and_is_not_known() -> None:
    entry = Entry(SUPPRESSED.fingerprint, SUPPRESSED.code, "a", "t")
    compared = compare(made(SUPPRESSED), (entry,), EVERY_CODE)

    assert [one.known for one in compared.report.findings] == [False]
    assert compared.stale == ()


def test_an_entry_that_matches_nothing_is_stale() -> None:
    assert compare(EVERY, (*entries_of(EVERY), OLD), EVERY_CODE).stale == (OLD,)


def test_an_entry_of_a_rule_that_did_not_run_is_not_stale() -> None:
    assert compare(EVERY, (OLD,), EVERY_CODE - {"GA302"}).stale == ()
