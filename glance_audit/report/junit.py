"""``--format junit``: a test for each finding, for what shows tests beside a build.

A finding that counts for the exit status is a failed test, a suppressed one is skipped, any other
passes and says what it has to say. What could not be audited is an error. The attributes are those
that Jenkins and GitLab read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from glance_audit.record import NamedTuple
from glance_audit.report.finding import ordered
from glance_audit.report.outcome import Outcome, fails
from glance_audit.report.reach import opened, reached
from glance_audit.report.result import AuditReport, Location, ReportedFinding, Target
from glance_audit.report.xml_text import Element, body, child, root, write_document

NAME = "glance-audit"


class _Case(NamedTuple):
    """A test: the file it is about, its name, and what came of it."""

    file: str
    name: str
    group: str
    line: int | None
    kind: str
    attributes: dict[str, str]
    text: list[str]


def write(report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    """Write a suite for each file; without a finding there is one test, which passes."""
    suites: dict[str, list[_Case]] = {}
    for case in _cases(report, outcome):
        suites.setdefault(case.file, []).append(case)
    if not suites:
        suites[NAME] = [_Case(NAME, "no findings", NAME, None, "", {}, [])]
    everything = [case for cases in suites.values() for case in cases]
    top = root("testsuites", name=NAME, **_counts(everything), time=f"{outcome.seconds:.3f}")
    for file, cases in suites.items():
        suite = child(top, "testsuite", name=file, **_counts(cases))
        taken: dict[str, int] = {}
        for case in cases:
            # Tests of one name would count as one.
            taken[case.name] = number = taken.get(case.name, 0) + 1
            name = case.name if number == 1 else f"{case.name} ({number})"
            _write_case(suite, case, name)
    write_document(top, stream)


def _cases(report: AuditReport, outcome: Outcome) -> Iterator[_Case]:
    target = report.target
    for one in ordered(report):
        where = one.location
        place = f"at {where.line}:{max(where.column, 1)}" if where.line else "of the file"
        told = _told(one, target)
        if one.suppressed is not None:
            kind, attributes, told = "skipped", {"message": f"suppressed: {one.suppressed}"}, []
        elif fails(one, outcome.fail_on):
            kind, attributes = "failure", {"type": one.severity.value, "message": one.message}
        else:
            kind, attributes = "system-out", {}
        yield _Case(
            opened(target, where), f"{one.code} {one.slug} {place}", f"{NAME}.{one.code}",
            where.line or None, kind, attributes, told,
        )  # fmt: skip
    for missing in report.incomplete:
        yield _Case(
            reached(target, missing.file), "could not be audited", f"{NAME}.incomplete",
            None, "error", {"type": "incomplete", "message": missing.reason}, [],
        )  # fmt: skip


def _told(finding: ReportedFinding, target: Target) -> list[str]:
    known = " (known: it is in the baseline)" if finding.known else ""
    lines = [f"{finding.severity.value}: {finding.message}{known}", _at(finding.location, target)]
    lines += [f"{one.message}: {_at(one.location, target)}" for one in finding.related]
    lines += [f"help: {finding.help}"] if finding.help else []
    return [*lines, f"see: {finding.url}"] if finding.url else lines


def _at(where: Location, target: Target) -> str:
    file = opened(target, where)
    return f"{file}:{where.line}:{max(where.column, 1)}: {where.text}" if where.line else file


def _write_case(suite: Element, case: _Case, name: str) -> None:
    file = None if case.file == NAME else case.file
    test = child(suite, "testcase", classname=case.group, name=name, file=file, line=case.line)
    if case.kind:
        body(child(test, case.kind, **case.attributes), case.text)


def _counts(cases: list[_Case]) -> dict[str, int]:
    kinds = [case.kind for case in cases]
    return {
        "tests": len(cases),
        "failures": kinds.count("failure"),
        "errors": kinds.count("error"),
        "skipped": kinds.count("skipped"),
    }
