"""What a report says of the run itself: its time, its exit status, and which findings made it."""

from __future__ import annotations

from glance_audit.engine.finding import Severity
from glance_audit.record import NamedTuple
from glance_audit.report.look import Look
from glance_audit.report.result import ReportedFinding


class Outcome(NamedTuple):
    """How an audit ended.

    ``fail_on`` is the least severity that makes the status 1, or ``never``. ``look`` is how a text
    report is drawn; the formats for programs have none.
    """

    seconds: float
    status: int = 0
    fail_on: str = "warning"
    look: Look = Look()


def fails(finding: ReportedFinding, fail_on: str) -> bool:
    """Tell whether a finding counts for the exit status."""
    if fail_on == "never" or finding.suppressed is not None or finding.known:
        return False
    return finding.severity.rank <= Severity(fail_on).rank
