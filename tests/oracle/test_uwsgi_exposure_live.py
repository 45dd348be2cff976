"""What a stranger gets from an open socket and from open statistics, asked of the uWSGI here."""

from __future__ import annotations

import contextlib
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from glance_audit.uwsgi import Build
from tests.oracle.live_apache import free_port
from tests.oracle.uwsgi_server import BINARIES

pytestmark = pytest.mark.oracle

APPLICATION = """\
import time

def application(environ, start_response):
    time.sleep(float(environ.get("HTTP_X_SLEEP", 0)))
    start_response("200 OK", [])
    return [b"{answer}"]
"""
_SECONDS = 20


@contextlib.contextmanager
def uwsgi(directory: Path, **listeners: int) -> Iterator[None]:
    """Run uWSGI with its own application until the block is left."""
    script = directory / "own.py"
    script.write_text(APPLICATION.replace("{answer}", "own"))
    addresses = [f"--{n.replace('_', '-')}=127.0.0.1:{port}" for n, port in listeners.items()]
    server = subprocess.Popen(
        [
            *(BINARIES[Build.DEBIAN], "--plugins=python3", "--master", "--need-app"),
            *(f"--wsgi-file={script}", f"--logto={directory}/log", *addresses),
        ],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + _SECONDS
        while "spawned uWSGI worker" not in _text(directory / "log"):
            assert server.poll() is None, _text(directory / "log")
            assert time.monotonic() < end, _text(directory / "log")
            time.sleep(0.02)
        yield
    finally:
        server.send_signal(3)  # SIGQUIT: end at once
        server.wait(_SECONDS)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def ask(port: int, request: bytes) -> bytes:
    """Send bytes, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as stream:
        stream.sendall(request)
        answer = b""
        while data := stream.recv(65536):
            answer += data
        return answer


def packet(**variables: str) -> bytes:
    """Write a request of the uwsgi protocol."""
    body = b""
    for name, value in variables.items():
        for text in (name.encode(), value.encode()):
            body += struct.pack("<H", len(text)) + text
    return struct.pack("<BHB", 0, len(body), 0) + body


@pytest.fixture(autouse=True)
def _uwsgi(require_server: Callable[..., None]) -> None:
    require_server("uwsgi", "uwsgi_python3")


def test_a_client_of_the_uwsgi_protocol_names_the_file_that_runs(tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text(APPLICATION.replace("{answer}", "of the client"))
    port = free_port()
    with uwsgi(tmp_path, socket=port):
        variables = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_PROTOCOL": "HTTP/1.1"}
        assert ask(port, packet(**variables)).endswith(b"own")
        named = packet(**variables, SCRIPT_NAME="/x", UWSGI_FILE=str(other))
        assert ask(port, named).endswith(b"of the client")


def test_statistics_tell_the_tokens_of_requests_in_flight(tmp_path: Path) -> None:
    port, stats = free_port(), free_port()
    request = b"GET / HTTP/1.0\r\nX-Sleep: 2\r\nX-Auth-Token: a-users-token\r\n\r\n"
    with (
        uwsgi(tmp_path, http_socket=port, stats=stats),
        socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as client,
    ):
        client.sendall(request)
        time.sleep(0.5)
        assert b"HTTP_X_AUTH_TOKEN=a-users-token" in ask(stats, b"")
