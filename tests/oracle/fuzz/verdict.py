"""What came of one case."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from pathlib import Path

Files = Mapping[str, bytes]  # those of one case, by their names


class Outcome(Enum):
    """What the server did; ``APART`` is a case that says nothing about the reader."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    APART = "not comparable"


@dataclass(frozen=True)
class Verdict:
    """One case: ``difference`` is empty when the server and the reader agree."""

    outcome: Outcome
    difference: str = ""


# Compares cases in an empty directory.
Judge = Callable[[Sequence[Files], Path], list[Verdict]]


def compared(refused: bool, theirs: Sequence[object], ours: Sequence[object]) -> Verdict:
    """Return the verdict on two views of one case; of the difference it tells the first."""
    outcome = Outcome.REFUSED if refused else Outcome.ACCEPTED
    for each, other in zip_longest(theirs, ours, fillvalue="nothing"):
        if each != other:
            return Verdict(outcome, f"server: {each!r}\n  ours: {other!r}")
    return Verdict(outcome)


def tally(verdicts: Iterable[Verdict]) -> Counter[str]:
    """Count the outcomes, and the disagreements among them."""
    counts: Counter[str] = Counter()
    for verdict in verdicts:
        counts["cases"] += 1
        counts[verdict.outcome.value] += 1
        counts["disagreements"] += bool(verdict.difference)
    return counts


def one_by_one(judged: Callable[[Files, Path], Verdict]) -> Judge:
    """Return a judge of many cases out of that of one, which gets a place of its own."""

    def verdicts(cases: Sequence[Files], directory: Path) -> list[Verdict]:
        found = []
        for files in cases:
            place = directory / "case"
            place.mkdir()
            found.append(judged(files, place))
            shutil.rmtree(place)
        return found

    return verdicts
