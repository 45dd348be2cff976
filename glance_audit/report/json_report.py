"""``--format json``: the report as the published schema (version 1) has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from glance_audit import __version__
from glance_audit.report.finding import ordered
from glance_audit.report.json_host import virtual_host_text
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import (
    AuditReport,
    BackendNode,
    CrossCheck,
    Location,
    ReportedFinding,
    RouteNode,
    ServerNode,
    Shadow,
    Topology,
    VersionSpan,
    VirtualHostNode,
)

SCHEMA = 1
_AT_ONCE = 500  # virtual hosts: the text of 10,000 takes 8 MB


def write(report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    """Write a report as JSON and a line end.

    The virtual hosts, of which there may be tens of thousands, are written as text straight away.
    """
    if report.fleet is not None:
        from glance_audit.report import fleet_json

        fleet_json.write(report, report.fleet, outcome, stream)
        return
    drawn_servers = report.topology.servers
    bare = Topology(
        tuple(server._replace(vhosts=()) for server in drawn_servers), report.topology.unrouted
    )
    data = to_json(report._replace(topology=bare), outcome.seconds)
    for server, drawn in zip(data["topology"]["servers"], drawn_servers, strict=True):
        server["vhosts"] = _Hosts(drawn.vhosts)
    dump(data, stream)


class _Hosts(list[VirtualHostNode]):
    """Virtual hosts, each written as text on a line of its own."""


class OneLine(list[str]):
    """Texts that are written on one line: there may be thousands."""


def dump(data: Any, stream: TextIO) -> None:
    """Write data in ASCII alone, so that no encoding and no terminal can misread it."""
    for piece in _pieces(data, "\n"):
        stream.write(piece)
    stream.write("\n")


def _pieces(data: Any, margin: str) -> Iterator[str]:
    """Yield the text of data, indented by two blanks a level."""
    inner = margin + "  "
    if isinstance(data, dict) and data:
        lead = "{"
        for key, value in data.items():
            yield f"{lead}{inner}{json.dumps(key)}: "
            yield from _pieces(value, inner)
            lead = ","
        yield margin + "}"
    elif isinstance(data, _Hosts) and data:
        lead = "["
        for start in range(0, len(data), _AT_ONCE):
            texts = map(virtual_host_text, data[start : start + _AT_ONCE])
            yield f"{lead}{inner}" + f",{inner}".join(texts)
            lead = ","
        yield margin + "]"
    elif isinstance(data, list) and data and not isinstance(data, OneLine):
        lead = "["
        for value in data:
            yield lead + inner
            yield from _pieces(value, inner)
            lead = ","
        yield margin + "]"
    else:
        yield json.dumps(data)


def to_json(report: AuditReport, seconds: float) -> dict[str, Any]:
    """Return the report as JSON-ready data; ``seconds`` is how long the audit took."""
    summary = report.summary
    return {
        **head_to_json(report),
        "topology": topology_to_json(report.topology),
        "findings": [finding_to_json(finding) for finding in ordered(report)],
        "incomplete": [{"file": one.file, "reason": one.reason} for one in report.incomplete],
        "notes": list(report.notes),
        **({"cross_check": cross_check_to_json(report.cross_check)} if report.cross_check else {}),
        "summary": {
            "error": summary.error,
            "warning": summary.warning,
            "info": summary.info,
            "suppressed": summary.suppressed,
            "known": summary.known,
            "files": summary.files,
            "vhosts": summary.vhosts,
            "seconds": round(seconds, 3),
        },
    }


def head_to_json(report: AuditReport) -> dict[str, Any]:
    """Return what a report begins with: what made it, and what it is about."""
    target = report.target
    return {
        "schema": SCHEMA,
        "tool": {"name": "glance-audit", "version": __version__},
        "target": {
            "paths": list(target.paths),
            "root": target.root,
            "glance_release": _span(target.glance_release),
            "httpd_version": _span(target.httpd_version),
            "uwsgi_version": _span(target.uwsgi_version),
            "python_version": _span(target.python_version),
        },
    }


def cross_check_to_json(check: CrossCheck) -> dict[str, Any]:
    """Return what the second reader sees otherwise."""
    return {
        "reader": check.reader,
        "files": check.files,
        "differences": [
            {"location": _location(one.location), "message": one.message, "cause": one.cause}
            for one in check.differences
        ],
    }


def topology_to_json(topology: Topology) -> dict[str, Any]:
    """Return the topology part alone, as ``show --format json`` prints it."""
    return {
        "servers": [_server(server) for server in topology.servers],
        "unrouted": [_backend(backend) for backend in topology.unrouted],
    }


def _span(span: VersionSpan) -> dict[str, Any]:
    return {"min": span.min or None, "max": span.max or None, "source": span.source}


def finding_to_json(finding: ReportedFinding) -> dict[str, Any]:
    """Return one finding."""
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "basis": finding.basis.value,
        "message": finding.message,
        "help": finding.help,
        "url": finding.url,
        "fingerprint": finding.fingerprint,
        "caused_by": finding.caused_by,
        "suppressed": finding.suppressed,
        "known": finding.known,
        "location": _location(finding.location),
        "related": [
            {"message": related.message, "location": _location(related.location)}
            for related in finding.related
        ],
        "fix": finding.fix,
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "file": location.file,
        "real_file": location.real_file,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
        "text": location.text,
        "included_from": [
            {"file": step.file, "line": step.line} for step in location.included_from
        ],
    }


def _server(server: ServerNode) -> dict[str, Any]:
    spool = server.spool
    return {
        "name": server.name,
        "main_file": server.main_file,
        "refused": server.refused,
        "spool": None
        if spool is None
        else {
            "directory": spool.directory,
            "by": spool.by,
            "size": spool.size,
            "location": None if spool.location is None else _location(spool.location),
        },
        "vhosts": [_host(host) for host in server.vhosts],
    }


def _host(host: VirtualHostNode) -> dict[str, Any]:
    return {
        "name": host.name,
        "location": _location(host.location),
        "routes": [_route(route) for route in host.routes],
    }


def _route(route: RouteNode) -> dict[str, Any]:
    by = route.buffered.by
    return {
        "path": route.path,
        "target": route.target,
        "gateway": route.gateway,
        "glance": route.glance,
        "why": route.why,
        "location": _location(route.location),
        "buffered": {
            "value": route.buffered.value,
            "by": None if by is None else _location(by),
        },
        "timers": [{"name": name, "value": value} for name, value in route.timers],
        "backend": None if route.backend is None else _backend(route.backend),
        "shadowed": None if route.shadowed is None else _shadow(route.shadowed),
    }


def _shadow(shadow: Shadow) -> dict[str, Any]:
    return {
        "by": None if shadow.by is None else _location(shadow.by),
        "certain": shadow.certain,
    }


def _backend(backend: BackendNode) -> dict[str, Any]:
    return {
        "kind": backend.kind,
        "name": backend.name,
        "location": None if backend.location is None else _location(backend.location),
        "facts": [{"name": name, "value": value} for name, value in backend.facts],
    }
