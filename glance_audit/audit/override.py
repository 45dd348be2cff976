"""Severities of the operator's own choice, and what holds in some files only.

A finding in a file that an override names is let pass as a suppression in the file does: it is
counted, shown with ``-v``, and has its reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from pathspec import GitIgnoreSpec

from glance_audit.audit.selection import named
from glance_audit.audit.settings import AuditSettings, Override, UsageError
from glance_audit.engine.finding import Severity
from glance_audit.engine.rule import Rule
from glance_audit.engine.run import Findings
from glance_audit.files import FileSource
from glance_audit.report.escape import visible

_Severities = dict[str, Severity]


def overridden(
    findings: Findings,
    rules: Iterable[Rule],
    catalogue: Sequence[Rule],
    settings: AuditSettings,
    source: FileSource,
) -> tuple[Findings, tuple[str, ...]]:
    """Return the findings as the settings see them, and a note for each override without effect.

    The last override that says something of a rule in a file holds. ``rules`` are those that ran,
    of the ``catalogue``.

    Raises:
        UsageError: a pattern that is none.
    """
    severities = _by_code(settings.severities, catalogue)
    overrides = [_Override(one, catalogue, source) for one in settings.overrides]
    ran = frozenset(rule.code for rule in rules)
    judged = []
    for finding in findings.all:
        wished = severities.get(finding.code)
        reason = finding.suppressed
        for one in overrides:
            if one.matches(finding.place.file):
                wished = one.severities.get(finding.code, wished)
                if finding.suppressed is None and finding.code in one.ignored:
                    one.used.add(finding.code)
                    reason = one.said.reason
        if wished is not None or reason is not None:
            finding = finding._replace(severity=wished or finding.severity, suppressed=reason)
        judged.append(finding)
    notes = [note for one in overrides for note in one.notes(source.files_read(), ran)]
    return findings._replace(all=tuple(judged)), tuple(map(visible, notes))


class _Override:
    """An override, which of its rules it let pass, and what it is compared with."""

    def __init__(self, said: Override, catalogue: Sequence[Rule], source: FileSource) -> None:
        self.said = said
        self.severities = _by_code(said.severities, catalogue)
        self._meant = {name: _meant(name, catalogue) for name in said.ignore}
        self.ignored = frozenset[str]().union(*self._meant.values())
        self.used: set[str] = set()
        try:
            self._spec = GitIgnoreSpec.from_lines(said.patterns)
        except ValueError as error:
            raise UsageError(f"{said.name}.paths: {error}") from None
        self._source = source
        self._known: dict[str, bool] = {}

    def matches(self, file: str) -> bool:
        """Tell whether a file of the audited system is meant, by its own name or a link's."""
        known = self._known.get(file)
        if known is None:
            names = dict.fromkeys((file, self._source.real(file)))
            known = self._known[file] = any(
                self._spec.match_file(path) for name in names for path in self._paths(name)
            )
        return known

    def notes(self, files: Iterable[str], ran: frozenset[str]) -> list[str]:
        """Say what has had no effect: it hides what nobody means to hide, one day."""
        patterns = ", ".join(self.said.patterns)
        if not any(map(self.matches, files)):
            return [f"{self.said.name} ({patterns}): no file that was read matches"]
        idle = [
            name for name, codes in self._meant.items() if codes & ran and not codes & self.used
        ]
        if not idle:
            return []
        return [f"{self.said.name} ({patterns}): {', '.join(idle)} is not found there any more"]

    def _paths(self, file: str) -> list[str]:
        """Return what the patterns are compared with; a path outside the base as it is."""
        here = file if self._source.root == "/" else self._source.root + file
        base = os.path.join(self.said.base, "")
        below = [here[len(base) :]] if here.startswith(base) else []
        return [*below, file.lstrip("/")]


def _by_code(said: Iterable[tuple[str, Severity]], catalogue: Sequence[Rule]) -> _Severities:
    """Return the severity of each rule that one is said of; the name of fewer rules decides."""
    meant = [(_meant(name, catalogue), severity) for name, severity in said]
    meant.sort(key=lambda one: -len(one[0]))
    return {code: severity for codes, severity in meant for code in codes}


def _meant(name: str, catalogue: Iterable[Rule]) -> frozenset[str]:
    return frozenset(rule.code for rule in catalogue if named(rule, name))
