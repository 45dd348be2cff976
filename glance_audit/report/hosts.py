"""The hosts of a fleet in words: "on 67 of 200 hosts: web1, web2, web3 and 64 more"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from glance_audit.report.fleet import Fleet, Hosts
from glance_audit.report.look import Look
from glance_audit.report.result import AuditReport

_NAMED = 3  # hosts, before the others are counted
_TOLD = 4  # versions of one product
_PRODUCTS = {
    "glance_release": "Glance",
    "httpd_version": "httpd",
    "uwsgi_version": "uWSGI",
    "python_version": "Python",
}


def words(hosts: Hosts, look: Look) -> str:
    """Say on which hosts something is, on which it does not count, and what of it varies.

    A few hosts are named, with ``detail`` 1 all of them.
    """
    parts = [part for part in _parts(hosts, look) if part]
    return "; ".join(parts)


def _parts(hosts: Hosts, look: Look) -> Iterator[str]:
    if hosts.names or not (hosts.known or hosts.suppressed):
        yield f"on {_some(hosts.names, hosts.of, look)}"
    if hosts.known:
        yield f"known on {_some(hosts.known, hosts.of, look)}"
    if hosts.suppressed:
        yield f"suppressed on {_some(hosts.suppressed, hosts.of, look)}"
    if hosts.varies:
        verb = "varies" if len(hosts.varies) == 1 and hosts.varies[0][-1] != "s" else "vary"
        yield f"{listed(hosts.varies)} {verb}, shown as on {hosts.example}"


def _some(names: Sequence[str], of: int, look: Look) -> str:
    if of == 1:
        return "".join(names)
    if len(names) == of:
        return f"all {of} hosts"
    told = named(names, look)
    return f"{len(names)} of {of} hosts: {told}" if told else f"{len(names)} of {of} hosts"


def named(names: Sequence[str], look: Look) -> str:
    """Return names, as many as the detail asks for, and how many more there are."""
    shown = names if look.detail > 0 or len(names) <= _NAMED + 1 else names[:_NAMED]
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else listed(shown)


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def share(hosts: Hosts) -> str:
    """Return on how many hosts something is."""
    return f"{len(hosts.names)} of {hosts.of}"


def worded(report: AuditReport, look: Look, *, messages: bool = True) -> AuditReport:
    """Put the hosts in the words of a report of a fleet: for formats that have no place for them.

    ``messages`` False leaves the findings as they are.
    """
    fleet = report.fleet
    if fleet is None:
        return report
    findings = report.findings
    if messages:
        findings = tuple(
            one if one.hosts is None
            else one._replace(message=f"{one.message} ({words(one.hosts, look)})")
            for one in findings
        )  # fmt: skip
    return report._replace(
        findings=findings,
        incomplete=tuple(
            one if one.hosts is None
            else one._replace(reason=f"{one.reason} ({words(one.hosts, look)})")
            for one in report.incomplete
        ),
        notes=tuple(f"{note.message} ({words(note.hosts, look)})" for note in fleet.notes),
    )  # fmt: skip


def fleet_words(fleet: Fleet) -> str:
    """Return what came of the hosts, in numbers."""
    of = len(fleet.hosts)
    clean = sum(host.clean for host in fleet.hosts)
    found = sum(host.found for host in fleet.hosts)
    incomplete = sum(bool(host.incomplete) for host in fleet.hosts)
    parts = [f"{clean} clean", f"{found} with findings"]
    parts += [f"{incomplete} incomplete"] if incomplete else []
    return f"{of} host{'' if of == 1 else 's'}: {', '.join(parts)}"


def fleet_versions(fleet: Fleet) -> str:
    """Return the versions that the hosts were judged for, the most frequent first."""
    told = []
    for product, name in _PRODUCTS.items():
        spans: dict[str, int] = {}
        for one in fleet.versions:
            if one.product == product:
                numbers = one.min if one.min == one.max else f"{one.min} to {one.max}"
                spans[numbers] = spans.get(numbers, 0) + len(one.hosts.names)
        if not any(spans):
            continue
        ranked = sorted(spans.items(), key=lambda item: (-item[1], item[0]))
        texts = [_version(numbers, count, len(ranked)) for numbers, count in ranked[:_TOLD]]
        more = len(ranked) - len(texts)
        told.append(f"{name} {', '.join(texts)}{f' and {more} more' if more else ''}")
    return "; ".join(told) or "any version"


def _version(numbers: str, count: int, of: int) -> str:
    shown = numbers or "not known"
    return shown if of == 1 else f"{shown} ({count} host{'' if count == 1 else 's'})"
