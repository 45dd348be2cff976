"""What a proxied request ends with when the module of its scheme is missing, asked of Apache."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.oracle.live_apache import apache, backend, free_port
from tests.oracle.live_apache import upload as upload_chunked

pytestmark = pytest.mark.oracle

PASS = 'ProxyPass "/image" "{}://127.0.0.1:TARGET"'
REWRITE = 'RewriteEngine On\nRewriteRule "^/image(.*)" "http://127.0.0.1:TARGET$1" [P]'
HANDLER = '<Location "/image">\nSetHandler "proxy:http://127.0.0.1:TARGET"\n</Location>'
BALANCER = (
    '<Proxy "balancer://images">\nBalancerMember "http://127.0.0.1:TARGET"\n</Proxy>\n'
    'ProxyPass "/image" "balancer://images"'
)
BALANCING = ("proxy", "proxy_balancer", "slotmem_shm", "lbmethod_byrequests")


@pytest.fixture(autouse=True)
def _apache(require_server: Callable[..., None]) -> None:
    require_server("apache2")


def statuses(tmp_path: Path, modules: tuple[str, ...], directives: str) -> tuple[int, int, int]:
    """The statuses of a GET, an upload with a Content-Length, and a chunked one."""
    port = free_port()
    with backend() as target:
        text = directives.replace("TARGET", str(target))
        with apache(tmp_path, port, text, modules=("rewrite", *modules)):
            chunked = upload_chunked(port, "localhost", "/image/v2/x")
            plain = request(port, "GET"), request(port, "PUT")
            return (*plain, 200 if chunked == "chunked 100000" else int(chunked.split()[0]))


def request(port: int, method: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        body = b"image" if method == "PUT" else None
        connection.request(method, "/image/v2/x", body=body)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("scheme", ["http", "https", "uwsgi", "fcgi", "ajp", "scgi", "h2c"])
def test_mod_proxy_alone_speaks_no_protocol(tmp_path: Path, scheme: str) -> None:
    assert statuses(tmp_path, ("proxy",), PASS.format(scheme)) == (500, 500, 500)
    assert "AH01144" in (tmp_path / "error.log").read_text()


def test_https_needs_a_module_for_tls_too(tmp_path: Path) -> None:
    found = statuses(tmp_path, ("proxy", "proxy_http"), PASS.format("https"))

    assert found == (500, 500, 500)
    assert "AH01144" in (tmp_path / "error.log").read_text()


def test_http_needs_mod_proxy_http_and_no_more(tmp_path: Path) -> None:
    # The backend knows no GET.
    assert statuses(tmp_path, ("proxy", "proxy_http"), PASS.format("http")) == (501, 200, 200)


@pytest.mark.parametrize(
    ("modules", "directives", "expected"),
    [
        (("proxy",), REWRITE, (500, 500, 500)),
        ((), REWRITE, (403, 403, 403)),
        (("proxy",), HANDLER, (404, 405, 405)),
        ((), HANDLER, (404, 405, 405)),
        (("proxy", "proxy_http"), BALANCER, (500, 500, 500)),
        (BALANCING, BALANCER, (503, 503, 503)),
        ((*BALANCING, "proxy_http"), BALANCER, (501, 200, 200)),
    ],
)
def test_other_ways_to_the_backend(
    tmp_path: Path, modules: tuple[str, ...], directives: str, expected: tuple[int, int, int]
) -> None:
    assert statuses(tmp_path, modules, directives) == expected


@pytest.mark.parametrize(
    ("modules", "directives", "said"),
    [
        ((), PASS.format("http"), "Invalid command 'ProxyPass'"),
        (("proxy", "proxy_http", "proxy_balancer"), BALANCER, "AH01177"),
        (("proxy", "proxy_http", "proxy_balancer", "slotmem_shm"), BALANCER, "AH02432"),
    ],
)
def test_what_keeps_apache_from_starting(
    tmp_path: Path, modules: tuple[str, ...], directives: str, said: str
) -> None:
    with pytest.raises(AssertionError, match=said):
        statuses(tmp_path, modules, directives)
