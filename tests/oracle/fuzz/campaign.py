"""The kinds of cases, each with the server that is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from glance_audit.uwsgi import Build
from tests.oracle import uwsgi_server
from tests.oracle.fuzz import apache_files, apache_trees, uwsgi_files
from tests.oracle.fuzz.shrink import shrunk
from tests.oracle.fuzz.verdict import Files, Judge, tally
from tests.oracle.treedump import treedump

# By their numbers; the first file of a case is the main one.
CASES: dict[str, Callable[[int], dict[str, bytes]]] = {
    "FILES": apache_files.case,
    "TREES": apache_trees.case,
    **{f"UWSGI/{build.value}": uwsgi_files.case for build in Build},
}


@dataclass(frozen=True)
class Campaign:
    """What came of some cases: how many of each outcome, and what the disagreements are."""

    counts: Counter[str]
    disagreements: tuple[str, ...]


def prepared(kind: str, directory: Path) -> Judge:
    """Return the judge of a kind; what it needs is built in the directory."""
    name, _, build = kind.partition("/")
    if name == "UWSGI":
        return uwsgi_files.judge(uwsgi_server.prepared(directory, Build(build)))
    dump = treedump.build(directory)
    return apache_files.judge(dump) if kind == "FILES" else apache_trees.judge(dump)


def run(
    kind: str, numbers: Sequence[int], judge: Judge, directory: Path, *, shrinks: int = 0
) -> Campaign:
    """Try the cases of these numbers; the first disagreements are made small."""
    cases = [CASES[kind](number) for number in numbers]
    verdicts = judge(cases, directory)
    found: list[str] = []
    for number, files, verdict in zip(numbers, cases, verdicts, strict=True):
        if not verdict.difference:
            continue
        small, difference = files, verdict.difference
        if len(found) < shrinks:
            small, difference = _small(files, judge, directory)
        shown = "".join(f"\n  {name}: {data[:2000]!r}" for name, data in small.items())
        found.append(f"{kind} {number}:{shown}\n{difference}")
    return Campaign(tally(verdicts), tuple(found))


def _small(files: dict[str, bytes], judge: Judge, directory: Path) -> tuple[dict[str, bytes], str]:
    main = next(iter(files))

    def difference(candidate: Files) -> str:
        return judge([candidate], directory)[0].difference if main in candidate else ""

    small = shrunk(files, lambda candidate: difference(candidate) != "")
    return small, difference(small)
