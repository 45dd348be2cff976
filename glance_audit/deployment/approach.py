"""How requests come to a uWSGI: through Apache, or past it."""

from __future__ import annotations

from glance_audit.deployment.exposure import beyond_loopback
from glance_audit.deployment.instance import Listener, Protocol, UwsgiInstance
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.route import Route


def routes_to(deployment: Deployment, instance: UwsgiInstance) -> tuple[Route, ...]:
    """Return Glance's routes that lead to an instance, in configuration order."""
    return tuple(
        route
        for route in deployment.glance_routes
        if any(backend.instance is instance for backend in route.backends)
    )


def speaks_http(instance: UwsgiInstance) -> bool:
    """Whether it takes HTTP, the only protocol that brings chunked bodies.

    mod_proxy_uwsgi refuses them with 411 (measured).
    """
    return any(listener.protocol is Protocol.HTTP for listener in instance.listeners)


def all_spooled(routes: tuple[Route, ...]) -> bool:
    """Whether Apache turns every chunked upload into one with a Content-Length."""
    return bool(routes) and all(route.buffering.value is True for route in routes)


def direct_listeners(deployment: Deployment, instance: UwsgiInstance) -> tuple[Listener, ...]:
    """Return where clients or a load balancer reach a uWSGI by HTTP without an Apache.

    Listeners beyond loopback of an instance that no route leads to. An address that depends on
    what is not known is none.
    """
    found = tuple(
        listener
        for listener in instance.listeners
        if listener.protocol is Protocol.HTTP
        and beyond_loopback(listener.address)
        and "(" not in (listener.address.host or "")
    )
    if found and any(
        backend.instance is instance
        for server in deployment.servers
        for route in server.routes
        for backend in route.backends
    ):
        return ()
    return found
