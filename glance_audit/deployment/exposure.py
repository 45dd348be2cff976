"""Who reaches an address that uWSGI binds: this host alone, or others too."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from glance_audit.deployment.instance import Listener, UwsgiInstance
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option, SocketAddress, parse_socket

_EVERYWHERE = frozenset({"", "*", "0"})
_LOCALHOST = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"})
# core/uwsgi.c and plugins/http/http.c: each pair of names is one setting.
_STATS = (("stats", "stats-server"), ("http-stats", "http-stats-server"))


class StatsServer(NamedTuple):
    """The option that makes a server of statistics, and its address.

    ``router``: it is the http router's, which knows of no request.
    """

    option: Option
    address: SocketAddress
    router: bool


def everywhere(address: SocketAddress) -> bool:
    """Whether every address of the machine is bound."""
    if address.kind != "tcp":
        return False
    host = (address.host or "").lower()
    if host in _EVERYWHERE:
        return True
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def beyond_loopback(address: SocketAddress) -> bool:
    """Whether other machines can reach it; a name that is no one's for this host counts as such."""
    if address.kind != "tcp" or (address.host or "").lower() in _LOCALHOST:
        return False
    if everywhere(address):
        return True
    try:
        return not ip_address(address.host or "").is_loopback
    except ValueError:
        return True


def exposed_listeners(instance: UwsgiInstance) -> tuple[Listener, ...]:
    """Return what takes requests on every address of the machine."""
    return tuple(one for one in instance.listeners if everywhere(one.address))


def stats_servers(instance: UwsgiInstance) -> Iterator[StatsServer]:
    """Yield the servers of statistics; the last option of a setting counts."""
    routed = any(listener.router for listener in instance.listeners)
    for names in _STATS:
        router = names[0] == "http-stats"
        option = instance.config.last(*names)
        if option is not None and (routed or not router):
            yield StatsServer(option, parse_socket(option.value), router)
