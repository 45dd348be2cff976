"""Which rules run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from glance_audit.audit.selection import select
from glance_audit.audit.settings import AuditSettings, UsageError
from glance_audit.deployment.model import Deployment
from glance_audit.engine.catalogue import load
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import Rule, rule


def declare(code: str, slug: str, *, preview: bool = False) -> Rule:
    @rule(code, slug, severity=Severity.INFO, basis=Basis.SOURCE, preview=preview)
    def check(_deployment: Deployment) -> Iterator[Finding]:
        """A rule."""
        yield from ()

    return check


CATALOGUE = (
    declare("GA101", "one"), declare("GA102", "two"), declare("GA201", "three"),
    declare("GA202", "four", preview=True), declare("GA203", "five", preview=True),
)  # fmt: skip


def ran(**settings: Any) -> str:
    request = AuditSettings(("a",), "/")._replace(**settings)
    return " ".join(one.slug for one in select(CATALOGUE, request))


def test_what_is_new_does_not_run_by_itself() -> None:
    assert ran() == "one two three"


def test_what_is_new_runs_in_preview() -> None:
    assert ran(preview=True) == "one two three four five"


@pytest.mark.parametrize("name", ["GA202", "ga202", "four"])
def test_what_is_new_runs_when_it_is_named_in_full(name: str) -> None:
    assert ran(extend_select=(name,)) == "one two three four"
    assert ran(select=(name,)) == "four"


def test_a_start_of_codes_does_not_name_what_is_new() -> None:
    assert ran(select=("GA2",)) == "three"
    assert ran(extend_select=("GA2",)) == "one two three"
    assert ran(select=("GA2",), preview=True) == "three four five"


def test_more_rules_run_beside_the_selected() -> None:
    assert ran(select=("GA101",), extend_select=("GA2",)) == "one three"


def test_what_is_ignored_never_runs() -> None:
    assert ran(preview=True, extend_select=("GA202",), ignore=("GA20", "one")) == "two"


@pytest.mark.parametrize("option", ["select", "extend_select", "ignore"])
@pytest.mark.parametrize("name", ["GA9", "G", "nine", "GA1011"])
def test_a_name_of_no_rule_is_refused(option: str, name: str) -> None:
    with pytest.raises(
        UsageError, match=rf"\A--{option.replace('_', '-')}: no rule is called '{name}'"
    ):
        ran(**{option: (name,)})


def test_no_shipped_rule_is_left_out_unknowingly() -> None:
    assert select(load(), AuditSettings(("a",), "/")) == tuple(
        one for one in load() if not one.preview
    )
