"""What a backend hears of the client's address: asked of Apache, and uWSGI of what it believes."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from glance_audit.uwsgi import Build
from tests.deployment.request_urls import CASES, TARGET
from tests.oracle.live_apache import apache, free_port
from tests.oracle.uwsgi_server import BINARIES

pytestmark = pytest.mark.oracle

HOSTS = {name: f"h{number}.test" for number, name in enumerate(CASES)}
APPLICATION = """\
def application(environ, start_response):
    start_response("200 OK", [])
    return [environ["wsgi.url_scheme"].encode()]
"""


class _Backend(BaseHTTPRequestHandler):
    """Answers with the headers it got, and with a Location at the host it was called by."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        answer = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(201)
        self.send_header("Location", f"http://{self.headers['Host']}/v2/images/1")
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@contextlib.contextmanager
def backend() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Backend) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def ports(
    require_server: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, int]]:
    """Yield Apache's port and the backend's."""
    require_server("apache2")
    port = free_port()
    with backend() as target:
        text = "".join(
            f"<VirtualHost 127.0.0.1:{port}>\nServerName {HOSTS[name]}\n{case.text}</VirtualHost>\n"
            for name, case in CASES.items()
        ).replace(TARGET, f"127.0.0.1:{target}")
        with apache(tmp_path_factory.mktemp("apache"), port, text):
            yield port, target


@pytest.mark.parametrize("name", CASES)
def test_apache_tells_the_backend(name: str, ports: tuple[int, int]) -> None:
    case, (port, target) = CASES[name], ports
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/image/v2/images/1/file", headers={"Host": HOSTS[name]})
    answer = connection.getresponse()
    headers = json.loads(answer.read())
    location = answer.headers["Location"]
    connection.close()

    assert headers["host"] == (HOSTS[name] if case.kept else f"127.0.0.1:{target}")
    assert headers.get("x-forwarded-proto") == case.proto
    assert headers.get("x-forwarded-prefix") == case.prefix
    assert headers.get("x-forwarded-host") == (HOSTS[name] if case.forwarded else None)
    assert (location != f"http://{headers['host']}/v2/images/1") == case.reversed


@pytest.mark.parametrize(
    ("headers", "scheme"),
    [
        ({}, "http"),
        ({"X-Forwarded-Proto": "https"}, "https"),
        ({"X-Forwarded-Proto": "http"}, "http"),
        ({"X-Forwarded-Ssl": "on"}, "https"),
        ({"X-Forwarded-Ssl": "off"}, "http"),
        ({"X-Forwarded-Scheme": "https"}, "http"),
    ],
)
def test_uwsgi_believes_it_by_itself(uwsgi: int, headers: dict[str, str], scheme: str) -> None:
    connection = HTTPConnection("127.0.0.1", uwsgi, timeout=20)
    connection.request("GET", "/", headers=headers)
    said = connection.getresponse().read().decode()
    connection.close()

    assert said == scheme


@pytest.fixture(scope="module")
def uwsgi(
    require_server: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """Yield the port of a uWSGI that tells the scheme it sees."""
    require_server("uwsgi", "uwsgi_python3")
    directory: Path = tmp_path_factory.mktemp("uwsgi")
    application = directory / "scheme.py"
    application.write_text(APPLICATION)
    port = free_port()
    process = subprocess.Popen(
        [
            BINARIES[Build.DEBIAN], "--plugin", "python3", "--need-app", "--single-interpreter",
            "--http-socket", f"127.0.0.1:{port}", "--wsgi-file", str(application),
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(process, port)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/")
            connection.getresponse()
            connection.close()
            return
        time.sleep(0.05)
    raise AssertionError("uWSGI does not answer")
