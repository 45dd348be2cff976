"""Another service beside Glance, on the loopback of a machine."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.lab.experiment import KIB, Neighbour


class _Tells(BaseHTTPRequestHandler):
    """Answers with the head of the request, when its body is read to the end."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            while length := int(self.rfile.readline(), 16):
                self._read(length + 2)
            self.rfile.readline()
        else:
            self._read(int(self.headers.get("Content-Length", "0")))
        self._answer()

    do_POST = do_PUT

    def log_message(self, *_: object) -> None:
        """Say nothing: standard output is the trial's result."""

    def _read(self, length: int) -> None:
        while length > 0:
            length -= len(self.rfile.read(min(length, 64 * KIB)))

    def _answer(self) -> None:
        said = f"{self.requestline}\n{self.headers}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


def listen(neighbour: Neighbour) -> None:
    """Listen until the trial ends."""
    server = ThreadingHTTPServer((neighbour.address, neighbour.port), _Tells)
    threading.Thread(target=server.serve_forever, daemon=True).start()
