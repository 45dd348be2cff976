"""The picture of a way: boxes, arrows and labels with their coordinates, in SVG units (pixels)."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.record import NamedTuple
from glance_audit.report.html.way import Passage, Stop, Way
from glance_audit.report.result import ReportedFinding

_GAP, _WIDE_GAP, _TOP, _HEIGHT = 40, 84, 34, 78
_WIDTH, _SLIM = 178, 92
_LABEL_WIDTH, _LABEL_STEP, _MOST_LABELS = 62, 22, 5
_SPOOL_DOWN, _SPOOL_HEIGHT = 48, 78
_LETTER = 6.7  # the width of an average letter of the facts, 12 px high
_FACTS = 2


class Box(NamedTuple):
    """One stop, drawn: its words are cut to the box, ``whole`` has them uncut."""

    kind: str
    role: str
    x: int
    y: int
    width: int
    height: int
    title: str
    facts: tuple[str, ...]
    whole: str
    found: bool


class Label(NamedTuple):
    """A finding on an arrow; ``more``: how many further ones it stands for as well."""

    x: float
    y: float
    width: int
    finding: ReportedFinding
    more: int


class Arrow(NamedTuple):
    """From one box to the next, with the findings that break it; ``severity`` of the worst."""

    x1: float
    y1: float
    x2: float
    y2: float
    severity: str
    labels: tuple[Label, ...]

    @property
    def head(self) -> str:
        """The path of its head: a triangle at the end, down or to the right."""
        x, y = self.x2, self.y2
        if x == self.x1:
            return f"M{x} {y}l-5 -10h10z"
        return f"M{x} {y}l-10 -5v10z"


class Picture(NamedTuple):
    """One way, drawn in ``width`` times ``height``."""

    title: str
    words: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def picture(way: Way) -> Picture:
    """Lay a way out from left to right, its spool below the gateway."""
    boxes: list[Box] = []
    arrows = []
    x, middle = 1, _TOP + _HEIGHT / 2
    gateway = None
    for passage in way.passages:
        if boxes:
            gap = _WIDE_GAP if passage.findings else _GAP
            arrows.append(_arrow(passage, x, middle, x + gap, middle))
            x += gap
        slim = passage.stop in (Stop.CLIENT, Stop.STORE)
        boxes.append(_box(passage, x, _TOP, _SLIM if slim else _WIDTH, _HEIGHT))
        if passage.stop is Stop.GATEWAY:
            gateway = boxes[-1]
        x += boxes[-1].width
    height = _TOP * 2 + _HEIGHT
    if way.spool is not None and gateway is not None:
        labels = min(len(way.spool.findings), _MOST_LABELS)
        top = _TOP + _HEIGHT + max(_SPOOL_DOWN, (labels + 1) * _LABEL_STEP)
        boxes.append(_box(way.spool, gateway.x, top, _WIDTH, _SPOOL_HEIGHT))
        center = gateway.x + _WIDTH / 2
        arrows.append(_arrow(way.spool, center, _TOP + _HEIGHT, center, top))
        height = top + _SPOOL_HEIGHT + _TOP // 2
    return Picture(
        way.title, _in_words(way), x + 1, height, tuple(boxes), tuple(arrows)
    )  # fmt: skip


def _box(passage: Passage, x: int, y: int, width: int, height: int) -> Box:
    room = int((width - 16) / _LETTER)
    return Box(
        passage.stop.name.lower(), passage.stop.value, x, y, width, height,
        cut(passage.name, int(room * 0.8)),
        tuple(cut(fact, room) for fact in passage.facts[:_FACTS]),
        "\n".join((f"{passage.stop.value}: {passage.name}", *passage.facts)),
        passage.found,
    )  # fmt: skip


def _arrow(passage: Passage, x1: float, y1: float, x2: float, y2: float) -> Arrow:
    findings = passage.findings
    worst = min((one.severity for one in findings), key=lambda s: s.rank, default=None)
    labels = tuple(_labels(findings, (x1 + x2) / 2, (y1 + y2) / 2))
    return Arrow(x1, y1, x2, y2, worst.value if worst is not None else "", labels)


def _labels(findings: tuple[ReportedFinding, ...], x: float, y: float) -> Iterator[Label]:
    shown = findings[:_MOST_LABELS]
    top = y - (len(shown) - 1) * _LABEL_STEP / 2
    for number, one in enumerate(shown):
        last = number == _MOST_LABELS - 1
        yield Label(
            x - _LABEL_WIDTH / 2, top + number * _LABEL_STEP, _LABEL_WIDTH, one,
            len(findings) - _MOST_LABELS if last else 0,
        )  # fmt: skip


def cut(text: str, room: int) -> str:
    """Return a text in at most ``room`` letters; what is cut leaves an ellipsis in the middle."""
    if len(text) <= room:
        return text
    tail = (room - 1) // 2
    return f"{text[: room - 1 - tail]}\u2026{text[len(text) - tail :]}"


def _in_words(way: Way) -> str:
    """Tell a way to those who do not see it."""
    steps = []
    for passage in way.stops:
        codes = ", ".join(f"{one.severity.value} {one.code}" for one in passage.findings)
        name = (
            passage.name
            if passage.name == passage.stop.value
            else (f"{passage.stop.value} {passage.name}")
        )
        steps.append(f"{name} ({codes})" if codes else name)
    return ", then ".join(steps)
