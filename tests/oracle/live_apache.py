"""A real Apache on loopback in front of a backend that tells how it was sent the body."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.oracle.apache_server import binary

MODULES = Path("/usr/lib/apache2/modules")
_NEEDED = ("mpm_event", "authz_core")
USUAL = ("env", "setenvif", "headers", "rewrite", "buffer", "proxy", "proxy_http")
_SECONDS = 20

_CONFIG = """\
ServerRoot "{directory}"
ServerName localhost
PidFile "{directory}/pid"
ErrorLog "{directory}/error.log"
Mutex pthread
User www-data
Group www-data
StartServers 1
ServerLimit 1
ThreadsPerChild 8
MaxRequestWorkers 8
MinSpareThreads 1
MaxSpareThreads 8
Listen 127.0.0.1:{port}
{modules}
{directives}
"""


class _Backend(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        length = self.headers.get("Content-Length")
        chunked = self.headers.get("Transfer-Encoding", "").lower() == "chunked"
        size = self._chunks() if chunked else len(self.rfile.read(int(length or 0)))
        answer = f"{'chunked' if chunked else 'length'} {size}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer)
        self.close_connection = True

    def _chunks(self) -> int:
        total = 0
        while size := int(self.rfile.readline().split(b";")[0], 16):
            total += len(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return total

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@contextlib.contextmanager
def backend() -> Iterator[int]:
    """Run the backend; yields its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Backend)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def apache(
    directory: Path,
    port: int,
    directives: str,
    environment: dict[str, str] | None = None,
    *,
    modules: tuple[str, ...] = USUAL,
    patience: float = _SECONDS,
) -> Iterator[None]:
    """Run Apache with the directives and modules, loaded in that order, until the block is left.

    ``patience`` is how many seconds it gets to end: mod_wsgi's Python takes ten.

    Raises:
        AssertionError: it does not start; with what it said.
    """
    load = "\n".join(f"LoadModule {m}_module {MODULES}/mod_{m}.so" for m in (*_NEEDED, *modules))
    conf, log = directory / "httpd.conf", directory / "error.log"
    conf.write_text(
        _CONFIG.format(directory=directory, port=port, modules=load, directives=directives)
    )
    said = directory / "said"
    with said.open("wb") as stream:
        server = subprocess.Popen(
            [binary(), "-f", str(conf), "-DFOREGROUND"],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"} | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(server, port, (said, log))
        yield
    finally:
        server.terminate()
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, 9)
            server.wait()


def _wait_until_it_answers(
    server: subprocess.Popen[bytes], port: int, logs: tuple[Path, ...]
) -> None:
    end = time.monotonic() + _SECONDS
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("OPTIONS", "*")
            connection.getresponse()
            connection.close()
            return
        time.sleep(0.01)
    words = "\n".join(log.read_text() for log in logs if log.exists())
    raise AssertionError(f"Apache does not answer:\n{words}")


def upload(port: int, host: str, path: str) -> str:
    """PUT 100 kB in chunks; return what the backend says: ``chunked`` or ``length``, and size."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request(
            "PUT",
            path,
            body=iter([b"x" * 10_000] * 10),
            headers={
                "Host": host,
                "Transfer-Encoding": "chunked",
                "User-Agent": "uploader/1",
                "X-Upload-Mode": "spool",
                "proxy-sendcl": "1",
            },
            encode_chunked=True,
        )
        answer = connection.getresponse()
        text = answer.read().decode()
        return text if answer.status == 200 else f"{answer.status} {answer.reason}: {text}"
    finally:
        connection.close()
