"""Where a per-directory directive is in force, asked of one Apache with a host for each case."""

from __future__ import annotations

import socket
import socketserver
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from glance_audit.deployment.route import UPLOAD
from tests.deployment.merging import BUFFER, FILTERS, HTTP, LIMIT, LIMITS, SERVER
from tests.oracle.live_apache import MODULES, apache, backend, free_port

pytestmark = pytest.mark.oracle

SCRIPT = """\
def application(environ, start_response):
    environ['wsgi.input'].read()
    start_response('200 OK', [('Content-Length', '0')])
    return [b'']
"""
SCRIPTS = ("app/glance.wsgi", "limited/glance.wsgi")
# What a host named after none of the cases is for.
EXTRA = {
    "http has no limit": HTTP + f"LimitRequestBody {LIMIT}\n",
    "buffered http": 'ProxyPass "/image" "http://127.0.0.1:@LISTENER@/"\n' + BUFFER,
    "plain http": 'ProxyPass "/image" "http://127.0.0.1:@LISTENER@/"\n',
    "buffered uwsgi": 'ProxyPass "/image" "uwsgi://127.0.0.1:@LISTENER@/"\n' + BUFFER,
}
HOSTS = {name: f"h{number}.test" for number, name in enumerate((*LIMITS, *FILTERS, *EXTRA))}


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        yield listening


class _Uwsgi(socketserver.StreamRequestHandler):
    """Takes the variables and the first bytes of the body, and answers."""

    def handle(self) -> None:
        size = int.from_bytes(self.rfile.read(4)[1:3], "little")
        if size:
            self.rfile.read(size + LIMIT)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture(scope="module")
def uwsgi() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Uwsgi) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def port(
    require_server: Callable[..., None],
    tmp_path_factory: pytest.TempPathFactory,
    listener: socket.socket,
    uwsgi: int,
) -> Iterator[int]:
    require_server("apache2", "mod_wsgi", "mod_proxy_uwsgi")
    with backend() as http, tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # the server's user has to find the scripts
        for name in SCRIPTS:
            script = Path(directory, name)
            script.parent.mkdir(exist_ok=True)
            script.write_text(SCRIPT, encoding="utf-8")
        found = free_port()
        words = {
            "@UWSGI@": f"uwsgi://127.0.0.1:{uwsgi}",
            "@HTTP@": f"http://127.0.0.1:{http}",
            "@DIRECTORY@": directory,
            "@LISTENER@": str(listener.getsockname()[1]),
        }
        texts = {name: case.text for name, case in {**LIMITS, **FILTERS}.items()} | EXTRA
        text = f"LoadModule wsgi_module {MODULES}/mod_wsgi.so\n"
        text += "WSGIDestroyInterpreter Off\n"  # to stop one takes 10 s
        text += f"LoadModule deflate_module {MODULES}/mod_deflate.so\n"
        text += f"LoadModule proxy_uwsgi_module {MODULES}/mod_proxy_uwsgi.so\n"
        text += "".join(SERVER.values())
        for name, body in texts.items():
            text += f"<VirtualHost 127.0.0.1:{found}>\nServerName {HOSTS[name]}\n{body}"
            text += "</VirtualHost>\n"
        for word, meaning in words.items():
            text = text.replace(word, meaning)
        with apache(tmp_path_factory.mktemp("apache"), found, text):
            yield found


def put(port: int, name: str, path: str, size: int) -> tuple[int, str]:
    """Upload with a Content-Length; return the status, and what the backend says."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("PUT", path + UPLOAD, b"x" * size, {"Host": HOSTS[name]})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_refuses_the_uploads_it_is_said_to(name: str, port: int) -> None:
    case = LIMITS[name]

    assert put(port, name, case.path, LIMIT)[0] == 200
    assert put(port, name, case.path, LIMIT + 1)[0] == (413 if case.acts else 200)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_where_it_is_said_to_be(name: str, port: int) -> None:
    # With proxy-sendchunked it is what makes Apache send a body with a length in chunks.
    case = FILTERS[name]
    how = "chunked" if case.acts else "length"

    assert put(port, name, case.path, 100_000) == (200, f"{how} 100000")


def test_no_limit_is_enforced_before_http_backends(port: int) -> None:
    assert put(port, "http has no limit", "/image", 100_000) == (200, "length 100000")


@pytest.mark.parametrize(
    ("name", "at_once"), [("plain http", True), ("buffered http", False), ("buffered uwsgi", True)]
)
def test_the_buffer_filter_makes_apache_spool_before_it_turns_to_an_http_backend(
    name: str, at_once: bool, port: int, listener: socket.socket
) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        head = f"PUT /image HTTP/1.1\r\nHost: {HOSTS[name]}\r\nContent-Length: 2000000\r\n\r\n"
        client.sendall(head.encode() + b"x" * 1_000_000)
        try:
            listener.accept()[0].close()
            reached = True
        except TimeoutError:
            reached = False

    assert reached is at_once
