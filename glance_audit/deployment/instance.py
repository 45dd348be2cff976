"""A uWSGI instance: what it listens on, what it runs and how long it waits."""

from __future__ import annotations

import posixpath
import re
from enum import Enum

from glance_audit.deployment.python_mode import PythonEvidence
from glance_audit.deployment.target import Target
from glance_audit.deployment.timer import Timer
from glance_audit.files import FileSource, Place, Unreadable
from glance_audit.record import NamedTuple
from glance_audit.systemd import Unit
from glance_audit.uwsgi import Option, SocketAddress, UwsgiConfig, parse_socket

SOCKET_TIMEOUT = 4  # seconds; uWSGI's default (core/uwsgi.c, uwsgi.socket_timeout = 4)
HTTP_TIMEOUT = 60  # seconds; plugins/http/http.c

_WILDCARDS = frozenset({"", "0.0.0.0", "*", "::", "0"})
_LOCALHOST = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
# What a name of this machine stands for.
_LOOPBACK = frozenset({*_LOCALHOST, "127.0.0.1", "::1"})
_SCRIPT_IMPORT = re.compile(r"^\s*(?:from|import)\s+glance\b", re.MULTILINE)
_ANYBODYS = frozenset({"wsgi", "app", "application", "main", "server", "run", "uwsgi"})
_GLANCE_APPLICATION = re.compile(r"(^|[=,/])glance(\.wsgi|\.common\.wsgi_app|-wsgi-api)")


class Protocol(Enum):
    """What a listener speaks."""

    HTTP = "http"
    UWSGI = "uwsgi"
    OTHER = "other"


_PROTOCOLS = {
    "http-socket": Protocol.HTTP,
    "http11-socket": Protocol.HTTP,
    "https-socket": Protocol.HTTP,
    "http": Protocol.HTTP,
    "httprouter": Protocol.HTTP,
    "https": Protocol.HTTP,
    "https2": Protocol.HTTP,
    "socket": Protocol.UWSGI,
    "uwsgi-socket": Protocol.UWSGI,
    "suwsgi-socket": Protocol.UWSGI,
    "fastcgi-socket": Protocol.OTHER,
    "scgi-socket": Protocol.OTHER,
    "raw-socket": Protocol.OTHER,
}
_ROUTERS = frozenset({"http", "httprouter", "https", "https2"})
_APPLICATIONS = ("wsgi-file", "file", "module", "wsgi", "mount", "python-worker-override")


class Listener(NamedTuple):
    """One address an instance binds. ``router``: the http plugin's process, not a worker."""

    option: Option
    address: SocketAddress
    protocol: Protocol
    router: bool

    @property
    def text(self) -> str:
        """The listener as a message names it."""
        return f"{self.option.key} = {self.option.value}"

    def answers(self, target: Target) -> bool:
        """Whether a request to ``target`` arrives here, on this machine."""
        if target.socket is not None:
            return self.address.kind == "unix" and _same_path(self.address.path, target.socket)
        if self.address.kind != "tcp" or self.address.port != target.port:
            return False
        host, wanted = _plain(self.address.host or ""), _plain(target.host)
        if host in _WILDCARDS or host == wanted:
            return True
        # 127.0.0.1 and ::1 are different addresses; a name may be either.
        return (host in _LOCALHOST and wanted in _LOOPBACK) or (
            wanted in _LOCALHOST and host in _LOOPBACK
        )

    def is_here(self, target: Target) -> bool:
        """Whether what :meth:`answers` is certain: the target is this address, or this host."""
        if target.socket is not None or _plain(self.address.host or "") not in _WILDCARDS:
            return True
        return target.loopback


class Application(NamedTuple):
    """The application an instance loads, with the option that says so.

    ``known``: it is Glance's, or certainly another one.
    """

    text: str
    option: Option
    glance: bool
    known: bool = True


class UwsgiInstance(NamedTuple):
    """One uWSGI configuration and what follows from it.

    ``build`` is "debian", "pypi" or None when the files do not tell. ``plugin_files`` are the
    plugins whose files the audited system has, None when it shows no directory of plugins.
    ``redhat``: the system is of that family.
    """

    config: UwsgiConfig
    listeners: tuple[Listener, ...]
    applications: tuple[Application, ...]
    python: tuple[PythonEvidence, ...]
    build: str | None
    unit: Unit | None
    plugin_files: frozenset[str] | None = None
    redhat: bool = False

    @property
    def name(self) -> str:
        """The configuration file's base name."""
        return posixpath.basename(self.config.file)

    @property
    def place(self) -> Place:
        """Where an absence is reported: the section's header line."""
        return self.config.section_place or Place(self.config.file)

    @property
    def glance(self) -> bool:
        """Whether it loads Glance."""
        return any(application.glance for application in self.applications)

    @property
    def socket_timeout(self) -> Timer:
        """The longest silence uWSGI endures while it reads a body."""
        return self._timer("socket-timeout", SOCKET_TIMEOUT)

    @property
    def chunked_input_timeout(self) -> Timer | None:
        """The same for chunked bodies, when it is set and not 0: else socket-timeout governs."""
        found = self.config.integer("chunked-input-timeout")
        if found is None or found[0] <= 0:
            return None
        return Timer("chunked-input-timeout", found[0], found[1].place)

    @property
    def http_timeout(self) -> Timer | None:
        """The http router's timer; None without a router.

        0 means the default (plugins/corerouter/corerouter.c; measured: a pause of 3 s is endured).
        """
        if not any(listener.router for listener in self.listeners):
            return None
        timer = self._timer("http-timeout", HTTP_TIMEOUT)
        return timer._replace(seconds=timer.seconds or HTTP_TIMEOUT)

    @property
    def harakiri(self) -> Timer | None:
        """The wall time a request may take; None when it is off."""
        found = self.config.integer("harakiri")
        if found is None or found[0] <= 0:
            return None
        return Timer("harakiri", found[0], found[1].place)

    @property
    def post_buffering(self) -> Option | None:
        """The option that spools Content-Length bodies, when it is above 0."""
        found = self.config.unsigned("post-buffering")
        return found[1] if found is not None and found[0] > 0 else None

    def _timer(self, name: str, default: int) -> Timer:
        found = self.config.integer(name)
        if found is None:
            return Timer(name, default)
        return Timer(name, found[0], found[1].place)


def listeners_of(config: UwsgiConfig) -> tuple[Listener, ...]:
    """Return the addresses a configuration binds, in option order."""
    found = []
    shared = config.all("shared-socket", "undeferred-shared-socket")
    for option in config.effective:
        protocol = _PROTOCOLS.get(option.key)
        if protocol is None:
            continue
        # ``https = addr,cert,key`` and ``http = addr,modifier``: the address comes first.
        address = parse_socket(option.value.split(",", 1)[0])
        if address.kind == "shared" and (address.port or 0) < len(shared):
            address = parse_socket(shared[address.port or 0].value)
        found.append(Listener(option, address, protocol, option.key in _ROUTERS))
    return tuple(found)


def applications_of(config: UwsgiConfig, source: FileSource) -> tuple[Application, ...]:
    """Return the applications a configuration loads; a script is read for what it imports."""
    return tuple(
        _application(option, source) for option in config.all(*_APPLICATIONS) if option.value
    )


def _application(option: Option, source: FileSource) -> Application:
    text = option.value
    if _GLANCE_APPLICATION.search(text):
        return Application(text, option, True)
    target = text.rpartition("=")[2] if option.key == "mount" else text
    if option.key in ("wsgi-file", "file") or target.startswith("/"):
        imports = imports_glance(target, source)
        return Application(text, option, imports is True, imports is not None)
    return Application(text, option, False, re.split(r"[.:]", target)[0] not in _ANYBODYS)


def imports_glance(script: str, source: FileSource) -> bool | None:
    """Whether a WSGI script imports Glance; None when it cannot be read."""
    try:
        text = source.text(script) if script.startswith("/") else ""
    except Unreadable:
        return None
    return _SCRIPT_IMPORT.search(text) is not None if text else None


def _plain(host: str) -> str:
    """Return a host in one spelling: lower case, no URL escape before an IPv6 zone."""
    host = host.lower().replace("%25", "%")
    return "::1" if host == "0:0:0:0:0:0:0:1" else host


def _same_path(left: str | None, right: str) -> bool:
    return left is not None and _run(posixpath.normpath(left)) == _run(posixpath.normpath(right))


def _run(path: str) -> str:
    # /var/run is a link to /run on every distribution that Glance runs on.
    return path[4:] if path.startswith("/var/run/") else path
