"""What a host is called: after the file its report is in, or the directory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_ENDINGS = (".json", ".jsonl")
_NUMBER = re.compile(r"\d+")


def host_names(paths: Sequence[str]) -> list[str]:
    """Return a name for each path, all different when the paths are.

    A report is named by its file, ``web1.json`` is of ``web1``. When all have one name
    (``web1/audit.json``, ``web2/audit.json``) they are named by the directories that differ, and
    when some have, by as much of their path as tells them apart.
    """
    steps = [_steps(path) for path in paths]
    stems = {one[-1] for one in steps}
    if len(stems) == 1 and len(steps) > 1:
        return _by_directory(steps)
    return _by_end(steps)


def order(name: str) -> tuple[str, str]:
    """Return what host names are sorted by: numbers in them count as numbers."""
    return _NUMBER.sub(_counted, name), name


def _counted(found: re.Match[str]) -> str:
    number = found[0].lstrip("0")
    return f"{len(number):04}{number}"


def _steps(path: str) -> list[str]:
    steps = [step for step in path.split("/") if step not in ("", ".")] or [path]
    for ending in _ENDINGS:
        if steps[-1].endswith(ending) and steps[-1] != ending:
            steps[-1] = steps[-1].removesuffix(ending)
            break
    return steps


def _by_directory(steps: list[list[str]]) -> list[str]:
    """Name by the one directory that differs everywhere, else by all between what is the same."""
    inner = [one[:-1] for one in steps]
    for place in range(min(map(len, inner))):
        column = [one[place] for one in inner]
        if len(set(column)) == len(column):
            return column
    first = _common(inner)
    last = _common([one[first:][::-1] for one in inner])
    cut = ["/".join(one[first : len(one) - last]) for one in inner]
    named = [name or one[-1] for name, one in zip(cut, steps, strict=True)]
    return named if len(set(named)) == len(named) else _by_end(steps)


def _common(lists: list[list[str]]) -> int:
    """Return how many first steps are the same in all."""
    count = 0
    for column in zip(*lists, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count


def _by_end(steps: list[list[str]]) -> list[str]:
    """Name by the file, with as many directories before it as tell it from the others."""
    taken = [1] * len(steps)
    while True:
        names = ["/".join(one[-count:]) for one, count in zip(steps, taken, strict=True)]
        counts = Counter(names)
        longer = [
            min(count + 1, len(one)) if counts[name] > 1 else count
            for name, one, count in zip(names, steps, taken, strict=True)
        ]
        if longer == taken:
            return names
        taken = longer
