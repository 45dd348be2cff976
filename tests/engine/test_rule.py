"""Declaring a rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import DOCS, rule


def check(deployment: Deployment) -> Iterator[Finding]:
    """The title.

    ## What it does

    One
    two.

    ## References

    - three
    """
    yield from ()


def silent(deployment: Deployment) -> Iterator[Finding]:
    yield from ()


def test_the_docstring_is_the_page() -> None:
    made = rule("GA123", "a-slug", severity=Severity.INFO, basis=Basis.SOURCE)(check)

    assert (made.code, made.slug, made.severity, made.versions) == (
        "GA123",
        "a-slug",
        Severity.INFO,
        "all",
    )
    assert made.title == "The title."
    assert made.url == f"{DOCS}GA123/"
    assert made.sections() == {"What it does": "One\ntwo.", "References": "- three"}
    assert list(made.sections()) == ["What it does", "References"]


@pytest.mark.parametrize(
    ("code", "slug"),
    [
        ("GA1", "x"),
        ("ga101", "x"),
        ("GA1011", "x"),
        ("GA101\n", "x"),
        ("GA101", ""),
        ("GA101", "X"),
        ("GA101", "a--b"),
        ("GA101", "a_b"),
        ("GA101", "-a"),
        ("GA101", "a\n"),
    ],
)
def test_a_malformed_code_or_slug_is_refused(code: str, slug: str) -> None:
    with pytest.raises(ValueError, match="not a rule code and slug"):
        rule(code, slug, severity=Severity.INFO, basis=Basis.SOURCE)


def test_a_check_without_a_page_is_refused() -> None:
    with pytest.raises(ValueError, match="GA101 has no page"):
        rule("GA101", "x", severity=Severity.INFO, basis=Basis.SOURCE)(silent)


def test_ranks_go_from_the_worst_and_from_the_surest() -> None:
    assert [severity.rank for severity in Severity] == [0, 1, 2]
    assert Severity.ERROR.rank < Severity.WARNING.rank < Severity.INFO.rank
