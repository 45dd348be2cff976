"""The way of an upload: from the client to the store, and the findings that sit on each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from glance_audit.record import NamedTuple
from glance_audit.report.result import (
    BackendNode,
    Location,
    ReportedFinding,
    RouteNode,
    ServerNode,
    Topology,
    VirtualHostNode,
)


class Stop(Enum):
    """Where an upload passes, in its order; a finding sits on the arrow that leads there."""

    CLIENT = "client"
    HOST = "virtual host"
    ROUTE = "route"
    GATEWAY = "gateway"
    WORKER = "worker"
    GLANCE = "Glance"
    STORE = "store"
    SPOOL = "spool"


class Passage(NamedTuple):
    """One stop of a way: its name, what is known of it, and the findings on the arrow to it.

    ``found`` is False for a stop that must be there and is in no file of the audit.
    """

    stop: Stop
    name: str
    facts: tuple[str, ...]
    findings: tuple[ReportedFinding, ...]
    found: bool = True


class Way(NamedTuple):
    """The stops of one Glance route, and the spool when Apache may write uploads there."""

    title: str
    passages: tuple[Passage, ...]
    spool: Passage | None

    @property
    def stops(self) -> tuple[Passage, ...]:
        """Every stop, the spool last."""
        return self.passages if self.spool is None else (*self.passages, self.spool)


# Where a finding of a family sits, when it is not in the file of the worker; an operator's own
# rules are of none.
_FAMILIES = {
    "1": Stop.GATEWAY, "2": Stop.SPOOL, "3": Stop.WORKER, "4": Stop.SPOOL, "5": Stop.GLANCE,
    "6": Stop.STORE, "7": Stop.WORKER, "8": Stop.WORKER, "": Stop.ROUTE,
}  # fmt: skip
# The same for findings in the file of the worker: its own spool lies before Glance.
_IN_WORKER = {"2": Stop.GLANCE, "4": Stop.GLANCE}
_ELSEWHERE = {"GA109": Stop.HOST, "GA113": Stop.ROUTE, "GA114": Stop.ROUTE, "GA306": Stop.HOST}
_ELSEWHERE |= {"GA611": Stop.HOST, "GA612": Stop.HOST}
_GATEWAYS = {
    "proxy_http": "mod_proxy_http",
    "proxy_uwsgi": "mod_proxy_uwsgi",
    "proxy_other": "mod_proxy",
}
_SPOOLED = {True: "every chunked upload", None: "some uploads"}


def ways(topology: Topology, findings: Iterable[ReportedFinding]) -> Iterator[Way]:
    """Yield the way to Glance of each route, then of each uWSGI that no route leads to."""
    index = _Index(one for one in findings if one.suppressed is None and not one.known)
    for server in topology.servers:
        for host in server.vhosts:
            for route in host.routes:
                if route.glance:
                    yield _routed(server, host, route, index)
    for backend in topology.unrouted:
        if backend.location is not None:
            yield _direct(backend, index)


def _routed(server: ServerNode, host: VirtualHostNode, route: RouteNode, index: _Index) -> Way:
    backend, spool = route.backend, server.spool
    spots = {_spot(route.location), _spot(host.location)}
    spots |= {_spot(place) for place in (route.buffered.by, spool and spool.location) if place}
    file = backend.location.file if backend is not None and backend.location is not None else None
    here = _sorted_by_stop(index.at(spots, file), file)
    gateway = _GATEWAYS.get(route.gateway, route.gateway)
    passages = [
        Passage(Stop.CLIENT, "client", (), ()),
        Passage(Stop.HOST, host.name, (_at(host.location),), here.pop(Stop.HOST, ())),
        Passage(Stop.ROUTE, route.path, (_at(route.location),), here.pop(Stop.ROUTE, ())),
        Passage(
            Stop.GATEWAY, gateway,
            (route.target, *(f"{name} {value}" for name, value in route.timers)),
            here.pop(Stop.GATEWAY, ()),
        ),
    ]  # fmt: skip
    worker = here.pop(Stop.WORKER, ())
    if gateway == "mod_wsgi":
        passages.append(Passage(Stop.WORKER, "WSGI process", (), worker))
    else:
        passages.append(_worker(backend, worker))
    passages += _end(here)
    drawn = None
    written = here.pop(Stop.SPOOL, ())
    if spool is not None and (route.buffered.value is not False or written):
        facts = (spool.size, f"takes {_SPOOLED.get(route.buffered.value, 'no upload')}")
        drawn = Passage(Stop.SPOOL, spool.directory, facts, written)
    return Way(f"{route.path} of {host.name}", tuple(passages), drawn)


def _direct(backend: BackendNode, index: _Index) -> Way:
    file = backend.location.file if backend.location is not None else None
    here = _sorted_by_stop(index.at(set(), file), file)
    worker = here.pop(Stop.GATEWAY, ()) + here.pop(Stop.WORKER, ())
    client = Passage(Stop.CLIENT, "client", ("without Apache",), ())
    passages = (client, _worker(backend, worker), *_end(here))
    return Way(f"{backend.name}, straight", passages, None)


def _worker(backend: BackendNode | None, findings: tuple[ReportedFinding, ...]) -> Passage:
    if backend is None:
        return Passage(Stop.WORKER, "unknown", ("not in this audit",), findings, found=False)
    facts = tuple(value for name, value in backend.facts if name == "listens")
    facts += tuple(f"{name} {value}" for name, value in backend.facts if "timeout" in name)
    kind = {"uwsgi": "uWSGI"}.get(backend.kind, backend.kind)
    return Passage(Stop.WORKER, f"{kind} {backend.name}", facts, findings)


def _end(here: dict[Stop, tuple[ReportedFinding, ...]]) -> tuple[Passage, Passage]:
    return (
        Passage(Stop.GLANCE, "Glance", (), here.pop(Stop.GLANCE, ())),
        Passage(Stop.STORE, "store", (), here.pop(Stop.STORE, ())),
    )


class _Index:
    """Findings by the places they name: there may be thousands of both findings and ways."""

    def __init__(self, findings: Iterable[ReportedFinding]) -> None:
        self._named: dict[object, list[ReportedFinding]] = {}
        for one in findings:
            places = (one.location, *(related.location for related in one.related))
            keys: set[object] = {key for place in places for key in (_spot(place), place.file)}
            if one.code.startswith("GA6"):  # of the Glance that stands behind every way
                keys.add(Stop.GLANCE)
            for key in keys:
                self._named.setdefault(key, []).append(one)

    def at(self, spots: set[tuple[str, int]], file: str | None) -> Iterator[ReportedFinding]:
        """Yield, once each, the findings that name one of the places or the worker's file."""
        told: set[int] = set()
        for key in (*sorted(spots), *((file,) if file is not None else ()), Stop.GLANCE):
            for one in self._named.get(key, ()):
                if id(one) not in told:
                    told.add(id(one))
                    yield one


def _sorted_by_stop(
    findings: Iterable[ReportedFinding], file: str | None
) -> dict[Stop, tuple[ReportedFinding, ...]]:
    stops: dict[Stop, tuple[ReportedFinding, ...]] = {}
    for one in findings:
        family = one.code[2:3] if one.shipped else ""
        stop = _ELSEWHERE.get(one.code) or _FAMILIES.get(family)
        if one.location.file == file:
            stop = _IN_WORKER.get(family, stop if family and stop else Stop.WORKER)
        if stop is not None:
            stops[stop] = (*stops.get(stop, ()), one)
    return {
        stop: tuple(sorted(found, key=lambda one: (one.severity.rank, one.code)))
        for stop, found in stops.items()
    }


def _spot(location: Location) -> tuple[str, int]:
    return location.file, location.line


def _at(location: Location) -> str:
    return f"{location.file}:{location.line}" if location.line else location.file
