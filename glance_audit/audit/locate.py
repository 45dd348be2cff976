"""From a place in the audited system to a location in a report."""

from __future__ import annotations

import os

from glance_audit.apache import Directive, Reading
from glance_audit.audit.paths import AuditedPaths
from glance_audit.engine.finding import Finding
from glance_audit.files import Inclusion, Place, Unreadable
from glance_audit.report.escape import mask, mask_lines, visible
from glance_audit.report.result import IncludeStep, Location


class Locator:
    """Names files as the report does and fetches the lines a place covers."""

    def __init__(self, paths: AuditedPaths) -> None:
        self._paths = paths
        self._source = paths.source
        self._lines: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        self._both: dict[str, tuple[str, str]] = {}
        self._shown: dict[str, str] = {}
        self._readings: dict[Reading, tuple[str, str, tuple[IncludeStep, ...]]] = {}
        self._chains: dict[tuple[Inclusion, ...], tuple[IncludeStep, ...]] = {}

    def name(self, path: str) -> str:
        """Return a file's name in the report: relative to the base, else absolute here."""
        known = self._names.get(path)
        if known is None:
            known = self._names[path] = self._name(path)
        return known

    def _name(self, path: str) -> str:
        host = path if self._source.root == "/" else self._source.root + path
        base = self._paths.base
        if host == base:
            return visible(os.path.basename(host))
        if base != "/" and host.startswith(base + "/"):
            return visible(host[len(base) + 1 :])
        return visible(host)

    def locate(self, place: Place) -> Location:
        """Fill in the text; a file that cannot be read any more has none."""
        lines = mask_lines(tuple(self._covered(place)))
        name, real_name = self._both_names(place.file)
        return Location(
            name,
            real_name,
            place.line,
            place.column,
            place.end_line,
            place.end_column,
            visible(_marked(lines, place)),
            lines,
            self._chain(place.included_from),
        )

    def point(self, directive: Directive) -> Location:
        """Locate a directive in the topology: its text in one piece, and no lines around it."""
        stretch = directive.stretch
        if stretch is None:
            return self._point_apart(directive)
        line, column, end = stretch
        reading = directive.reading
        known = self._readings.get(reading)
        if known is None:
            steps = self._chain(reading.included_from)
            known = self._readings[reading] = (*self._both_names(reading.file), steps)
        name, real_name, steps = known
        shown = self._safe(directive.line.text)
        return Location(name, real_name, line, column, line, end, shown, (), steps)

    def _point_apart(self, directive: Directive) -> Location:
        """Locate a directive of several lines, or out of a macro."""
        location = self.locate(directive.place)
        text = directive.whole_text
        return location if text is None else location._replace(text=self._safe(text), lines=())

    def _safe(self, text: str) -> str:
        shown = self._shown.get(text)
        if shown is None:
            shown = self._shown[text] = visible(mask(text))
        return shown

    def _both_names(self, file: str) -> tuple[str, str]:
        known = self._both.get(file)
        if known is None:
            known = self._both[file] = (self.name(file), self.name(self._source.real(file)))
        return known

    def _chain(self, steps: tuple[Inclusion, ...]) -> tuple[IncludeStep, ...]:
        known = self._chains.get(steps)
        if known is None:
            known = tuple(IncludeStep(self.name(step.file), step.line) for step in steps)
            self._chains[steps] = known
        return known

    def identity(self, finding: Finding) -> tuple[object, ...]:
        """What makes a finding the same one after lines have moved."""
        place = finding.place
        text = " ".join(_marked(tuple(self._covered(place)), place).split())
        return finding.code, self.name(place.file), text, finding.context

    def fingerprint(self, finding: Finding, occurrence: int) -> str:
        """Return a stable name of a finding: 32 hexadecimal digits, no line numbers in it."""
        import hashlib  # takes as long as a small file; most audits find nothing

        code, file, text, _context = self.identity(finding)
        parts = (str(code), str(file), str(text), *finding.context, str(occurrence))
        whole = "\x00".join(parts).encode("utf-8", "surrogateescape")
        return hashlib.sha256(whole).hexdigest()[:32]

    def _covered(self, place: Place) -> list[str]:
        if place.line < 1:
            return []
        lines = self._lines.get(place.file)
        if lines is None:
            try:
                lines = self._source.text(place.file).split("\n")
            except Unreadable:
                lines = []
            self._lines[place.file] = lines
        return [line.removesuffix("\r") for line in lines[place.line - 1 : place.end_line]]


def _marked(lines: tuple[str, ...], place: Place) -> str:
    """Return the text between a place's columns, joined to one line."""
    if not lines:
        return ""
    if len(lines) == 1:
        return lines[0][place.column - 1 : place.end_column - 1]
    first, *middle, last = lines
    return " ".join((first[place.column - 1 :], *middle, last[: place.end_column - 1]))
