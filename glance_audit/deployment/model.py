"""The deployment: everything the rules look at, already resolved."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from glance_audit.apache import ApacheConfig, Directive
from glance_audit.deployment.available_site import AvailableSite
from glance_audit.deployment.entry_point import EntryPoint
from glance_audit.deployment.environment import EnvironmentSetting
from glance_audit.deployment.file_marks import NO_MARKS, FileMarks
from glance_audit.deployment.glance_service import GlanceService
from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.milestone import Milestones
from glance_audit.deployment.open_variable import OpenVariable
from glance_audit.deployment.outlasting import Outlasting
from glance_audit.deployment.python_mode import PythonEvidence
from glance_audit.deployment.route import Route
from glance_audit.deployment.spool import Spool
from glance_audit.deployment.suppression import Suppression
from glance_audit.deployment.versions import Holds, Releases, VersionRange
from glance_audit.files import Place, Problem
from glance_audit.record import NamedTuple
from glance_audit.systemd import Unit


class Expectations(NamedTuple):
    """What the operator says of the uploads, else the values of ``thresholds.json``.

    ``largest_image`` and ``header_floor`` are bytes, the other floors seconds. ``glance_routes``
    are paths that are Glance's whatever they are named, without a slash at their end.
    """

    largest_image: int
    concurrent_uploads: int
    buffering_floor: int
    streaming_floor: int
    gateway_floor: int
    mercy_floor: int
    header_floor: int
    glance_routes: frozenset[str] = frozenset()


class Versions(NamedTuple):
    """The versions in play, as ranges. ``python`` is None when nobody said it."""

    releases: Releases
    milestones: Milestones
    glance: VersionRange
    httpd: VersionRange
    uwsgi: VersionRange
    python: VersionRange | None

    def span(self, program: str) -> VersionRange:
        """Return the range of ``glance``, ``httpd`` or ``uwsgi``."""
        return {"glance": self.glance, "httpd": self.httpd, "uwsgi": self.uwsgi}[program]

    def holds(self, *, since: str | None = None, before: str | None = None) -> Holds:
        """Say on how much of a program's range it is past one milestone and before another."""
        first, end = self.milestones.bounds(since, before)
        program = self.milestones.program(since, before)
        return self.span(program).holds(first, end)


class VirtualHost(NamedTuple):
    """A virtual host, or the main server when ``section`` is None."""

    name: str
    section: Directive | None
    place: Place
    routes: tuple[Route, ...]


class EnvironmentUse(NamedTuple):
    """One setting of the configuration files and everything it reaches.

    A file that is included into several virtual hosts holds one setting for all of them:
    ``settings`` has one entry for each inclusion. ``scoped`` are the routes that live in its
    scopes, whatever their gateway; ``sharing`` those of them whose requests can meet its condition
    too; ``reached`` those on which it is in force, and ``buffered`` those that spool because of it:
    ``certain``, or for some requests. ``outlasted`` is what one that unsets its variable leaves in
    force.
    """

    settings: tuple[EnvironmentSetting, ...]
    scoped: tuple[Route, ...]
    sharing: tuple[Route, ...]
    reached: tuple[Route, ...]
    buffered: tuple[Route, ...]
    certain: bool
    outlasted: tuple[Outlasting, ...] = ()

    @property
    def setting(self) -> EnvironmentSetting:
        """The setting, as the first inclusion has it."""
        return self.settings[0]

    @property
    def glance_buffered(self) -> tuple[Route, ...]:
        """Glance's routes whose uploads it makes Apache spool."""
        return tuple(route for route in self.buffered if route.uploads and route.spoolable)

    @property
    def others(self) -> tuple[Route, ...]:
        """The routes of other services in its scope, its condition included."""
        return tuple(route for route in self.sharing if not route.glance)

    @property
    def other_buffered(self) -> tuple[Route, ...]:
        """The routes of other services whose chunked bodies it makes Apache spool."""
        return tuple(r for r in self.buffered if not r.glance and r.spoolable)


class ApacheServer(NamedTuple):
    """One Apache: its configuration as read, its virtual hosts, settings and spool.

    ``routes`` are those of every virtual host, ``glance_routes`` those by which uploads reach
    Glance: worked out once, because every rule asks for them. ``problems`` are what was left out
    of it here; those of the reading are the configuration's. ``undefined`` are variables that
    neither it nor its environment defines. ``available`` are files with Glance routes that nothing
    enables, for a server without any Glance route.
    """

    config: ApacheConfig
    family: str
    hosts: tuple[VirtualHost, ...]
    routes: tuple[Route, ...]
    glance_routes: tuple[Route, ...]
    environment: tuple[EnvironmentUse, ...]
    spool: Spool
    wsgi_python: tuple[PythonEvidence, ...]
    problems: tuple[Problem, ...] = ()
    undefined: tuple[OpenVariable, ...] = ()
    available: tuple[AvailableSite, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is a server's configuration, and not a file that was read alone.

        What such a file does not say, the server around it may.
        """
        return self.family != "single"

    @property
    def name(self) -> str:
        """The main file's base name."""
        return posixpath.basename(self.config.main_file)

    @property
    def buffered(self) -> tuple[Route, ...]:
        """Glance's routes on which Apache spools uploads, chunked ones or others."""
        return tuple(route for route in self.glance_routes if route.buffering.possible)


class Deployment(NamedTuple):
    """The whole: the Apaches, the uWSGI instances, Glance's own configurations, the units.

    ``suppressions`` are comments of the files that let findings pass; no rule heeds them.
    """

    servers: tuple[ApacheServer, ...]
    instances: tuple[UwsgiInstance, ...]
    services: tuple[GlanceService, ...]
    versions: Versions
    expectations: Expectations
    problems: tuple[Problem, ...]
    uwsgi_spools: tuple[tuple[UwsgiInstance, Spool], ...] = ()
    marks: FileMarks = NO_MARKS
    entry_points: tuple[EntryPoint, ...] = ()
    units: tuple[Unit, ...] = ()
    suppressions: tuple[Suppression, ...] = ()

    @property
    def glance_routes(self) -> tuple[Route, ...]:
        """The routes that reach Glance, over all servers."""
        return tuple(route for server in self.servers for route in server.glance_routes)

    @property
    def glance_instances(self) -> tuple[UwsgiInstance, ...]:
        """The uWSGI instances that run Glance."""
        return tuple(instance for instance in self.instances if instance.glance)

    @property
    def spool_needed(self) -> int:
        """Bytes that the largest images take while they are spooled at the same time."""
        return self.largest_image[0] * self.expectations.concurrent_uploads

    @property
    def largest_image(self) -> tuple[int, Place | None]:
        """The largest image in bytes: image_size_cap when it is set, else the expectation.

        Of several Glances, that of the one that takes the largest: they may share the space.
        """
        expected: tuple[int, Place | None] = (self.expectations.largest_image, None)
        caps = [service.cap or expected for service in self.services]
        return max(caps, key=lambda cap: cap[0], default=expected)

    def service_of(self, route: Route) -> GlanceService | None:
        """Return the Glance a route leads to.

        Where no uWSGI of the audit is behind it, the only one there is; None: it is not known.
        """
        behind = {id(backend.instance) for backend in route.backends}
        for service in self.services:
            if any(id(one) in behind for one in service.instances) or any(
                one is route for one in service.scripts
            ):
                return service
        return self.services[0] if len(self.services) == 1 and not behind else None

    def largest_images(self) -> dict[int, tuple[int, Place | None]]:
        """Return the same for each route to Glance, by its id(): that of the Glance behind it.

        Where that is not known, it is the largest of any Glance.
        """
        known: dict[int, tuple[int, Place | None]] = {}
        for service in self.services:
            cap = service.cap or (self.expectations.largest_image, None)
            known.update((id(one), cap) for one in (*service.instances, *service.scripts))
        largest = self.largest_image
        return {
            id(route): next(
                (known[id(one)] for one in _runners(route) if id(one) in known), largest
            )
            for route in self.glance_routes
        }

    def environment(self, name: str) -> Iterator[tuple[ApacheServer, EnvironmentUse]]:
        """Yield every setting of one variable, in configuration order."""
        for server in self.servers:
            for use in server.environment:
                if use.setting.name == name:
                    yield server, use


def _runners(route: Route) -> Iterator[Route | UwsgiInstance]:
    """What may run the Glance of a route: mod_wsgi on it, or the uWSGIs behind it."""
    yield route
    for backend in route.backends:
        yield backend.instance


def by_directive(routes: tuple[Route, ...]) -> tuple[tuple[Route, ...], ...]:
    """Group routes by the directive in the files that makes them: one directive is one cause.

    However often it is inherited, or the file that holds it is included.
    """
    groups: dict[Position, list[Route]] = {}
    for route in routes:
        groups.setdefault(position(route.directive), []).append(route)
    return tuple(tuple(group) for group in groups.values())


Position = tuple[str, int, int, str, int]


def position(directive: Directive) -> Position:
    """Where a directive stands in the files, whoever included them; for a macro, each Use."""
    place, body = directive.place, directive.macro_place
    return (place.file, place.line, place.column, *((body.file, body.line) if body else ("", 0)))
