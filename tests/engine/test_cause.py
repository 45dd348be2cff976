"""Which finding leads: declared by the rules, and only where the cause is the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from glance_audit.deployment.model import Deployment
from glance_audit.engine.cause import cycle, leaders
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import Check, Rule, rule
from glance_audit.files import Inclusion, Place


def a_rule(code: str, *caused_by: str) -> Rule:
    def check(_: Deployment) -> Iterator[Finding]:
        """Finds nothing."""
        yield from ()

    declared: Check = check
    return rule(
        code, code.lower(), severity=Severity.WARNING, basis=Basis.SOURCE, caused_by=caused_by
    )(declared)


def at(line: int, column: int = 1, end: int = 20, *, file: str = "/a", last: int = 0) -> Place:
    return Place(file, line, column, last or line, end)


def found(code: str, place: Place, *related: Place) -> Finding:
    return Finding(
        place, "m", code=code, related=tuple(Related("it too", other) for other in related)
    )


RULES = (a_rule("GA001"), a_rule("GA002", "GA001"), a_rule("GA003", "GA002", "GA001"))
LEAD = found("GA001", at(5, 3))


@pytest.mark.parametrize(
    "place",
    [
        at(5, 3),
        at(5, 10, 12),  # a word of the directive
        at(5, 1, 4),  # begins before it, and reaches into it
        at(4, 1, 9, last=6),  # holds it
        at(5, 3)._replace(included_from=(Inclusion("/main", 9),)),  # the same line, once more
    ],
)
def test_a_finding_follows_what_it_or_a_related_place_shares_with_the_leader(place: Place) -> None:
    assert leaders([LEAD, found("GA002", place)], RULES) == {1: 0}
    assert leaders([LEAD, found("GA002", at(77), place)], RULES) == {1: 0}


@pytest.mark.parametrize(
    "place",
    [
        at(5, 3, file="/b"),
        at(4, 3),
        at(6, 1),
        at(5, 1, 3),  # ends where the leader begins
        at(5, 20, 30),  # begins where the leader ends
        Place("/a"),  # the whole file says nothing of a line
    ],
)
def test_other_places_are_other_causes(place: Place) -> None:
    assert leaders([LEAD, found("GA002", place)], RULES) == {}


def test_what_the_leader_merely_relates_to_is_not_its_cause() -> None:
    lead = found("GA001", at(5), at(9))

    assert leaders([lead, found("GA002", at(9))], RULES) == {}


def test_nothing_folds_that_is_not_declared() -> None:
    assert leaders([LEAD, found("GA004", at(5, 3))], (*RULES, a_rule("GA004"))) == {}
    assert leaders([found("GA002", at(5)), found("GA002", at(5))], RULES) == {}


def test_a_finding_about_a_whole_file_leads_what_is_in_it() -> None:
    lead = found("GA001", Place("/a"))
    findings = [lead, found("GA002", at(7)), found("GA002", at(7, file="/b")), LEAD]

    assert leaders(findings, RULES) == {1: 0}
    assert leaders([lead, found("GA002", Place("/a"))], RULES) == {1: 0}


def test_the_best_declared_rule_leads_whatever_the_order_of_the_places() -> None:
    rules = (a_rule("GA001"), a_rule("GA002"), a_rule("GA003", "GA002", "GA001"))
    findings = [LEAD, found("GA002", at(9)), found("GA003", at(5, 3), at(9))]

    assert leaders(findings, rules) == {2: 1}
    assert leaders([findings[0], findings[2]], rules) == {1: 0}


def test_of_two_leaders_of_a_rule_the_one_at_the_first_place_leads() -> None:
    findings = [LEAD, found("GA001", at(2)), found("GA002", at(2), at(5, 3))]

    assert leaders(findings, RULES) == {2: 1}


def test_of_two_leaders_at_one_place_the_first_leads() -> None:
    assert leaders([LEAD, LEAD, found("GA002", at(5, 9))], RULES) == {2: 0}


def test_a_chain_ends_at_the_leader_of_all() -> None:
    rules = (a_rule("GA001"), a_rule("GA002", "GA001"), a_rule("GA003", "GA002"))
    findings = [found("GA003", at(9)), found("GA002", at(9), at(5, 3)), LEAD]

    assert leaders(findings, rules) == {0: 2, 1: 2}
    assert leaders(findings[:2], rules) == {0: 1}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, ()),
        ({"A": ["B", "C"], "B": ["C"], "C": []}, ()),
        ({"A": ["A"]}, ("A",)),
        ({"A": ["B"], "B": ["C"], "C": ["B"]}, ("B", "C")),
        ({"A": ["X"], "B": ["A", "C"], "C": ["B"]}, ("B", "C")),
        ({"A": ["B"], "B": [], "C": ["A", "D"], "D": ["B", "C"]}, ("C", "D")),
    ],
)
def test_a_circle_is_found(declared: dict[str, list[str]], expected: tuple[str, ...]) -> None:
    assert cycle(declared) == expected


def test_many_findings_take_no_more_than_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    class Counted(Place):
        def __getattribute__(self, name: str) -> object:
            nonlocal asked
            asked += name == "end_line"
            return super().__getattribute__(name)

    count = 2000
    many = [found("GA001", Counted("/a", n, 1, n, 9)) for n in range(1, count)]
    many += [found("GA002", Counted("/a", n, 1, n, 9)) for n in range(1, count)]

    assert len(leaders(many, RULES)) == count - 1
    assert asked <= 2 * len(many)
