"""The list of the rules: for people, for programs, and as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from glance_audit.engine.rule import Rule
from glance_audit.report.line import BLANK, Line, Span, line, prose

# The hundreds of a code.
FAMILIES = {
    "1": "Gateway: how Apache hands requests to Glance",
    "2": "Request buffering",
    "3": "Timeouts",
    "4": "Spool space",
    "5": "Python",
    "6": "What Glance itself needs under WSGI",
    "7": "Size limits",
    "8": "Exposure",
    "9": "What the files themselves say",
}
OWN = "Your own rules"


def families(rules: Iterable[Rule]) -> Iterator[tuple[str, list[Rule]]]:
    """Yield the families that have rules, with these in the given order."""
    members: dict[str, list[Rule]] = {}
    for rule in rules:
        family = FAMILIES.get(rule.code[2], "Other") if rule.shipped else OWN
        members.setdefault(family, []).append(rule)
    yield from members.items()


def lines(rules: Iterable[Rule], width: int) -> Iterator[Line]:
    """Return the list for people: code, severity, name, and the rule in one sentence."""
    for number, (family, members) in enumerate(families(rules)):
        if number:
            yield BLANK
        yield line(Span(family, "strong"))
        for rule in members:
            severity = rule.severity.value
            preview = "  (preview)" if rule.preview else ""
            yield line(
                "  ", Span(rule.code, severity), f"  {severity:<7}  ", Span(rule.slug, "strong"),
                preview,
            )  # fmt: skip
            yield from prose([Span(" " * 9)], rule.title.replace("`", ""), width, 9)


def to_json(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return the rules as JSON-ready data."""
    return [
        {
            "code": rule.code,
            "slug": rule.slug,
            "severity": rule.severity.value,
            "basis": rule.basis.value,
            "versions": rule.versions,
            "caused_by": list(rule.caused_by),
            "preview": rule.preview,
            "title": rule.title,
            "url": rule.url,
        }
        for rule in rules
    ]


def markdown(rules: Iterable[Rule], prefix: str | None = None) -> str:
    """Return a table for each family; codes link to ``prefix`` + ``GA201.md``, else to the site."""
    tables = []
    for family, members in families(rules):
        rows = [
            f"**{family}**",
            "",
            "| Code | Name | Severity | What it finds |",
            "| --- | --- | --- | --- |",
        ]
        for rule in members:
            address = rule.url if prefix is None else f"{prefix}{rule.code}.md"
            code = f"[{rule.code}]({address})" if address else rule.code
            rows.append(f"| {code} | {rule.slug} | {rule.severity.value} | {_cell(rule.title)} |")
        tables.append("\n".join(rows) + "\n")
    return "\n".join(tables)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
