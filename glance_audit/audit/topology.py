"""Drawing the deployment as plain data for the reports."""

from __future__ import annotations

from functools import lru_cache

from glance_audit.audit.locate import Locator
from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.model import ApacheServer, Deployment, VirtualHost
from glance_audit.deployment.route import Route
from glance_audit.deployment.timer import Timer
from glance_audit.report.escape import mask, visible
from glance_audit.report.result import (
    BackendNode,
    Buffering,
    RouteNode,
    ServerNode,
    Shadow,
    SpoolNode,
    Topology,
    VirtualHostNode,
)


def draw(deployment: Deployment, locator: Locator) -> Topology:
    """Return the servers with their routes, and the Glance instances no route leads to."""
    routed = {
        id(backend.instance) for server in deployment.servers for route in server.routes
        for backend in route.backends
    }  # fmt: skip
    return Topology(
        tuple(_server(server, locator) for server in deployment.servers),
        tuple(
            _instance(instance, locator)
            for instance in deployment.instances
            if id(instance) not in routed
        ),
    )


def _server(server: ApacheServer, locator: Locator) -> ServerNode:
    spool = server.spool
    return ServerNode(
        visible(server.name),
        locator.name(server.config.main_file),
        server.config.refused,
        tuple(_host(host, locator) for host in server.hosts),
        SpoolNode(
            visible(spool.directory),
            spool.by,
            spool.room.text,
            locator.locate(spool.wish.place) if spool.wish is not None else None,
        ),
    )


def _host(host: VirtualHost, locator: Locator) -> VirtualHostNode:
    return VirtualHostNode(
        visible(host.name),
        locator.locate(host.place) if host.section is None else locator.point(host.section),
        tuple([_route(route, locator) for route in host.routes]),
    )


def _route(route: Route, locator: Locator) -> RouteNode:
    endpoint, buffering = route.endpoint, route.buffering
    causes = buffering.causes
    by = causes[0][0] if causes else None
    # What is spooled with a Content-Length only is spooled "for some requests".
    spooled = None if buffering.value is False and buffering.possible else buffering.value
    backend = route.backends[0] if route.backends else None
    return RouteNode(
        visible(route.path),
        visible(mask(endpoint.target)),
        endpoint.gateway.value,
        route.glance,
        visible(mask(route.why)) if route.why else "",
        locator.point(endpoint.directive),
        Buffering(spooled, locator.locate(by) if by is not None else None),
        _instance(backend.instance, locator, backend.listener.text) if backend else None,
        tuple(map(_timer, route.timers)),
        _shadow(route, locator),
    )


def _shadow(route: Route, locator: Locator) -> Shadow | None:
    shadow = route.shadow
    if shadow is None:
        return None
    return Shadow(locator.point(shadow.by) if shadow.by is not None else None, shadow.certain)


@lru_cache(maxsize=1000)  # the same for most routes
def _timer(timer: Timer) -> tuple[str, str]:
    return timer.name, timer.text.removeprefix(timer.name).strip()


def _instance(
    instance: UwsgiInstance, locator: Locator, listener: str | None = None
) -> BackendNode:
    facts = [("listens", text) for text in _listening(instance, listener)]
    facts += [("application", application.text) for application in instance.applications[:1]]
    facts += [("python", evidence.because) for evidence in instance.python[:1]]
    facts.append(_timer(instance.socket_timeout))
    for timer in (instance.http_timeout, instance.harakiri):
        if timer is not None:
            facts.append(_timer(timer))
    return BackendNode(
        "uwsgi",
        visible(instance.name),
        locator.locate(instance.place),
        tuple((name, visible(mask(value))) for name, value in facts),
    )


def _listening(instance: UwsgiInstance, listener: str | None) -> list[str]:
    return [listener] if listener else [one.text for one in instance.listeners]
