"""Which findings the files let pass, and which suppressions let none pass.

A suppression holds for what has its place on the lines of what it stands before, or in its file.
A related place does not count, other than the line of a macro's body: that is the directive
itself, which a finding places at the ``Use``. Of several that hold, the closest one is used, and of
these the first: the others may go.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.suppression import (
    RuleName,
    Suppression,
    UnknownRule,
    lines_read,
)
from glance_audit.engine.finding import Finding
from glance_audit.engine.rule import CODE, Rule
from glance_audit.files import Place

_MOST_ADVICE = 100  # names for which one that looks alike is looked for


class Suppressor:
    """The suppressions of a deployment, and which of them have been used."""

    def __init__(self, deployment: Deployment, catalogue: Iterable[Rule]) -> None:
        self._deployment = deployment
        self._codes: dict[str, str] = {}
        self._names: list[str] = []  # as they are written
        for rule in catalogue:
            self._codes[rule.code.lower()] = self._codes[rule.slug] = rule.code
            self._names += (rule.code, rule.slug)
        self._starts: dict[str, list[str]] = {}
        for code in sorted(set(self._codes.values())):
            for end in range(1, len(code)):
                self._starts.setdefault(code[:end].upper(), []).append(code)
        spans: dict[tuple[str, str], list[Suppression]] = {}
        self._files: dict[tuple[str, str], Suppression] = {}
        for one in deployment.suppressions:
            if one.fault is not None:
                continue
            for code in self._codes_of(one):
                key = (code, one.place.file)
                if one.whole_file:
                    self._files.setdefault(key, one)
                else:
                    spans.setdefault(key, []).append(one)
        self._spans = {key: _Spans(found) for key, found in spans.items()}
        self._prefixes = tuple({code.rstrip("0123456789") for code in self._codes.values()})
        self._advice = _MOST_ADVICE
        self._used: set[tuple[str, int, int, str]] = set()

    def apply(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings, those that pass with the reason."""
        return [self._judged(finding) for finding in findings]

    def told(self, ran: frozenset[str]) -> tuple[Suppression, ...]:
        """Return the suppressions with what became of them; only rules that ``ran`` are unused.

        One file that is read under several names is told of once.
        """
        idle = {
            one: names
            for one in self._deployment.suppressions
            if one.fault is None and (names := self._idle(one, ran))
        }
        files = frozenset(one.place.file for one in idle)
        read = lines_read(self._deployment, files)
        once: dict[tuple[str, int, int], Suppression] = {}
        for one in self._deployment.suppressions:
            unused = idle.get(one, ())
            if unused and not _any(read.get(one.place.file), one):
                unused = ()
            unknown = tuple(self._unknown(one)) if one.fault is None else ()
            key = (one.real, one.place.line, one.place.column)
            once.setdefault(key, one._replace(unused=unused, unknown=unknown))
        return tuple(once.values())

    def _judged(self, finding: Finding) -> Finding:
        same = (related.place for related in finding.related if related.same)
        for place in (finding.place, *same):
            one = self._holding(finding.code, place)
            if one is not None:
                self._used.add(_mark(one, finding.code))
                return finding._replace(suppressed=one.reason)
        return finding

    def _holding(self, code: str, place: Place) -> Suppression | None:
        key = (code, place.file)
        spans = self._spans.get(key)
        found = spans.around(place.line) if spans is not None and place.line else None
        return found or self._files.get(key)

    def _codes_of(self, one: Suppression) -> set[str]:
        return {
            self._codes[name.text.lower()] for name in one.rules if name.text.lower() in self._codes
        }

    def _idle(self, one: Suppression, ran: frozenset[str]) -> tuple[RuleName, ...]:
        return tuple(
            name
            for name in one.rules
            if (code := self._codes.get(name.text.lower(), "")) in ran
            and _mark(one, code) not in self._used
        )

    def _unknown(self, one: Suppression) -> Iterator[UnknownRule]:
        for name in one.rules:
            if name.text.lower() not in self._codes:
                yield self._lookalike(name)

    def _lookalike(self, name: RuleName) -> UnknownRule:
        starts = self._starts.get(name.text.upper())
        if starts is not None:
            return UnknownRule(name, "", False, tuple(starts))
        foreign = CODE.match(name.text) is not None and not name.text.startswith(self._prefixes)
        nearest = ""
        if self._advice:
            self._advice -= 1
            nearest = _nearest(name.text.upper(), self._names) or _nearest(
                name.text.lower(), self._names
            )
        return UnknownRule(name, nearest, foreign)


class _Spans:
    """The spans of one rule's suppressions in one file: each lies in another one or beside it."""

    def __init__(self, suppressions: Sequence[Suppression]) -> None:
        ordered = sorted(suppressions, key=lambda one: (one.first, -one.last, one.place.line))
        self._starts: list[int] = []
        self._ones: list[Suppression] = []
        self._outer: list[int | None] = []
        stack: list[int] = []
        for one in ordered:
            while stack and self._ones[stack[-1]].last < one.first:
                stack.pop()
            if stack:
                around = self._ones[stack[-1]]
                if (around.first, around.last) == (one.first, one.last):
                    continue  # the first of several
            self._starts.append(one.first)
            self._outer.append(stack[-1] if stack else None)
            stack.append(len(self._ones))
            self._ones.append(one)

    def around(self, line: int) -> Suppression | None:
        """Return the innermost span that a line is in."""
        at: int | None = bisect_right(self._starts, line) - 1
        if at == -1:
            return None
        while at is not None and self._ones[at].last < line:
            at = self._outer[at]
        return None if at is None else self._ones[at]


def _nearest(text: str, names: list[str]) -> str:
    """Return the name that looks most like a text, rather one that begins like it, or nothing."""
    from difflib import get_close_matches

    def alike(name: str) -> int:
        pairs = enumerate(zip(name, text, strict=False))
        return next((at for at, (one, other) in pairs if one != other), min(len(name), len(text)))

    return max(get_close_matches(text, names, n=len(names)), key=alike, default="")


def _mark(one: Suppression, code: str) -> tuple[str, int, int, str]:
    return one.real, one.place.line, one.place.column, code


def _any(lines: Sequence[int] | None, one: Suppression) -> bool:
    """Whether one of a file's lines, in rising order, is among a suppression's; None: all are."""
    if lines is None:
        return True
    if one.whole_file:
        return bool(lines)
    at = bisect_left(lines, one.first)
    return at < len(lines) and lines[at] <= one.last
