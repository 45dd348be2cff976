"""The deployment as a small tree: servers, virtual hosts, Glance's routes and what is behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glance_audit.report.line import Line, Span, line, prose
from glance_audit.report.result import (
    BackendNode,
    Location,
    RouteNode,
    ServerNode,
    SpoolNode,
    Topology,
    VirtualHostNode,
)

_NAMES = 6  # routes or hosts named in one line before the rest is counted
_SPOOLED = {True: "yes", False: "no", None: "for some requests"}
_KINDS = {"uwsgi": "uWSGI"}


def tree_lines(topology: Topology, width: int, *, every: bool = False) -> Iterator[Line]:
    """Draw a topology by indentation alone; ``every``: the routes of other services in full."""
    if not topology.servers and not topology.unrouted:
        yield line("Nothing that serves Glance was found.")
        return
    told: set[BackendNode] = set()
    for server in topology.servers:
        yield from _server(server, width, every, told)
    if topology.unrouted:
        yield line(Span("No route of this audit leads to", "strong"))
        for backend in topology.unrouted:
            yield from _backend("", backend, width, 2, told)


def _server(server: ServerNode, width: int, every: bool, told: set[BackendNode]) -> Iterator[Line]:
    refused = "; Apache refuses to start with it" if server.refused else ""
    yield line(Span(f"Apache, {server.main_file}", "strong"), Span(refused, "error"))
    plain = []
    for host in server.vhosts:
        if every or any(route.glance for route in host.routes):
            yield from _host(host, width, every, told)
        else:
            plain.append(f"{host.name} at {_at(host.location)}")
    if plain:
        count = f"{len(plain)} {_plural('virtual host', len(plain))} without a route to Glance: "
        yield from prose([Span(f"  {count}", "dim")], _listing(plain), width, 4, "dim")
    if server.spool is not None:
        yield from _spool(server.spool, width)


def _host(host: VirtualHostNode, width: int, every: bool, told: set[BackendNode]) -> Iterator[Line]:
    lead = [Span(f"  {host.name}", "strong"), Span(", ")]
    yield from prose(lead, _at(host.location), width, 4, "place")
    others = []
    for route in host.routes:
        if every or route.glance:
            yield from _route(route, width, told)
        else:
            others.append(route.path)
    if others:
        named = _listing(others)
        lead = [Span(f"    {len(others)} other {_plural('route', len(others))}: ", "dim")]
        yield from prose(lead, named, width, 6, "dim")


def _route(route: RouteNode, width: int, told: set[BackendNode]) -> Iterator[Line]:
    style = "glance" if route.glance else ""
    lead = [Span("    Glance " if route.glance else "    ", style), Span(route.path, style)]
    yield from prose([*lead, Span(" ")], f"-> {route.target} ({route.gateway})", width, 6)
    if route.glance:
        facts = [("because", route.why), ("at", _at(route.location)), ("reached", _reached(route))]
        facts.append(("spooled", _spooled(route)))
        facts.append(("waits", ", ".join(f"{name} {value}" for name, value in route.timers)))
        for name, text in facts:
            if text:
                yield from prose([Span(f"      {name}: ")], text, width, 8)
    if route.backend is not None:
        yield from _backend("behind it: ", route.backend, width, 6, told)


def _reached(route: RouteNode) -> str:
    """Say who answers uploads in the route's place; nothing where they reach it."""
    shadow = route.shadowed
    if shadow is None:
        return ""
    if shadow.by is None:
        return "never, its own directive hands on no request"
    whose = "never, uploads go to" if shadow.certain else "not always, some uploads may go to"
    return f"{whose} {_at(shadow.by)}"


def _spooled(route: RouteNode) -> str:
    buffered = route.buffered
    by = f", by {_at(buffered.by)}" if buffered.by is not None else ""
    return f"{_SPOOLED[buffered.value]}{by}"


def _backend(
    lead: str, backend: BackendNode, width: int, indent: int, told: set[BackendNode]
) -> Iterator[Line]:
    """Draw a process; one that was drawn before is only named."""
    where = f"at {_at(backend.location)}" if backend.location is not None else ""
    where = "(as above)" if backend in told else where
    kind = _KINDS.get(backend.kind, backend.kind)
    yield from prose(
        [Span(" " * indent + lead), Span(f"{kind} {backend.name}", "strong"), Span(" ")],
        where, width, indent + 2,
    )  # fmt: skip
    if backend in told:
        return
    told.add(backend)
    for name, value in backend.facts:
        yield from prose([Span(f"{'':>{indent + 2}}{name}: ")], value, width, indent + 4)


def _spool(spool: SpoolNode, width: int) -> Iterator[Line]:
    origin = f"by {_at(spool.location)}" if spool.location is not None else f"by {spool.by}"
    yield from prose(
        [Span("  spool directory: ")], f"{spool.directory} ({origin}), {spool.size}", width, 4
    )


def _at(location: Location) -> str:
    return f"{location.file}:{location.line}" if location.line else location.file


def _listing(names: Iterable[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = len(unique) - _NAMES
    if more > 1:
        unique = [*unique[:_NAMES], f"and {more} more"]
    return ", ".join(unique)


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
