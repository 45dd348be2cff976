"""``--format html``: one self-contained page, to be opened from a mail, filtered and printed.

Everything from the audited files goes through the template's escaping; the page's own script is
the only one that its Content-Security-Policy lets run.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import TextIO

from jinja2 import Environment, FunctionLoader, StrictUndefined

from glance_audit import __version__
from glance_audit.record import NamedTuple
from glance_audit.report.escape import visible
from glance_audit.report.finding import ordered
from glance_audit.report.fleet import Fleet
from glance_audit.report.fleet_order import pivoted
from glance_audit.report.hosts import share, worded, words
from glance_audit.report.html.excerpt import rows
from glance_audit.report.html.picture import Picture, picture
from glance_audit.report.html.way import Way, ways
from glance_audit.report.line import plain
from glance_audit.report.look import Look
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport, Location, ReportedFinding
from glance_audit.report.summary import note_lines, summary_line

_MOST_WAYS = 100  # pictures; a browser is slow with thousands
_UNWRAPPED = 1_000_000  # columns: the browser breaks the lines


class _Card(NamedTuple):
    """A finding and what folds under it; the filter's words for all of them.

    ``anchor`` is its id on the page: findings may share a fingerprint.
    """

    anchor: str
    finding: ReportedFinding
    followers: tuple[ReportedFinding, ...]
    severities: str
    files: str
    hosts: str


class _File(NamedTuple):
    """A file and the number of its findings."""

    name: str
    findings: int


def write(report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    """Write a report as a page."""
    script, style = _part("page.js"), _part("page.css")
    look = outcome.look
    report = worded(report, look, messages=False)
    shown = list(_shown(report, look))
    every = list(ways(report.topology, report.findings))
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=FunctionLoader(_part), finalize=_finalize,
    )  # fmt: skip
    environment.filters["rows"] = rows
    environment.filters["at"] = _at
    environment.filters["words"] = lambda hosts: words(hosts, look)
    environment.filters["share"] = share
    page = environment.get_template("page.html.j2")
    for piece in page.generate(
        version=__version__,
        script=script, script_hash=_hash(script), style=style, style_hash=_hash(style),
        title=", ".join(report.target.paths) if report.fleet is None else _fleet(report.fleet),
        root=report.target.root,
        report=report,
        summary=plain([summary_line(report, outcome.seconds)]).strip(),
        notes=[plain([line]).strip() for line in note_lines(report, _UNWRAPPED)],
        pictures=list(_pictures(every)),
        undrawn=max(len(every) - _MOST_WAYS, 0),
        told=shown,
        anchors=_anchors(shown),
        known=[one for one in ordered(report) if one.known],
        suppressed=[one for one in ordered(report) if one.suppressed is not None],
        files=_files(report),
    ):  # fmt: skip
        stream.write(piece)


def _fleet(fleet: Fleet) -> str:
    count = len(fleet.hosts)
    return f"{count} host{'' if count == 1 else 's'}"


def _shown(report: AuditReport, look: Look) -> Iterator[_Card]:
    """What is told, each with what folds under it, the worst first."""
    worst_first = sorted(pivoted(report, look), key=lambda one: one.finding.severity.rank)
    for number, one in enumerate(worst_first, 1):
        both = (one.finding, *one.followers)
        yield _Card(
            f"finding-{number}", one.finding, one.followers,
            " ".join(sorted({each.severity.value for each in both})),
            "\n".join(sorted({each.location.file for each in both})),
            one.hosts,
        )  # fmt: skip


def _anchors(cards: list[_Card]) -> dict[str, str]:
    """Return where on the page a finding is told, by its fingerprint."""
    anchors: dict[str, str] = {}
    for card in cards:
        for one in (card.finding, *card.followers):
            anchors.setdefault(one.fingerprint, card.anchor)
    return anchors


def _pictures(every: list[Way]) -> Iterator[Picture]:
    # Those with findings first, when there are more than can be drawn.
    broken = sorted(every, key=lambda way: not any(stop.findings for stop in way.stops))
    chosen = every if len(every) <= _MOST_WAYS else list(islice(broken, _MOST_WAYS))
    return (picture(way) for way in chosen)


def _files(report: AuditReport) -> list[_File]:
    counts: dict[str, int] = {}
    for one in report.findings:
        if one.suppressed is None and not one.known:
            counts[one.location.file] = counts.get(one.location.file, 0) + 1
    return [_File(file, count) for file, count in sorted(counts.items())]


def _at(location: Location) -> str:
    if not location.line:
        return location.file
    return f"{location.file}:{location.line}:{max(location.column, 1)}"


def _finalize(value: object) -> object:
    """Show what would deceive the eye in every text; line ends mean nothing in HTML."""
    if type(value) is not str:  # markup of the template itself
        return value
    return "\n".join(visible(part) for part in value.split("\n"))


def _hash(text: str) -> str:
    """Return what a Content-Security-Policy names an inline script or style by."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _part(name: str) -> str:
    """Return a file of the page, without its last line end."""
    path = os.path.join(os.path.dirname(__file__), name)
    with open(path, encoding="utf-8") as file:
        return file.read().rstrip("\n")
