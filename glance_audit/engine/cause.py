"""One cause is told once: which finding leads, and which fold under it.

A rule names in ``caused_by`` the rules that tell of the same cause better than it does, best
first. That alone folds nothing: two findings share their cause when the place of the leading one,
the directive or option that has to change, is also a place of the follower, its own or a related
one. What merely meets on the same route or the same machine stays apart.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from glance_audit.engine.finding import Finding
from glance_audit.engine.rule import Rule
from glance_audit.files import Place
from glance_audit.record import NamedTuple


def leaders(findings: Sequence[Finding], rules: Iterable[Rule]) -> dict[int, int]:
    """Return for every finding that follows the finding that leads, both by their number.

    What leads may itself follow: the leader of all is named.
    """
    wanted = {rule.code: rule.caused_by for rule in rules if rule.caused_by}
    leading = frozenset(code for codes in wanted.values() for code in codes)
    index = _Index(findings, leading)
    direct = {
        number: leader
        for number, finding in enumerate(findings)
        if finding.code in wanted
        and (leader := index.find(wanted[finding.code], finding)) is not None
    }
    return {number: _first(number, direct) for number in direct}


def cycle(caused_by: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the codes of a circle in the declarations, in which each follows the next, or none."""
    done: set[str] = set()
    for start in caused_by:
        path = [start]
        choices = [iter(caused_by[start])]
        while choices and start not in done:
            following = next(choices[-1], None)
            if following is None:
                choices.pop()
                done.add(path.pop())
            elif following in path:
                return tuple(path[path.index(following) :])
            elif following in caused_by and following not in done:
                path.append(following)
                choices.append(iter(caused_by[following]))
    return ()


def _first(number: int, direct: Mapping[int, int]) -> int:
    while number in direct:
        number = direct[number]
    return number


class _Stretch(NamedTuple):
    start: tuple[int, int]
    end: tuple[int, int]
    number: int


class _Index:
    """The places of the findings that may lead, by code and file."""

    def __init__(self, findings: Sequence[Finding], leading: frozenset[str]) -> None:
        self._whole: dict[tuple[str, str], int] = {}
        self._stretches: dict[tuple[str, str], list[_Stretch]] = {}
        for number, finding in enumerate(findings):
            if finding.code not in leading:
                continue
            place, key = finding.place, (finding.code, finding.place.file)
            if not place.line:
                self._whole.setdefault(key, number)
                continue
            self._stretches.setdefault(key, []).append(_Stretch(*_ends(place), number))
        for stretches in self._stretches.values():
            stretches.sort()
        self._starts = {
            key: [stretch.start for stretch in stretches]
            for key, stretches in self._stretches.items()
        }

    def find(self, codes: Iterable[str], finding: Finding) -> int | None:
        """Return the leader of a finding: of the best code, at the first of its own places."""
        places = [finding.place, *(related.place for related in finding.related)]
        found = (self._at(code, place) for code in codes for place in places)
        return next((number for number in found if number is not None), None)

    def _at(self, code: str, place: Place) -> int | None:
        key = (code, place.file)
        # A finding about a file as a whole leads whatever follows it in there.
        if key in self._whole or not place.line:
            return self._whole.get(key)
        start, end = _ends(place)
        starts = self._starts.get(key)
        if starts is None:
            return None
        # Two findings of one rule do not overlap unless they begin at the same place.
        last = bisect_right(starts, max(start, (end[0], end[1] - 1))) - 1
        if last < 0:
            return None
        stretch = self._stretches[key][bisect_left(starts, starts[last])]
        return stretch.number if stretch.end > start or stretch.start == start else None


def _ends(place: Place) -> tuple[tuple[int, int], tuple[int, int]]:
    return (place.line, place.column), (place.end_line, place.end_column)
