"""Backends that answer with their name and whether ``proxy-sendcl`` was in force: all routes lead
to one of them."""

from __future__ import annotations

import contextlib
import os
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

HEADER = "X-Seen"
# What a backend tells of the path it was asked for, of uwsgi's the PATH_INFO.
ASKED = "X-Asked"
# What Apache tells a backend of its environment, whatever the gateway.
TELL = f'RequestHeader set {HEADER} "%{{proxy-sendcl}}e"\n'

_SCRIPT = """\
def application(environ, start_response):
    environ["wsgi.input"].read()
    seen = " seen" if environ.get("HTTP_X_SEEN") == "1" else ""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [(NAME + seen).encode()]

def handle_request(environ, start_response):
    return application(environ, start_response)
"""


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    request_queue_size = 50
    name = ""

    @property
    def port(self) -> int:
        address = self.server_address
        assert isinstance(address, tuple)
        return int(address[1])


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    name = ""


class _Http(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, of which no acknowledgement has to be awaited

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = _answer(self.server, self.headers[HEADER])
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Connection", "close")
        # The path as it was sent: ``path`` has lost a second slash at its start.
        self.send_header(ASKED, self.requestline.split()[1])
        self.end_headers()
        self.wfile.write(answer)
        self.close_connection = True

    def address_string(self) -> str:
        return "client"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


class _Uwsgi(socketserver.StreamRequestHandler):
    """The uwsgi protocol: a header of 4 bytes, then keys and values, each behind its length."""

    def handle(self) -> None:
        size = int.from_bytes(self.rfile.read(4)[1:3], "little")
        block, words = self.rfile.read(size), []
        while block:
            end = 2 + int.from_bytes(block[:2], "little")
            words.append(block[2:end].decode())
            block = block[end:]
        variables = dict(zip(words[::2], words[1::2], strict=True))
        self.rfile.read(int(variables["CONTENT_LENGTH"]))
        answer = _answer(self.server, variables.get("HTTP_X_SEEN"))
        head = f"HTTP/1.1 200 OK\r\n{ASKED}: {variables['PATH_INFO']}\r\n\r\n"
        self.wfile.write(head.encode() + answer)


def _answer(server: socketserver.BaseServer, seen: str | None) -> bytes:
    assert isinstance(server, _Server | _UnixServer)
    name = server.name
    return f"{name} seen".encode() if seen == "1" else name.encode()


@contextlib.contextmanager
def backends() -> Iterator[dict[str, str]]:
    """Run all of them; yields what a configuration says for each: a URL, a path, an address."""
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        directory.chmod(0o755)  # mod_wsgi and the proxy look into it as www-data
        found = {}
        for name in ("wsgi", "script"):
            file = directory / f"{name}.wsgi"
            file.write_text(f"NAME = {name!r}\n{_SCRIPT}")
            found[name] = str(file)
        found["socket"] = str(directory / "http.socket")
        ports = {}
        for name, handler in (("one", _Http), ("two", _Http), ("uwsgi", _Uwsgi)):
            server = _Server(("127.0.0.1", 0), handler)
            stack.enter_context(_running(name, server))
            ports[name] = server.port
        stack.enter_context(_running("socket", _UnixServer(found["socket"], _Http)))
        os.chmod(found["socket"], 0o666)
        found["uwsgi"] = f"127.0.0.1:{ports['uwsgi']}"
        found |= {name: f"http://127.0.0.1:{ports[name]}" for name in ("one", "two")}
        yield found


@contextlib.contextmanager
def _running(name: str, server: _Server | _UnixServer) -> Iterator[None]:
    server.name = name
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
