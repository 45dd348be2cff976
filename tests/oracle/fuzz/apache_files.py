"""Single files of Apache, damaged, read by themselves with nothing carried out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from glance_audit.apache.modules import Modules
from glance_audit.apache.reader import Reader
from glance_audit.apache.variables import Variables
from glance_audit.files import FileSource
from tests.oracle.fuzz.budget import source
from tests.oracle.fuzz.noise import ANY, APACHE, ENVIRONMENT, LINES, damaged
from tests.oracle.fuzz.verdict import Files, Judge, Outcome, Verdict, compared
from tests.oracle.treedump.treedump import Node, Reading, Treedump, lower, text

MAIN = "httpd.conf"
BOUND = "the rest is left out"  # the reader says so where it stops for its own reasons
_TESTS = Path(__file__).parents[2]
_DIRECTORIES = (_TESTS / "apache" / "corpus", _TESTS.parent / "samples")


@cache
def texts() -> tuple[bytes, ...]:
    """Return the configurations that are damaged: those of the corpus and of the samples."""
    found = {
        path.read_bytes(): None
        for directory in _DIRECTORIES
        for path in sorted(directory.rglob("*"))
        if path.suffix in {".conf", ".load"} and path.is_file() and path.name != "glance-api.conf"
    }
    return tuple(each for each in found if len(each) < 4000)


def case(number: int) -> dict[str, bytes]:
    """Return one damaged file: a whole text, or a stretch of each of two."""
    chance = source("files", number)
    data = chance.choice(texts())
    if chance.random() < 0.3:
        data = b""
        for _ in range(2):
            lines = chance.choice(texts()).splitlines(keepends=True) or [b""]
            at = chance.randrange(len(lines))
            data += b"".join(lines[at : at + chance.randint(1, 12)])
    return {MAIN: damaged(chance, data, ANY + APACHE, 4)}


def judge(treedump: Treedump) -> Judge:
    """Return what compares both readers on many files, with one start of Apache."""

    def verdicts(cases: Sequence[Files], directory: Path) -> list[Verdict]:
        paths = [directory / f"{index}.conf" for index in range(len(cases))]
        for path, files in zip(paths, cases, strict=True):
            path.write_bytes(files[MAIN])
        theirs = treedump.files(paths, ENVIRONMENT | LINES)
        return [
            _compared(each, reading(path), files[MAIN])
            for each, path, files in zip(theirs, paths, cases, strict=True)
        ]

    return verdicts


def fills(data: bytes) -> bool:
    """Whether a line may end where Apache's buffer does, which it does not survive.

    A last line that fills the buffer is lost when no line end follows (``ap_cfg_getline_core``
    meets the end of the file as it reads on), and what stands behind a NUL and the end of the
    buffer is a line of its own. The buffer has 206 bytes at first and grows with the lines.
    """
    logical = re.split(rb"(?<![\\\r\n])\n", data)  # not where a line may go on
    return any(len(line) > 200 and (b"\0" in line or line is logical[-1]) for line in logical)


def _compared(theirs: Reading, ours: Reading, data: bytes) -> Verdict:
    if ours.message.endswith(BOUND):
        return Verdict(Outcome.APART)
    if theirs.refused_at == ours.refused_at is not None:
        return Verdict(Outcome.REFUSED)
    if theirs.refused_at or ours.refused_at:
        refusals = [(each.refused_at, each.message) for each in (theirs, ours)]
        found = compared(theirs.refused_at is not None, refusals[:1], refusals[1:])
    else:
        found = compared(False, theirs.nodes, ours.nodes)
    return Verdict(Outcome.APART) if found.difference and fills(data) else found


def reading(path: Path) -> Reading:
    """Return what this project's reader makes of a file when nothing is carried out."""
    variables = Variables({}, ENVIRONMENT | LINES)
    reader = Reader(FileSource(), str(path.parent), variables, (2, 4, 71), Modules(()), {})
    reader.read(str(path), None, (), 0, None)
    nodes: list[Node] = []
    pending = [(0, directive) for directive in reversed(reader.directives)]
    while pending:
        depth, each = pending.pop()
        name = "<" * each.section + lower(each.name)
        nodes.append(Node(depth, name, text(each.args), each.dump_file, each.dump_line))
        pending += [(depth + 1, child) for child in reversed(each.children)]
    fatal = [problem for problem in reader.problems if problem.fatal]
    if not fatal:
        return Reading(tuple(nodes))
    place = fatal[0].place
    return Reading((), (place.file, place.end_line or place.line), fatal[0].message)
