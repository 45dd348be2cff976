"""Running rules: one finding for each cause, in a stable order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import Check, Rule, rule
from glance_audit.engine.run import run
from glance_audit.files import Inclusion, Place
from tests.deployment.trees import deploy


def a_rule(code: str, *findings: Finding) -> Rule:
    def check(deployment: Deployment) -> Iterator[Finding]:
        """Says what it is told."""
        yield from findings

    declared: Check = check
    return rule(code, code.lower(), severity=Severity.WARNING, basis=Basis.SOURCE)(declared)


def place(file: str, line: int, column: int = 1, through: int = 0) -> Place:
    chain = (Inclusion("/main", through),) if through else ()
    return Place(file, line, column, line, column + 1, chain)


def found(root: Path, *rules: Rule) -> tuple[Finding, ...]:
    return run(rules, deploy(root, {}, "/")).all


def test_code_and_severity_are_filled_in(tmp_path: Path) -> None:
    plain = Finding(place("/a", 1), "plain")
    own = Finding(place("/a", 2), "own", severity=Severity.ERROR)

    assert [(f.code, f.severity) for f in found(tmp_path, a_rule("GA001", plain, own))] == [
        ("GA001", Severity.WARNING),
        ("GA001", Severity.ERROR),
    ]


def test_what_is_said_twice_of_one_place_is_one_finding_with_all_related(tmp_path: Path) -> None:
    one, two, both = (Related(text, place("/r", 1)) for text in ("one", "two", "both"))
    first = Finding(place("/a", 1, through=5), "m", related=(both, one))
    second = Finding(place("/a", 1, through=9), "m", related=(both, two))

    (finding,) = found(tmp_path, a_rule("GA001", first, second))

    assert finding.related == (both, one, two)
    assert finding.place == first.place


def test_another_message_column_or_code_is_another_finding(tmp_path: Path) -> None:
    base = Finding(place("/a", 1), "m")
    others = (Finding(place("/a", 1), "n"), Finding(place("/a", 1, 2), "m"))

    assert len(found(tmp_path, a_rule("GA001", base, *others), a_rule("GA002", base))) == 4


def test_the_order_is_file_line_column_code(tmp_path: Path) -> None:
    places = [place("/b", 1), place("/a", 10), place("/a", 9, 2), place("/a", 9)]
    rules = (
        a_rule("GA002", *(Finding(where, "m") for where in places)),
        a_rule("GA001", Finding(place("/a", 10), "m")),
    )
    expected = [
        ("/a", 9, 1, "GA002"),
        ("/a", 9, 2, "GA002"),
        ("/a", 10, 1, "GA001"),
        ("/a", 10, 1, "GA002"),
        ("/b", 1, 1, "GA002"),
    ]

    for order in (rules, rules[::-1]):
        assert [
            (f.place.file, f.place.line, f.place.column, f.code) for f in found(tmp_path, *order)
        ] == expected


def test_of_a_rule_that_finds_no_end_the_first_are_reported_and_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glance_audit.engine.run.MOST_FINDINGS", 3)
    many = a_rule("GA001", *(Finding(place("/a", line), "again") for line in range(1, 9)))
    few = a_rule("GA002", *(Finding(place("/a", line), "again") for line in range(1, 4)))

    reported = run((many, few), deploy(tmp_path, {}, "/"))

    assert [finding.place.line for finding in reported.all] == [1, 1, 2, 2, 3, 3]
    assert reported.cut == ("GA001",)
