"""A fleet as data: on which hosts something is, and what came of each host and each rule.

A report of a fleet is an :class:`~glance_audit.report.result.AuditReport` in which each finding is
once, and has the hosts it is on; so every format that writes an audit writes a fleet.
"""

from __future__ import annotations

from glance_audit.engine.finding import Severity
from glance_audit.record import NamedTuple


class Hosts(NamedTuple):
    """On which of ``of`` hosts something is; names in the order of the fleet.

    ``names`` are those where it counts, ``known`` and ``suppressed`` those where it is in the
    baseline or is let pass. ``example`` is the host whose words and lines are shown, and ``varies``
    what is not the same on all of them: "line", "message" ...
    """

    names: tuple[str, ...]
    of: int
    known: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    example: str = ""
    varies: tuple[str, ...] = ()


class HostCount(NamedTuple):
    """One host, the report it was read from, and the counts of what was found on it."""

    name: str
    file: str
    error: int
    warning: int
    info: int
    suppressed: int
    known: int
    incomplete: int

    @property
    def found(self) -> bool:
        """Whether something that counts was found on it."""
        return bool(self.error or self.warning or self.info)

    @property
    def clean(self) -> bool:
        """Whether its audit was complete, and found nothing that counts."""
        return not (self.found or self.incomplete)


class RuleCount(NamedTuple):
    """One rule: its gravest severity that counts, its different findings, and their hosts."""

    code: str
    slug: str
    url: str
    severity: Severity
    findings: int
    hosts: Hosts


class FleetVersion(NamedTuple):
    """A version that hosts were judged for; ``product`` is the key of the report's target."""

    product: str
    min: str
    max: str
    source: str
    hosts: Hosts


class FleetNote(NamedTuple):
    """A fact that a reader must know, and of which hosts."""

    message: str
    hosts: Hosts


class Fleet(NamedTuple):
    """What is known of the hosts beside the findings; rules with the gravest first."""

    hosts: tuple[HostCount, ...]
    rules: tuple[RuleCount, ...]
    versions: tuple[FleetVersion, ...]
    notes: tuple[FleetNote, ...]
