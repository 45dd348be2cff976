"""Which sections close a forward proxy, asked of the installed Apache."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.oracle.live_apache import MODULES, apache, backend, free_port
from tests.rules.proxy_cases import CLOSED, OPEN

pytestmark = pytest.mark.oracle

LOAD = "\n".join(
    f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in ("authz_host", "access_compat")
)
# These two are about who can connect, and the test connects from this machine.
ASKED = {name: text for name, text in (OPEN | CLOSED).items() if not name.startswith("loopback")}


@pytest.fixture(autouse=True)
def _apache(require_server: Callable[..., None]) -> None:
    require_server("apache2")


def reaches(port: int, target: int) -> bool:
    """Whether a client that takes this Apache for its proxy gets an answer of another server."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("PUT", f"http://127.0.0.1:{target}/x", body=b"image")
        answer = connection.getresponse()
        return answer.read() == b"length 5" and answer.status == 200
    finally:
        connection.close()


@pytest.mark.parametrize("name", ASKED)
def test_a_stranger_gets_through_just_where_the_rule_says_so(name: str, tmp_path: Path) -> None:
    port = free_port()
    text = ASKED[name].replace("*:80", f"*:{port}")
    with backend() as target, apache(tmp_path, port, f"{LOAD}\n{text}"):
        assert reaches(port, target) == (name in OPEN)
