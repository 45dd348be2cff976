"""The address a uWSGI socket option binds."""

from __future__ import annotations

from glance_audit.record import NamedTuple
from glance_audit.uwsgi.values import atoi

_BLANKS = " \t\n\v\f\r"


class SocketAddress(NamedTuple):
    """Where an option listens.

    ``kind`` is ``tcp`` (``host`` and ``port``), ``unix`` (``path``, as written), ``abstract``
    (``path`` without the mark), ``fd`` (``port`` is the number of an inherited descriptor),
    ``shared`` (``port`` is the number of a shared socket) or ``invalid``, which uWSGI refuses.
    The host is empty for every address of IPv4 and has no brackets for IPv6.
    """

    kind: str
    host: str | None = None
    port: int | None = None
    path: str | None = None


def parse_socket(value: str) -> SocketAddress:
    """Return the address in the value of ``socket``, ``http-socket``, ``http``, ``https``.

    A value without a colon is a file to create, also ``127.0.0.1`` and ``8080``
    (core/socket.c, generate_socket_name and bind_to_unix). What follows the first comma belongs to
    TLS (certificate, key, ciphers) and is passed over.
    """
    name = value.lstrip(_BLANKS).split(",", 1)[0]
    if not name:
        return SocketAddress("invalid")
    if name[0] == "=":  # core/socket.c, uwsgi_setup_shared_sockets: "=N" maps shared socket N
        return SocketAddress("shared", port=atoi(name[1:]))
    if name.startswith("fd://"):
        return SocketAddress("fd", port=atoi(name[5:]))
    host, colon, port = name.rpartition(":")
    if not colon:
        if name[0] == "@":
            return SocketAddress("abstract", path=name[1:])
        if name.startswith("\\0"):
            return SocketAddress("abstract", path=name[2:])
        return SocketAddress("unix", path=name)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    return SocketAddress("tcp", host=host, port=atoi(port) & 0xFFFF)
