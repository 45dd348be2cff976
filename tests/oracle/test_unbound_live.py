"""What a request ends with when nothing listens where the route leads, asked of Apache."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.oracle.live_apache import apache, backend, free_port, upload

pytestmark = pytest.mark.oracle

MODULES = ("proxy", "proxy_http", "proxy_uwsgi")


@pytest.fixture(autouse=True)
def _apache(require_server: Callable[..., None]) -> None:
    require_server("apache2")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:CLOSED",
        "uwsgi://127.0.0.1:CLOSED",
        "unix:DIRECTORY/absent.sock|http://localhost",
        "unix:DIRECTORY/absent.sock|uwsgi://localhost",
        "http://[::1]:OPEN",  # the backend binds 127.0.0.1 alone
    ],
)
def test_nobody_there_is_503(tmp_path: Path, target: str) -> None:
    port = free_port()
    with backend() as listening:
        target = target.replace("OPEN", str(listening)).replace("DIRECTORY", str(tmp_path))
        route = f'ProxyPass "/image" "{target.replace("CLOSED", str(free_port()))}"'
        with apache(tmp_path, port, route, modules=MODULES):
            assert upload(port, "localhost", "/image/v2/x").startswith("503")
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("PUT", "/image/v2/x", body=b"image")
            assert connection.getresponse().status == 503
            connection.close()


def test_localhost_is_found_behind_127_0_0_1(tmp_path: Path) -> None:
    port = free_port()
    with backend() as listening:
        route = f'ProxyPass "/image" "http://localhost:{listening}"'
        with apache(tmp_path, port, route, modules=MODULES):
            assert upload(port, "localhost", "/image/v2/x") == "chunked 100000"
