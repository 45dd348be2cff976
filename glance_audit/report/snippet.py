"""The lines of the audited files that a finding speaks of, with the words underlined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from glance_audit.record import NamedTuple
from glance_audit.report.line import Line, Span, cells, line, prose
from glance_audit.report.result import Location
from glance_audit.report.stretch import stretches
from glance_audit.report.window import SourceLine, Window

_NEAR = 25  # lines between two places that still are drawn together
_MOST = 8  # physical lines of one place
_HEAD = 5  # of them when there are more
_LABEL = 24  # the least room that a label beside its underline gets


class Mark(NamedTuple):
    """A place to draw: the finding's own (``primary``), or a related one with what it is."""

    location: Location
    label: str
    primary: bool
    style: str = "related"


class Page(NamedTuple):
    """What is drawn on: columns, columns of the line numbers, the sign for what is left out."""

    width: int
    digits: int
    ellipsis: str

    @property
    def margin(self) -> str:
        """The gutter of a row without a number."""
        return f"{'':>{self.digits}} |"

    @property
    def room(self) -> int:
        """The columns left of the gutter."""
        return max(self.width - self.digits - 3, 20)


def digits(marks: Iterable[Mark]) -> int:
    """Return the width of the line numbers of all these places."""
    return max((len(str(mark.location.end_line)) for mark in marks), default=1)


def snippets(marks: Sequence[Mark], page: Page) -> Iterator[Line]:
    """Draw every place: those of one file that are close in one piece, in line order."""
    for piece in _pieces(marks):
        yield from _piece(piece, page)


def _pieces(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Group by file and way it was included; the finding's own place comes first."""
    files: dict[object, list[Mark]] = {}
    for mark in marks:
        where = mark.location
        drawable = bool(where.line and where.lines)
        key = (where.file, where.included_from) if drawable else mark
        files.setdefault(key, []).append(mark)
    pieces: list[list[Mark]] = []
    for group in files.values():
        group.sort(key=lambda mark: (mark.location.line, mark.location.column))
        end = None
        for mark in group:
            if end is None or mark.location.line - end > _NEAR:
                pieces.append([])
                end = mark.location.end_line
            pieces[-1].append(mark)
            end = max(end, mark.location.end_line)
    pieces.sort(key=lambda piece: not any(mark.primary for mark in piece))
    return pieces


def _piece(marks: list[Mark], page: Page) -> Iterator[Line]:
    head = next((mark for mark in marks if mark.primary), marks[0]).location
    arrow = Span(f"{'':>{page.digits}}--> ", "gutter")
    yield line(arrow, Span(position(head), "place"))
    if head.line and head.lines:
        yield from _rows(marks, page)
    else:
        for mark in marks:
            if mark.label:
                yield from _note(mark.label, page)
    if head.real_file != head.file:
        yield from _note(f"{head.file} is a link to {head.real_file}", page)
    if head.included_from:
        steps = [f"{step.file}:{step.line}" for step in reversed(head.included_from)]
        yield from _note("included from " + ", from ".join(steps), page)


def position(location: Location) -> str:
    """Return ``file:line:column``, or the file alone."""
    if not location.line:
        return location.file
    return f"{location.file}:{location.line}:{max(location.column, 1)}"


def _note(text: str, page: Page) -> list[Line]:
    lead = f"{'':>{page.digits}} = "
    return prose([Span(lead, "gutter")], text, page.width, len(lead))


class _Stretch(NamedTuple):
    """The marked part of one physical line, characters from 0; ``last``: the mark ends here."""

    mark: Mark
    start: int
    end: int
    last: bool


def _rows(marks: list[Mark], page: Page) -> Iterator[Line]:
    texts: dict[int, str] = {}
    stretches: dict[int, list[_Stretch]] = {}
    for mark in marks:
        for number, text, stretch in _stretches(mark):
            texts.setdefault(number, text)
            stretches.setdefault(number, []).append(stretch)
    before = None
    for number in sorted(texts):
        if before is not None and number != before + 1:
            yield line(Span(f"{'...':>{page.digits}}", "gutter"))
        before = number
        yield from _line(number, texts[number], stretches[number], page)


def _stretches(mark: Mark) -> Iterator[tuple[int, str, _Stretch]]:
    for one in stretches(mark.location, _MOST, _HEAD):
        if one is None:
            continue
        end = one.end
        if one.open:
            end = len(one.text.rstrip(" \t\r"))
            if not one.last:  # the backslash belongs to the line end
                end = len(one.text[:end].removesuffix("\\").rstrip(" \t"))
        yield one.number, one.text, _Stretch(mark, one.start, max(end, one.start), one.last)


def _line(number: int, text: str, stretches: list[_Stretch], page: Page) -> Iterator[Line]:
    """Draw one line and under it a row for each mark; again where marks lie too far apart."""
    source = SourceLine(text)
    waiting = sorted(stretches, key=lambda one: (not one.mark.primary, one.start))
    while waiting:
        lead = waiting[0]
        window = Window(
            source, source.at(lead.start), source.at(lead.end), page.room, page.ellipsis
        )
        here = [
            one
            for one in waiting
            if one is lead or window.shows(source.at(one.start), source.at(one.end))
        ]
        waiting = [one for one in waiting if one not in here]
        yield line(Span(f"{number:>{page.digits}} | ", "gutter"), window.text)
        for one in sorted(here, key=lambda one: one.start):
            column, length = window.marks(source.at(one.start), source.at(one.end))
            yield from _underline(one, column, length, page)


def _underline(stretch: _Stretch, column: int, length: int, page: Page) -> Iterator[Line]:
    mark = stretch.mark
    signs = ("^" if mark.primary else "-") * length
    lead = [Span(f"{page.margin} ", "gutter"), Span(" " * column), Span(signs, mark.style)]
    label = mark.label if stretch.last else ""
    beside = page.room - column - length - 1
    if not label or cells(label) <= beside:
        yield line(*lead, Span(f" {label}" if label else "", mark.style))
        return
    yield line(*lead)
    left = column if page.room - column >= _LABEL else 0
    lead = [Span(f"{page.margin} ", "gutter"), Span(" " * left)]
    rows = prose([], label, page.room - left, 0, mark.style)
    for row in rows:
        yield line(*lead, *row)
