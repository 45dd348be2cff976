"""Comparing the two readings of a file, node by node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from glance_audit.apache import Directive, read_raw
from glance_audit.crosscheck.cause import known_cause, known_failure
from glance_audit.crosscheck.second_reader import Node, SecondReaderFailed, second_reading
from glance_audit.files import FileSource, Place, Unreadable
from glance_audit.record import NamedTuple

# The second reader takes quadratic time: 20,000 directives a second, 40,000 ten.
MOST_LINES = 20_000


class Difference(NamedTuple):
    """A place the readers see otherwise; ``cause`` None when nobody knows why."""

    place: Place
    message: str
    cause: str | None


def compare_file(source: FileSource, path: str) -> tuple[Difference, ...]:
    """Return the differences over one file, in its order.

    Raises:
        SecondReaderMissing: there is no second reader.
    """
    try:
        text = source.text(path)
    except Unreadable:  # the audit itself tells of it
        return ()
    if text.count("\n") > MOST_LINES:
        return (
            Difference(
                Place(path), f"more than {MOST_LINES} lines: left to one reader",
                "its time grows with the square of the lines",
            ),
        )  # fmt: skip
    ours, problems = read_raw(source, path)
    try:
        theirs = second_reading(text)
    except SecondReaderFailed as failure:
        if problems:  # nor does Apache read it
            return ()
        cause = known_failure(text)
        return (Difference(Place(path), f"the second reader gives up: {failure}", cause),)
    return tuple(_differences(list(_flat(ours)), theirs, text.split("\n"), path))


class _Ours(NamedTuple):
    node: Node
    directive: Directive


def _flat(directives: Sequence[Directive]) -> Iterator[_Ours]:
    pending = [(directive, 0) for directive in reversed(directives)]
    while pending:
        directive, depth = pending.pop()
        yield _Ours(Node(depth, directive.name, directive.args), directive)
        pending += [(child, depth + 1) for child in reversed(directive.children)]


def _differences(
    ours: list[_Ours], theirs: list[Node], lines: list[str], path: str
) -> Iterator[Difference]:
    left = [_plain(one.node) for one in ours]
    right = [_plain(node) for node in theirs]
    if left == right:
        return
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    last = Place(path)
    for kind, start, end, their_start, their_end in matcher.get_opcodes():
        if kind == "equal":
            last = ours[end - 1].directive.place
            continue
        pairs = max(end - start, their_end - their_start)
        for index in range(pairs):
            mine = ours[start + index] if start + index < end else None
            other = theirs[their_start + index] if their_start + index < their_end else None
            if mine is not None:
                last = mine.directive.place
            covered = lines[max(last.line - 1, 0) : max(last.end_line, 1)]
            before = lines[last.line - 2] if last.line > 1 else ""
            yield Difference(last, _message(mine, other), known_cause(covered, before))


def _message(mine: _Ours | None, other: Node | None) -> str:
    if mine is None:
        return f"the second reader alone sees {_text(other)} behind this"
    if other is None:
        return "the second reader does not see this directive"
    return f"the second reader sees {_text(other)}"


def _text(node: Node | None) -> str:
    return f"'{' '.join(f'{node.name} {node.args}'.split())}'" if node is not None else ""


def _plain(node: Node) -> Node:
    """Drop what means nothing: case of names, blanks around words, line ends continued.

    And a quote at either end, which the second reader does not keep.
    """
    args = " ".join(node.args.replace("\\\r\n", "").replace("\\\n", "").split())
    if len(args) > 1 and args[0] == args[-1] and args[0] in "'\"":
        args = args[1:-1]
    return Node(node.depth, node.name.lower(), args)
