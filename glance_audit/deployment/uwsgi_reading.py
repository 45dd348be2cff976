"""Reading every uWSGI that is started, by a unit, by an emperor, or by nobody known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from glance_audit.deployment.debian_init import init_starts
from glance_audit.deployment.detect import uwsgi_build
from glance_audit.deployment.inputs import UwsgiInput
from glance_audit.deployment.instance import applications_of, listeners_of
from glance_audit.deployment.uwsgi_start import UwsgiStart, file_start, unit_starts
from glance_audit.deployment.vassal import vassals
from glance_audit.files import FileSource, Place, Problem, ProblemKind
from glance_audit.systemd import Unit
from glance_audit.uwsgi import Build, UwsgiConfig, resolve_start

MAX_STARTS = 10_000
MAX_GENERATIONS = 4  # an emperor may find itself among its vassals, and give them ever more


def read_uwsgis(
    source: FileSource,
    files: Iterable[str],
    units: Iterable[Unit],
    *,
    only: bool,
    whole: bool,
) -> tuple[UwsgiInput, ...]:
    """Read files as they are started, and unless these are all that is asked for, the others too.

    A file that units or emperors start is read once for each different start; one that nobody is
    known to start is read on its own. A unit's uWSGI without a file counts when it serves. With a
    ``whole`` system there is an init script that starts some.
    """
    wanted = list(files)
    starts = [start for unit in units for start in unit_starts(source, unit)]
    starts += init_starts(source) if whole else ()
    started = {start.start.file for start in starts}
    starts += [file_start(file) for file in wanted if file not in started]
    pending = deque((start, 0) for start in starts)
    found: dict[str, list[tuple[UwsgiStart, UwsgiConfig]]] = {file: [] for file in wanted}
    seen: set[tuple[object, ...]] = set()
    while pending and len(seen) < MAX_STARTS:
        start, generation = pending.popleft()
        config = _resolve(source, start)
        options = ((option.key, option.value) for option in config.effective)
        mark = (config.file, start.unit is None, *options)
        if mark in seen:
            continue
        seen.add(mark)
        nested = list(vassals(source, start, config))
        cut = False
        if generation < MAX_GENERATIONS and len(seen) < MAX_STARTS:
            pending += [(vassal, generation + 1) for vassal in nested]
        elif nested:
            cut = True
            config = config._replace(problems=(*config.problems, _left_out(config, len(nested))))
        if cut or start.configured or listeners_of(config) or applications_of(config, source):
            found.setdefault(config.file, []).append((start, config))
    return tuple(
        UwsgiInput(config, start.unit)
        for file, reads in found.items()
        if not only or file in wanted
        for start, config in _known(reads)
    )


def _left_out(config: UwsgiConfig, vassals: int) -> Problem:
    return Problem(
        ProblemKind.UNREADABLE,
        f"its vassals ({vassals}) are left out: emperors under emperors, or too many of them",
        config.section_place or Place(config.file),
        "audit the vassals' directory by itself",
        fatal=False,
    )


def _known(reads: list[tuple[UwsgiStart, UwsgiConfig]]) -> list[tuple[UwsgiStart, UwsgiConfig]]:
    """Leave the reading of a file on its own out when something starts it."""
    started = [read for read in reads if read[0] != file_start(read[1].file)]
    return started or reads


def _resolve(source: FileSource, start: UwsgiStart) -> UwsgiConfig:
    build = uwsgi_build(source, start.unit)
    return resolve_start(
        source,
        start.start,
        environment=start.environment,
        cwd=start.cwd,
        build=None if build is None else Build(build),
    )
