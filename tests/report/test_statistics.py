"""What is found, counted by rule."""

from __future__ import annotations

import io

from inline_snapshot import snapshot

from glance_audit.engine.finding import Severity
from glance_audit.report import concise
from glance_audit.report.line import plain
from glance_audit.report.look import Look
from glance_audit.report.outcome import Outcome
from glance_audit.report.statistics import statistics_lines
from glance_audit.report.text import report_lines
from tests.report.reports import CLEAN, FOLLOWER, INCOMPLETE, SHARED, finding, location, report

ELSEWHERE = FOLLOWER._replace(location=location(2, "x", file="z.ini"), caused_by=None)
LESSER = finding(code="GA201")._replace(severity=Severity.INFO)
REASON = finding(code="GA999")._replace(slug="x", suppressed="known to the team")
KNOWN = FOLLOWER._replace(known=True)


def test_the_most_frequent_comes_first_then_the_code() -> None:
    findings = (SHARED, LESSER, FOLLOWER, ELSEWHERE, ELSEWHERE)

    assert plain(statistics_lines(findings)) == snapshot("""\
Count  Code   Severity  Rule                          Files
    3  GA301  warning   short-timeout-with-buffering      2
    1  GA201  error     sendcl-shared-vhost               1
    1  GA201  info      sendcl-shared-vhost               1
""")


def test_what_is_suppressed_and_what_is_known_is_counted_apart() -> None:
    assert plain(statistics_lines((SHARED, REASON, REASON))) == snapshot("""\
Count  Code   Severity  Rule                 Files  Suppressed
    1  GA201  error     sendcl-shared-vhost      1           0
    0  GA999  error     x                        0           2
""")
    assert plain(statistics_lines((SHARED, REASON, FOLLOWER, KNOWN))) == snapshot("""\
Count  Code   Severity  Rule                          Files  Suppressed  Known
    1  GA201  error     sendcl-shared-vhost               1           0      0
    1  GA301  warning   short-timeout-with-buffering      1           0      1
    0  GA999  error     x                                 0           1      0
""")


def test_they_stand_below_what_is_found_and_with_quiet_in_its_place() -> None:
    told = plain(report_lines(report(SHARED), 0.1, Look(statistics=True)))
    table = plain(statistics_lines((SHARED,)))

    assert f"size unknown\n\n{table}\nnote: judged for" in told
    assert plain(report_lines(report(SHARED), 0.1, Look(statistics=True, detail=-1))) == table


def test_nothing_found_is_no_table() -> None:
    bare = plain(report_lines(CLEAN, 0.1, Look()))

    assert plain(report_lines(CLEAN, 0.1, Look(statistics=True))) == bare
    assert plain(report_lines(CLEAN, 0.1, Look(statistics=True, detail=-1))) == ""


def concisely(look: Look) -> str:
    made = INCOMPLETE._replace(findings=(SHARED,))
    stream = io.StringIO()
    concise.write(made, Outcome(0.1, look=look), stream)
    return stream.getvalue()


def test_concise_has_them_too_and_still_says_what_is_incomplete() -> None:
    table = plain(statistics_lines((SHARED,)))
    lines = concisely(Look())

    assert concisely(Look(statistics=True)) == f"{lines}\n{table}"
    assert concisely(Look(statistics=True, detail=-1)) == (
        f"ports.conf:1:1: error incomplete permission denied\n{table}"
    )
