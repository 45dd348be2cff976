"""Suppressions: comments in the audited files that let a finding pass, each with its reason."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from glance_audit.deployment.inputs import Inputs
from glance_audit.files import FileSource, Place, Unreadable
from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from glance_audit.deployment.model import Deployment
    from glance_audit.files.comment import Row

NAME = "glance-audit"
_MOST_LINES = 1_000_000  # of a file; of Apache's no more are read either


class Fault(Enum):
    """Why a suppression does not count."""

    NOT_UNDERSTOOD = "not understood"
    NO_RULE = "no rule"
    NO_REASON = "no reason"
    NO_DATE = "no date"
    EXPIRED = "expired"
    NOT_ALONE = "not alone"
    NOTHING_FOLLOWS = "nothing follows"


class RuleName(NamedTuple):
    """A rule as a suppression names it."""

    text: str
    place: Place


class UnknownRule(NamedTuple):
    """A name that is no rule's. ``nearest`` is one that looks alike, or empty.

    ``foreign``: it has the form of a code, with a prefix that no rule of this audit has. ``starts``
    are the codes that it is the start of.
    """

    name: RuleName
    nearest: str
    foreign: bool
    starts: tuple[str, ...] = ()


class Suppression(NamedTuple):
    """One suppression: ``rules`` are silent from line ``first`` to ``last``, or in the whole file.

    ``section``: the lines are a section's, else one directive's or option's; ``before`` is the
    place of the directive or of the section's opening. ``real`` is the file with links followed.
    ``until`` is the last day that it holds, empty when that is not said. With a ``fault``, which
    is ``wrong``, it does not count. ``unused`` and ``unknown`` are told by the engine once the
    rules have run.
    """

    place: Place
    real: str
    whole_file: bool = False
    first: int = 0
    last: int = 0
    section: bool = False
    before: Place | None = None
    rules: tuple[RuleName, ...] = ()
    reason: str = ""
    until: str = ""
    fault: Fault | None = None
    wrong: Place | None = None
    unused: tuple[RuleName, ...] = ()
    unknown: tuple[UnknownRule, ...] = ()


def find_suppressions(
    source: FileSource, inputs: Inputs, today: str, available: Iterable[str] = ()
) -> tuple[Suppression, ...]:
    """Return the suppressions in every file that was read as a configuration.

    ``today`` is a date such as ``2027-01-31``; empty, nothing expires. The ``available`` files
    are those that nothing enables: what is wrong in them is nobody's problem.
    """
    found: list[Suppression] = []
    aside = dict.fromkeys(available, _apache)
    for file, rows in (aside | _files(inputs)).items():
        try:
            text = source.text(file)
        except Unreadable:  # told where it was to be read
            continue
        if NAME in text:
            if text.count("\n") > _MOST_LINES:
                text = "\n".join(text.split("\n", _MOST_LINES)[:_MOST_LINES])
            # Few files have one: what reads them is imported with the first.
            from glance_audit.deployment.suppression_comment import is_ours, suppression
            from glance_audit.files.comment import comments_with

            real = source.real(file)
            told = (
                suppression(comment, real, today)
                for comment in comments_with(NAME, file, rows(file, text))
                if is_ours(comment)
            )
            found += (one for one in told if file not in aside or one.fault is None)
    return tuple(found)


def lines_read(deployment: Deployment, files: frozenset[str]) -> dict[str, list[int]]:
    """Return the lines of some files that a server carries out, in rising order.

    What stands in a condition that does not hold, or in another section of a uWSGI configuration
    than the one that is started, is judged by no rule, nor is a file that nothing enables. A file
    that all of counts is left out.
    """
    lines: dict[str, set[int]] = {}
    for server in deployment.servers:
        lines.update((one.file, set()) for one in server.available if one.file in files)
        here = files.intersection(server.config.files)
        lines.update((file, lines.get(file, set())) for file in here)
        for directive in server.config.all.every if here else ():
            reading = directive.reading
            if reading.file in here:
                lines[reading.file].add(reading.file_line(directive.dump_line))
            if reading.use is not None and reading.use.file in here:
                lines[reading.use.file].add(reading.use.line)
    for instance in deployment.instances:
        here = files.intersection(instance.config.files)
        lines.update((file, lines.get(file, set())) for file in here)
        for option in instance.config.pairs if here else ():
            if option.place.file in here:
                lines[option.place.file].add(option.place.line)
    return {file: sorted(numbers) for file, numbers in lines.items()}


def _files(inputs: Inputs) -> dict[str, Callable[[str, str], Iterator[Row]]]:
    """Return what was read as a configuration, with what reads its rows."""
    files: dict[str, Callable[[str, str], Iterator[Row]]] = {}
    for apache in inputs.apaches:
        files.update(dict.fromkeys(apache.config.files, _apache))
        if apache.environment is not None:
            files.update(dict.fromkeys(apache.environment.files, _assignments))
    for unit in inputs.units:
        files.update(dict.fromkeys(unit.files, _unit))
    for uwsgi in inputs.uwsgis:
        files.update(dict.fromkeys(uwsgi.config.files, _uwsgi))
    for glance in inputs.glances:
        drop_ins = glance.drop_ins.files if glance.drop_ins is not None else ()
        files.update(dict.fromkeys((*glance.config.files, *drop_ins), _glance))
    for mount in inputs.mounts:
        if mount.place is not None:
            ini = mount.place.file.endswith((".mount", ".conf"))
            files[mount.place.file] = _unit if ini else _assignments
    return files


def _apache(_file: str, text: str) -> Iterator[Row]:
    from glance_audit.apache.comment import comment_rows

    return comment_rows(text)


def _uwsgi(file: str, text: str) -> Iterator[Row]:
    from glance_audit.uwsgi.comment import comment_rows

    return comment_rows(file, text)


def _glance(_file: str, text: str) -> Iterator[Row]:
    from glance_audit.oslo.comment import comment_rows

    return comment_rows(text)


def _unit(_file: str, text: str) -> Iterator[Row]:
    from glance_audit.files.comment import ini_rows

    return ini_rows(text.split("\n"), continued=True)


def _assignments(_file: str, text: str) -> Iterator[Row]:
    from glance_audit.files.comment import ini_rows

    return ini_rows(text.split("\n"), "#", headers=False, continued=True)
