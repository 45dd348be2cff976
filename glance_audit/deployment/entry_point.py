"""What a server is told to load Glance by: the script of older packages, or the newer module."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from enum import Enum

from glance_audit.apache import Directive
from glance_audit.deployment.detect import has_glance_file
from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.python_mode import home_of
from glance_audit.deployment.route import Route
from glance_audit.deployment.target import Gateway
from glance_audit.files import FileSource, Kind, Place, Unreadable
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option

SCRIPT = "glance-wsgi-api"
MODULE = "glance.wsgi.api"
# The first lines of a script that pbr made; one that somebody wrote lacks it.
_MADE = "#PBR Generated"
_NAMES_MODULE = re.compile(r"(?:^|[=,])glance\.wsgi\.api(?=[:.,]|$)")
_IMPORTS_MODULE = re.compile(
    r"^[ \t]*((?:from[ \t]+glance\.wsgi(?:\.api)?[ \t]+import|import[ \t]+glance\.wsgi)\b.*)$",
    re.MULTILINE,
)


class EntryKind(Enum):
    """What loads Glance."""

    SCRIPT = "script"
    MODULE = "module"


class EntryPoint(NamedTuple):
    """One option of a uWSGI, or one directive of mod_wsgi, that names the script or the module.

    ``server`` is how a message names who loads it, ``text`` what is loaded. ``origin`` says so, at
    ``place`` within ``context``. ``there``: the script's or the module's file is in the audited
    system; ``replaced``: the module's file is. ``home`` is where Python lives. ``line`` is where a
    script imports the module. ``stays_up`` is False for a uWSGI with ``need-app``.
    """

    kind: EntryKind
    server: str
    text: str
    origin: Directive | Option
    place: Place
    context: tuple[str, ...]
    there: bool = False
    replaced: bool = False
    home: str = "/usr"
    line: Place | None = None
    stays_up: bool = True

    @property
    def failure(self) -> str:
        """What the server does when it cannot load that; 404 is mod_wsgi's for a missing file."""
        if not isinstance(self.origin, Option):
            status = 404 if self.kind is EntryKind.SCRIPT else 500
            return f"it answers every request with {status}"
        if self.stays_up:
            return "it stays up without Glance and answers every request with 500"
        return "it ends at once, as it finds no application (need-app)"


def entry_points(
    source: FileSource, instances: Iterable[UwsgiInstance], routes: Iterable[Route]
) -> tuple[EntryPoint, ...]:
    """Return what the uWSGIs, and mod_wsgi behind Glance's routes, load Glance by."""
    found = (*_of_uwsgis(source, instances), *_of_mod_wsgi(source, routes))
    if not found:
        return found
    there = has_glance_file(source, "wsgi/api.py")
    return tuple(
        entry._replace(there=there)
        if entry.kind is EntryKind.MODULE
        else entry._replace(replaced=there)
        for entry in found
    )


def _of_uwsgis(source: FileSource, instances: Iterable[UwsgiInstance]) -> Iterator[EntryPoint]:
    for instance in instances:
        for application in instance.applications:
            option = application.option
            target = application.text
            if option.key == "mount":
                target = target.partition("=")[2]
            entry = EntryPoint(
                EntryKind.MODULE, f"uWSGI ({instance.name})", target, option, option.place,
                ("uwsgi",), stays_up=not instance.config.enabled("need-app"),
                home=home_of(instance.config),
            )  # fmt: skip
            if _NAMES_MODULE.search(target):
                yield entry
            elif posixpath.basename(target) == SCRIPT or target.startswith("/"):
                yield from _scripted(source, entry)


def _of_mod_wsgi(source: FileSource, routes: Iterable[Route]) -> Iterator[EntryPoint]:
    for route in routes:
        script = route.endpoint.script
        if route.gateway is Gateway.MOD_WSGI and script is not None:
            directive = route.directive
            entry = EntryPoint(
                EntryKind.SCRIPT, "mod_wsgi", script, directive, directive.place,
                route.endpoint.context,
            )  # fmt: skip
            yield from _scripted(source, entry)


def _scripted(source: FileSource, entry: EntryPoint) -> Iterator[EntryPoint]:
    """Tell the package's own script from one that somebody wrote, whatever its name."""
    path = entry.text
    there = path.startswith("/") and source.kind(path) is Kind.FILE
    try:
        text = source.text(path) if there else ""
    except Unreadable:
        text = ""
    found = _IMPORTS_MODULE.search(text)
    if found:
        yield entry._replace(kind=EntryKind.MODULE, line=_line(path, text, *found.span(1)))
    elif posixpath.basename(path) == SCRIPT and (not text or _MADE in text):
        yield entry._replace(kind=EntryKind.SCRIPT, there=there)


def _line(path: str, text: str, start: int, end: int) -> Place:
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return Place(path, line, column, line, column + end - start)
