"""Adding host after host: what is kept grows with the different findings, not with the reports."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from typing import Any

from glance_audit.fleet.record import finding_of, incomplete_of
from glance_audit.fleet.shape import (
    ReportError,
    kind_of,
    objects,
    shown,
    shown_if_any,
    texts,
    value,
)
from glance_audit.report.escape import visible
from glance_audit.report.fleet import Fleet, FleetNote, FleetVersion, HostCount, Hosts, RuleCount
from glance_audit.report.result import (
    AuditReport,
    Incomplete,
    Location,
    ReportedFinding,
    Summary,
    Target,
    Topology,
    VersionSpan,
)

# How a finding stands on a host: it counts, it is in the baseline, or it is let pass.
_OPEN, _KNOWN, _SUPPRESSED = range(3)
_REMEMBERED = 8  # ways one finding was told: told again as before, it need not be read again
_PRODUCTS = ("glance_release", "httpd_version", "uwsgi_version", "python_version")
_UNKNOWN = VersionSpan("", "", "unknown")

Wanted = Callable[[ReportedFinding], bool]


class Merger:
    """The reports of hosts, added one after the other in the order of the fleet.

    ``wanted`` tells which findings are looked at. What is shown of a finding is from the first host
    on which it stands worst: the order of the files changes nothing when the hosts come sorted.
    """

    def __init__(self, wanted: Wanted = lambda _finding: True) -> None:
        self._wanted = wanted
        self._hosts: list[HostCount] = []
        self._findings: dict[str, _Merged] = {}
        self._incomplete: dict[Incomplete, array[int]] = {}
        self._notes: dict[str, array[int]] = {}
        self._versions: dict[tuple[str, str, str, str], array[int]] = {}
        self._tools: dict[str, array[int]] = {}
        self.rules: set[tuple[str, str]] = set()  # code and slug of all that was found

    def add(self, name: str, file: str, data: dict[str, Any]) -> None:
        """Add the report of one host.

        Raises:
            ReportError: something is missing or of another type; the merger is of no more use.
        """
        host = len(self._hosts)
        counts = [0, 0, 0, 0, 0]  # by severity; known; suppressed
        for number, one in enumerate(value(data, "findings", "", list)):
            merged, telling = self._telling(host, one, number)
            if telling.wanted and merged.add(telling, host):
                counts[telling.column] += 1
        missing = self._add_incomplete(host, data)
        for note in texts(data, "notes"):
            self._add_to(self._notes, note, host)
        self._add_head(host, data)
        error, warning, info, known, suppressed = counts
        self._hosts.append(
            HostCount(
                visible(name), visible(file), error, warning, info, suppressed, known, missing
            )
        )

    def _telling(self, host: int, data: Any, number: int) -> tuple[_Merged, _Telling]:
        """Return a finding, and how this host tells it: as one before it, or in another way."""
        name = data.get("fingerprint") if type(data) is dict else None
        merged = self._findings.get(name) if type(name) is str else None
        telling = merged.told_before(data) if merged is not None else None
        if merged is not None and telling is not None:
            return merged, telling
        place = f"findings[{number}]"
        if type(data) is not dict:
            raise ReportError(f"{place}: an object is needed, not {kind_of(data)}")
        finding = finding_of(data, place)
        self.rules.add((finding.code, finding.slug))
        if merged is None:
            merged = self._findings[finding.fingerprint] = _Merged(finding, host)
        elif merged.example.code != finding.code:
            raise ReportError(
                f"{place}.code: is {finding.code}, and its fingerprint is that of a "
                f"{merged.example.code}"
            )
        telling = _Telling(data, finding, self._wanted(finding))
        merged.compare(telling, host)
        return merged, telling

    def _add_incomplete(self, host: int, data: dict[str, Any]) -> int:
        found = [incomplete_of(one, place) for place, one in objects(data, "incomplete", "")]
        for one in found:
            self._add_to(self._incomplete, one, host)
        return len(found)

    def _add_head(self, host: int, data: dict[str, Any]) -> None:
        tool = value(data, "tool", "", dict)
        self._add_to(self._tools, shown(tool, "version", "tool"), host)
        target = value(data, "target", "", dict)
        for product in _PRODUCTS:
            at = f"target.{product}"
            span = value(target, product, "target", dict)
            low, high = shown_if_any(span, "min", at), shown_if_any(span, "max", at)
            key = (product, low or "", high or "", shown(span, "source", at))
            self._add_to(self._versions, key, host)

    @staticmethod
    def _add_to(groups: dict[Any, array[int]], key: object, host: int) -> None:
        hosts = groups.get(key)
        if hosts is None:
            groups[key] = array("I", (host,))
        elif hosts[-1] != host:
            hosts.append(host)

    def report(self) -> AuditReport:
        """Return what was added as one report."""
        findings = tuple(
            one.finding(self._on) for one in self._findings.values() if one.last is not None
        )
        summary = dict.fromkeys(("error", "warning", "info"), 0)
        for one in findings:
            if one.hosts is not None and one.hosts.names:
                summary[one.severity.value] += 1
        fleet = Fleet(
            tuple(self._hosts),
            tuple(self._rules()),
            tuple(
                FleetVersion(*key, self._on(hosts)) for key, hosts in sorted(self._versions.items())
            ),
            (*self._tool_notes(), *self._said_notes()),
        )
        return AuditReport(
            Target((), None, _UNKNOWN, _UNKNOWN, _UNKNOWN, _UNKNOWN),
            Topology(),
            findings,
            tuple(
                one._replace(hosts=self._on(hosts))
                for one, hosts in sorted(self._incomplete.items())
            ),
            (),
            Summary(
                **summary,
                suppressed=sum(bool(one.hosts and one.hosts.suppressed) for one in findings),
                known=sum(bool(one.hosts and one.hosts.known) for one in findings),
                files=0,
                vhosts=0,
            ),
            fleet=fleet,
        )

    def _rules(self) -> list[RuleCount]:
        groups: dict[str, list[_Merged]] = {}
        for one in self._findings.values():
            if one.last is not None:
                groups.setdefault(one.example.code, []).append(one)
        rules = [self._rule(code, groups[code]) for code in groups]
        return sorted(
            rules,
            key=lambda one: (
                not one.hosts.names, one.severity.rank, -len(one.hosts.names), one.code
            ),
        )  # fmt: skip

    def _rule(self, code: str, group: list[_Merged]) -> RuleCount:
        worst = min(group, key=lambda one: (one.rank, one.example.fingerprint))
        counts, known, suppressed = (
            sorted({host for one in group for host in one.stands[standing]})
            for standing in (_OPEN, _KNOWN, _SUPPRESSED)
        )
        count = sum(bool(one.stands[_OPEN]) for one in group)
        return RuleCount(
            code, worst.example.slug, worst.example.url, worst.example.severity, count,
            self._on(counts, known, suppressed),
        )  # fmt: skip

    def _on(
        self,
        hosts: Iterable[int],
        known: Iterable[int] = (),
        suppressed: Iterable[int] = (),
        example: int | None = None,
        varies: tuple[str, ...] = (),
    ) -> Hosts:
        def named(some: Iterable[int]) -> tuple[str, ...]:
            return tuple(self._hosts[one].name for one in some)

        return Hosts(
            named(hosts), len(self._hosts), named(known), named(suppressed),
            "" if example is None else self._hosts[example].name, varies,
        )  # fmt: skip

    def _tool_notes(self) -> Iterable[FleetNote]:
        if len(self._tools) > 1:
            for version, hosts in sorted(self._tools.items()):
                message = f"audited by glance-audit {version}: other versions have other rules"
                yield FleetNote(message, self._on(hosts))

    def _said_notes(self) -> Iterable[FleetNote]:
        for message, hosts in sorted(self._notes.items()):
            yield FleetNote(message, self._on(hosts))


class _Telling:
    """One way a finding is told, as data and as a record; ``column`` is that of the counts."""

    __slots__ = ("column", "data", "finding", "standing", "wanted")

    def __init__(self, data: dict[str, Any], finding: ReportedFinding, wanted: bool) -> None:
        self.data = data
        self.finding = finding
        self.wanted = wanted
        self.standing, severity = _rank(finding)
        self.column = severity if self.standing == _OPEN else 2 + self.standing


class _Merged:
    """One finding: where it stands how, and how the worst of its hosts tells it."""

    __slots__ = ("cause", "example", "host", "last", "seen", "stands", "varies")

    def __init__(self, finding: ReportedFinding, host: int) -> None:
        self.example = finding
        self.host = host
        self.last: int | None = None  # None: it is wanted on no host
        self.cause = finding.caused_by
        self.stands = (array("I"), array("I"), array("I"))
        self.varies: set[str] = set()
        self.seen: list[_Telling] = []

    @property
    def rank(self) -> tuple[int, int]:
        return _rank(self.example)

    def told_before(self, data: dict[str, Any]) -> _Telling | None:
        """Return how another host has told it in the same words: that was checked and compared."""
        for telling in self.seen:
            if telling.data == data:
                return telling
        return None

    def compare(self, telling: _Telling, host: int) -> None:
        """Note what a host tells otherwise than those before it."""
        finding = telling.finding
        if self.last == host:  # told twice: the first counts
            return
        if telling.wanted and self.last is None:
            self.example, self.host, self.cause = finding, host, finding.caused_by
        elif telling.wanted:
            self.varies.update(_differences(self.example, finding))
            if finding.caused_by != self.cause:
                self.cause = None
            if _rank(finding) < self.rank:
                self.example, self.host = finding, host
        if len(self.seen) < _REMEMBERED:
            self.seen.append(telling)

    def add(self, telling: _Telling, host: int) -> bool:
        """Add a host; tells whether it was new."""
        if self.last == host:
            return False
        self.last = host
        self.stands[telling.standing].append(host)
        return True

    def finding(self, on: Callable[..., Hosts]) -> ReportedFinding:
        """Return it as it stands on the whole fleet."""
        hosts = on(*self.stands, self.host, tuple(sorted(self.varies)))
        return self.example._replace(caused_by=self.cause, hosts=hosts)


def _standing(finding: ReportedFinding) -> int:
    if finding.suppressed is not None:
        return _SUPPRESSED
    return _KNOWN if finding.known else _OPEN


def _rank(finding: ReportedFinding) -> tuple[int, int]:
    return _standing(finding), finding.severity.rank


def _differences(one: ReportedFinding, other: ReportedFinding) -> Iterable[str]:
    """Name what two hosts tell otherwise of the same finding."""
    here, there = one.location, other.location
    if _lines(here) != _lines(there):
        yield "line"
    if (here.file, here.real_file) != (there.file, there.real_file):
        yield "file"
    if one.message != other.message:
        yield "message"
    if one.severity is not other.severity:
        yield "severity"
    if one.help != other.help:
        yield "help"
    if _around(one) != _around(other):
        yield "related places"


def _around(finding: ReportedFinding) -> list[tuple[str, ...]]:
    """What belongs to a finding, and the way to its file: lines that only moved are the same."""
    steps = tuple(step.file for step in finding.location.included_from)
    related = [(one.message, one.location.file, one.location.text) for one in finding.related]
    return [steps, *related]


def _lines(where: Location) -> tuple[int, int, int, int]:
    return where.line, where.column, where.end_line, where.end_column
