"""Which reports are written where: ``--format`` and ``--output`` in pairs."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import realpath

from glance_audit.cli.output import STANDARD_OUTPUT
from glance_audit.cli.status import Refused
from glance_audit.record import NamedTuple
from glance_audit.report.formats import DEFAULT


class Wanted(NamedTuple):
    """One report; ``path`` None is standard output."""

    format: str
    path: str | None


def paired(said: Sequence[tuple[str, str]] | None) -> list[Wanted]:
    """Return the reports that the options ask for, standard output last.

    ``said`` has the options as they were written: ``("format", "sarif")``, ``("output", "a")``. An
    output belongs to the format before it, and the first of all may stand before its format.

    Raises:
        Refused: an output without a format, or two reports for one place.
    """
    reports: list[Wanted] = []
    waiting: str | None = None
    for kind, value in said or ():
        if kind == "format":
            reports.append(Wanted(value, waiting))
            waiting = None
        elif waiting is not None:
            raise Refused(f"--output {waiting}: say with --format which report goes there")
        elif reports and reports[-1].path is None:
            reports[-1] = reports[-1]._replace(path=value)
        else:
            waiting = value
    if waiting is not None and reports:
        raise Refused(f"--output {waiting}: say with --format which report goes there")
    if not reports:
        reports = [Wanted(DEFAULT, waiting)]
    reports = [one._replace(path=None) if one.path in STANDARD_OUTPUT else one for one in reports]
    _check(reports)
    return sorted(reports, key=lambda one: one.path is None)


def _check(reports: Sequence[Wanted]) -> None:
    taken: dict[str | None, Wanted] = {}
    for one in reports:
        place = None if one.path is None else realpath(one.path)
        other = taken.setdefault(place, one)
        if other is not one:
            where = "standard output" if one.path is None else f"--output {one.path}"
            raise Refused(
                f"{where}: two reports ({other.format}, {one.format}) for one place; give each "
                "--format an --output of its own"
            )
