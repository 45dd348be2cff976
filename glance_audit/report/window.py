"""The stretch of a source line that fits on the screen, with the marked words in it."""

from __future__ import annotations

from itertools import accumulate

from glance_audit.report.escape import shown, visible
from glance_audit.report.line import cells

_TAB = 4
_AHEAD = 24  # columns kept before marked words that stand far to the right


class SourceLine:
    """One physical line as it is drawn; columns of the file are turned into those of the screen."""

    def __init__(self, text: str) -> None:
        self._simple = text.isascii() and text.isprintable()
        self._text = text
        if self._simple:
            return
        self._drawn = [" " * _TAB if one == "\t" else shown(one) for one in text]
        self._ends = [0, *accumulate(cells(piece) for piece in self._drawn)]

    def at(self, index: int) -> int:
        """Return the screen column at which a character (from 0) begins."""
        if self._simple:
            return min(index, len(self._text))
        return self._ends[min(index, len(self._text))]

    @property
    def width(self) -> int:
        """The columns of the whole line."""
        return self.at(len(self._text))

    def drawn(self, start: int, end: int) -> str:
        """Return what lies between two screen columns; a character is in or out as a whole."""
        if self._simple:
            return self._text[start:end]
        kept = []
        for piece, left, right in zip(self._drawn, self._ends, self._ends[1:], strict=False):
            if left >= start and right <= end:
                kept.append(piece)
            elif left < end and right > start:  # cut in two: what is left of it stays blank
                kept.append(" " * (min(right, end) - max(left, start)))
        return "".join(kept)


class Window:
    """A part of a line that is at most ``room`` columns wide and shows ``start`` to ``end``."""

    def __init__(self, source: SourceLine, start: int, end: int, room: int, ellipsis: str) -> None:
        self.left, self.right = 0, source.width
        self._source = source
        self._ellipsis = ellipsis
        self._room = room
        if source.width <= room:
            return
        dots = len(ellipsis)
        whole = end - start > room // 2 and start < room // 3  # a directive: its beginning counts
        if end > room - dots and not whole:
            spare = max(room - 2 * dots - (end - start), 0)
            self.left = max(start - min(_AHEAD, spare), 0)
        if self.left:
            self.right = min(self.left + room - 2 * dots, source.width)
            if self.right == source.width:
                self.left = source.width - (room - dots)
        else:
            self.right = room - dots

    @property
    def text(self) -> str:
        """What is shown, with an ellipsis wherever something is not."""
        before = self._ellipsis if self.left else ""
        after = self._ellipsis if self.right < self._source.width else ""
        return visible(f"{before}{self._source.drawn(self.left, self.right)}{after}")

    def shows(self, start: int, end: int) -> bool:
        """Whether marks under these columns would be seen, or are too long for any window."""
        seen = self.left <= start < max(self.right, 1)
        return seen and (end <= self.right or end - start > self._room // 2)

    def marks(self, start: int, end: int) -> tuple[int, int]:
        """Return where on the screen an underline begins and how long it is, at least 1."""
        shift = len(self._ellipsis) if self.left else 0
        begin = min(max(start, self.left), self.right)
        stop = min(max(end, begin + 1), max(self.right, begin + 1))
        return begin - self.left + shift, stop - begin
