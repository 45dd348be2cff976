"""Where a proxied route leads: the URL of ProxyPass, RewriteRule [P] and SetHandler."""

from __future__ import annotations

import re
from enum import Enum

from glance_audit.record import NamedTuple

_DEFAULT_PORTS = {
    "http": 80,
    "https": 443,
    "ws": 80,
    "wss": 443,
    "ajp": 8009,
    "fcgi": 8000,
    "uwsgi": 3031,
}
_LOOPBACK = re.compile(r"localhost(\.localdomain)?|ip6-localhost|::1|127(\.[0-9]+){1,3}")
_AUTHORITY = re.compile(r"[^/?#$]*")


class Gateway(Enum):
    """The module that hands the request over."""

    PROXY_HTTP = "proxy_http"
    PROXY_UWSGI = "proxy_uwsgi"
    PROXY_OTHER = "proxy_other"
    MOD_WSGI = "mod_wsgi"


_GATEWAYS = {
    "http": Gateway.PROXY_HTTP,
    "https": Gateway.PROXY_HTTP,
    "uwsgi": Gateway.PROXY_UWSGI,
}


class Target(NamedTuple):
    """One backend address.

    ``socket`` is the path of ``unix:/path|http://name``; then host and port mean nothing.
    """

    text: str
    scheme: str
    host: str = ""
    port: int | None = None
    socket: str | None = None

    @property
    def gateway(self) -> Gateway:
        """The proxy module the scheme selects."""
        return _GATEWAYS.get(self.scheme, Gateway.PROXY_OTHER)

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine by every reading."""
        return _LOOPBACK.fullmatch(self.host) is not None


def parse_target(text: str) -> Target | None:
    """Read a proxy URL; None when it is not one (``!``, a path)."""
    rest, socket = text, None
    if text[:5].lower() == "unix:":
        path, bar, rest = text[5:].partition("|")
        if not bar:
            return None
        socket = path
    scheme, separator, rest = rest.partition("://")
    if not separator and socket is not None and scheme.endswith(":"):
        scheme, rest = scheme[:-1], ""
    elif not separator:
        return None
    scheme = scheme.lower()
    found = _AUTHORITY.match(rest)
    host, port = split_host(found[0].rpartition("@")[2] if found else "")
    return Target(text, scheme, host.lower(), port or _DEFAULT_PORTS.get(scheme), socket)


def split_host(authority: str) -> tuple[str, int | None]:
    """Split ``host:port`` and ``[v6]:port``; the brackets are dropped."""
    if authority.startswith("["):
        host, _, rest = authority[1:].partition("]")
        port = rest[1:] if rest.startswith(":") else ""
    else:
        host, _, port = authority.partition(":")
    return host, int(port) if is_port(port) else None


def is_port(text: str) -> bool:
    """Whether a text is a number that may be a port's."""
    return text.isascii() and text.isdigit() and len(text) <= 5
