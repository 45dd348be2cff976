"""The result of an audit as plain data: what every report format is made from.

The names follow the published JSON schema (version 1). Everything from the audited files that a
format shows has passed through :mod:`glance_audit.report.escape` (control, bidirectional and
zero-width characters made visible, secrets masked), except ``Location.lines``: these keep their
length, so that carets fit, and are escaped by the format that draws them.
"""

from __future__ import annotations

from glance_audit.engine.finding import Basis, Confidence, Severity
from glance_audit.record import NamedTuple
from glance_audit.report.fleet import Fleet, Hosts


class IncludeStep(NamedTuple):
    """One step of the include chain of a location, file named as in the report."""

    file: str
    line: int


class Location(NamedTuple):
    """A place with its text. Line 0 means the whole file. Columns from 1, end exclusive.

    ``file`` is the name as the server opened it, ``real_file`` the same with links followed.
    ``text`` is the marked text joined to one line; ``lines`` the physical lines from ``line`` to
    ``end_line``, without line ends.
    """

    file: str
    real_file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    lines: tuple[str, ...]
    included_from: tuple[IncludeStep, ...] = ()


class RelatedLocation(NamedTuple):
    """A related place and what it has to do with the finding."""

    message: str
    location: Location


class ReportedFinding(NamedTuple):
    """A finding with everything a report needs to show it.

    ``suppressed`` is the reason that a comment in the files gives; ``known``: it is in the
    baseline. Neither fails an audit. ``hosts``, in a report of a fleet, are those that have it.
    """

    code: str
    slug: str
    severity: Severity
    confidence: Confidence
    basis: Basis
    message: str
    help: str
    url: str
    fingerprint: str
    location: Location
    related: tuple[RelatedLocation, ...] = ()
    caused_by: str | None = None
    suppressed: str | None = None
    fix: str | None = None
    known: bool = False
    hosts: Hosts | None = None

    @property
    def shipped(self) -> bool:
        """Whether its rule comes with this program: an operator's own has no address."""
        return bool(self.url)


class VersionSpan(NamedTuple):
    """A version range and where it comes from ("unknown", "option", "dpkg", ...)."""

    min: str
    max: str
    source: str


class Target(NamedTuple):
    """What was audited.

    ``base`` is the directory that relative file names of the report start from, ``cwd`` the one the
    audit ran in, both absolute: see :mod:`glance_audit.report.reach`.
    """

    paths: tuple[str, ...]
    root: str | None
    glance_release: VersionSpan
    httpd_version: VersionSpan
    uwsgi_version: VersionSpan
    python_version: VersionSpan
    base: str = ""
    cwd: str = ""


class Buffering(NamedTuple):
    """Whether Apache spools chunked uploads of a route; ``value`` None: it depends on requests."""

    value: bool | None
    by: Location | None


class BackendNode(NamedTuple):
    """The uWSGI (or other) process behind a route.

    ``facts`` are short name/value pairs worth drawing: ("listens", "http-socket 127.0.0.1:60999"),
    ("application", "glance.wsgi.api:application"), ("python", "python3 plugin") ...
    """

    kind: str
    name: str
    location: Location | None
    facts: tuple[tuple[str, str], ...] = ()


class Shadow(NamedTuple):
    """What answers a route's uploads in its place.

    ``by`` None: nothing does, its own directive hands on no request. ``certain`` False: that takes
    some requests, or cannot be told from the files.
    """

    by: Location | None
    certain: bool


class RouteNode(NamedTuple):
    """One path to one backend."""

    path: str
    target: str
    gateway: str
    glance: bool
    why: str
    location: Location
    buffered: Buffering
    backend: BackendNode | None
    timers: tuple[tuple[str, str], ...] = ()
    shadowed: Shadow | None = None


class VirtualHostNode(NamedTuple):
    """A virtual host (or the main server) with its routes in the order Apache tries them."""

    name: str
    location: Location
    routes: tuple[RouteNode, ...]


class SpoolNode(NamedTuple):
    """Where uploads are spooled and what is known of the room there."""

    directory: str
    by: str
    size: str
    location: Location | None = None


class ServerNode(NamedTuple):
    """One Apache: its main file, its virtual hosts and its spool directory."""

    name: str
    main_file: str
    refused: bool
    vhosts: tuple[VirtualHostNode, ...]
    spool: SpoolNode | None


class Topology(NamedTuple):
    """The deployment as it is drawn: the servers, and the backends no route leads to."""

    servers: tuple[ServerNode, ...] = ()
    unrouted: tuple[BackendNode, ...] = ()


class Incomplete(NamedTuple):
    """Something that could not be audited, and why."""

    file: str
    reason: str
    hosts: Hosts | None = None


class ReadOtherwise(NamedTuple):
    """A place that the second reader sees otherwise; ``cause`` None when it is not known."""

    location: Location
    message: str
    cause: str | None

    @property
    def because(self) -> str:
        """The cause, in words."""
        return f"known: {self.cause}" if self.cause else "the cause is not known"


class CrossCheck(NamedTuple):
    """What came of reading every Apache file a second time; ``reader`` is the second one."""

    reader: str
    files: int
    differences: tuple[ReadOtherwise, ...]


class Summary(NamedTuple):
    """Counts of the findings shown, and of what was read.

    What is suppressed, and what the baseline knows, is counted there alone.
    """

    error: int
    warning: int
    info: int
    suppressed: int
    files: int
    vhosts: int
    known: int = 0


class AuditReport(NamedTuple):
    """A whole audit. ``notes`` are facts a reader must know, such as an unknown spool size.

    ``fleet`` is there when it is one of many hosts: these are not drawn, ``files`` and ``vhosts``
    of the summary are 0, and each finding is counted once.
    """

    target: Target
    topology: Topology
    findings: tuple[ReportedFinding, ...]
    incomplete: tuple[Incomplete, ...]
    notes: tuple[str, ...]
    summary: Summary
    cross_check: CrossCheck | None = None
    fleet: Fleet | None = None
