"""Where Proxy100Continue is in force, asked of Apache: one for each thing its main server says."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from glance_audit.deployment.route import UPLOAD
from tests.deployment.expecting import CASES, OFF, ON
from tests.oracle.live_apache import apache, free_port

pytestmark = pytest.mark.oracle

SERVERS = ("", OFF, ON)
HOSTS = {name: f"h{number}.test" for number, name in enumerate(CASES)}


class _Backend(BaseHTTPRequestHandler):
    """Answers at once, with whether it was asked for a 100, which it never gives."""

    protocol_version = "HTTP/1.1"

    def handle_expect_100(self) -> bool:
        return True

    def do_PUT(self) -> None:
        answer = b"asked" if "Expect" in self.headers else b"told"
        self.send_response(200)
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
) -> Iterator[dict[str, int]]:
    require_server("apache2")
    with contextlib.ExitStack() as stack:
        http = stack.enter_context(backend())
        found = {}
        for server in SERVERS:
            port = found[server] = free_port()
            text = server
            for name, case in CASES.items():
                if case.server == server:
                    text += f"<VirtualHost 127.0.0.1:{port}>\nServerName {HOSTS[name]}\n"
                    text += f"{case.text}</VirtualHost>\n"
            text = text.replace("@HTTP@", f"http://127.0.0.1:{http}")
            stack.enter_context(apache(tmp_path_factory.mktemp("apache"), port, text))
        yield found


@pytest.mark.parametrize("name", CASES)
def test_apache_sends_the_expectation_on_where_it_is_said_to(
    name: str, ports: dict[str, int]
) -> None:
    case = CASES[name]
    request = (
        f"PUT /image{UPLOAD} HTTP/1.1\r\nHost: {HOSTS[name]}\r\nExpect: 100-continue\r\n"
        "Content-Length: 4\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", ports[case.server]), timeout=20) as client:
        client.sendall(request.encode())
        said = client.recv(4096)
        if said.startswith(b"HTTP/1.1 100"):
            client.sendall(b"body")
        while piece := client.recv(4096):
            said += piece

    assert said.endswith(b"asked" if case.passed else b"told"), said
