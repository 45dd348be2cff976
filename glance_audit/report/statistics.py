"""``--statistics``: what is found, counted by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glance_audit.engine.finding import Severity
from glance_audit.record import NamedTuple
from glance_audit.report.line import Line, Span, cells, line
from glance_audit.report.result import ReportedFinding

_HEADS = ("Count", "Code", "Severity", "Rule", "Files")
_APART = ("Suppressed", "Known")


class Counted(NamedTuple):
    """The findings of one rule with one severity: a rule may find graver and lesser cases.

    ``found`` are those that are neither suppressed nor known; ``files`` is in how many files these
    are.
    """

    found: int
    code: str
    severity: Severity
    slug: str
    url: str
    files: int
    suppressed: int
    known: int


def counted(findings: Iterable[ReportedFinding]) -> list[Counted]:
    """Count findings, the most frequent first, then by code."""
    groups: dict[tuple[str, Severity], list[ReportedFinding]] = {}
    for one in findings:
        groups.setdefault((one.code, one.severity), []).append(one)
    rows = [_row(group) for group in groups.values()]
    return sorted(rows, key=lambda row: (-row.found, row.code, row.severity.rank))


def statistics_lines(findings: Iterable[ReportedFinding]) -> Iterator[Line]:
    """Draw the counts as a table; suppressed and known ones have columns where there are any."""
    rows = counted(findings)
    if not rows:
        return
    apart = [any(row.suppressed for row in rows), any(row.known for row in rows)]
    heads = (*_HEADS, *(head for head, wanted in zip(_APART, apart, strict=True) if wanted))
    table = [
        (
            str(row.found), row.code, row.severity.value, row.slug, str(row.files),
            *(
                str(number)
                for number, wanted in zip((row.suppressed, row.known), apart, strict=True)
                if wanted
            ),
        )
        for row in rows
    ]  # fmt: skip
    widths = [max(map(cells, column)) for column in zip(heads, *table, strict=True)]
    yield line(*_aligned(heads, widths, ["strong"] * len(heads), ""))
    for row, texts in zip(rows, table, strict=True):
        severity = row.severity.value
        styles = ["", severity, severity, *[""] * (len(heads) - 3)]
        yield line(*_aligned(texts, widths, styles, row.url))


def _row(group: list[ReportedFinding]) -> Counted:
    first = group[0]
    suppressed = sum(one.suppressed is not None for one in group)
    known = sum(one.known and one.suppressed is None for one in group)
    new = [one for one in group if one.suppressed is None and not one.known]
    files = len({one.location.file for one in new})
    return Counted(
        len(new), first.code, first.severity, first.slug, first.url, files, suppressed, known
    )


def _aligned(
    texts: tuple[str, ...], widths: list[int], styles: list[str], url: str
) -> Iterator[Span]:
    """Yield the cells of a row, numbers to the right; the code leads to ``url``."""
    for place, (text, width, style) in enumerate(zip(texts, widths, styles, strict=True)):
        pad = " " * (width - cells(text))
        number = place not in (1, 2, 3)
        yield Span(("  " if place else "") + (pad if number else ""))
        yield Span(text, style, url if place == 1 else "")
        yield Span("" if number else pad)
