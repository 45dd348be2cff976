"""In which order people read the findings: a fleet's rule after rule, the most hosts first."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.report.finding import Told, ordered, told
from glance_audit.report.hosts import words
from glance_audit.report.look import Look
from glance_audit.report.result import AuditReport, ReportedFinding


def pivoted(
    report: AuditReport, look: Look, *, suppressed: bool = False, folded: bool = True
) -> Iterator[Told]:
    """Yield what is not known, with the hosts it is on; one audit's in the order of every format.

    Of a fleet, the rules come as :class:`~glance_audit.report.fleet.Fleet` has them, and of a rule
    the finding on the most hosts first.
    """
    findings = [
        one for one in ordered(report)
        if not one.known and (suppressed or one.suppressed is None)
    ]  # fmt: skip
    if report.fleet is not None:
        ranks = {rule.code: rank for rank, rule in enumerate(report.fleet.rules)}
        findings.sort(key=lambda one: (ranks[one.code], -_count(one)))
    for one in told(findings, folded=folded):
        yield with_hosts(one, look)


def with_hosts(one: Told, look: Look) -> Told:
    """Say on which hosts a finding is, and what folds under it when that is on others."""
    hosts = one.finding.hosts
    if hosts is None:
        return one
    followers = tuple(
        follower
        if follower.hosts is None or follower.hosts.names == hosts.names
        else follower._replace(message=f"{follower.message} ({words(follower.hosts, look)})")
        for follower in one.followers
    )
    return one._replace(followers=followers, hosts=words(hosts, look))


def _count(finding: ReportedFinding) -> int:
    return len(finding.hosts.names) if finding.hosts is not None else 0
