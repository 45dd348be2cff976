"""Every placement of an environment variable, asked of the installed Apache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from glance_audit.deployment.route import UPLOAD
from tests.deployment.placements import PLACEMENTS, REQUESTS, Placement
from tests.oracle.live_apache import apache, backend, free_port, upload

pytestmark = pytest.mark.oracle

ENVIRONMENT = {"proxy-sendcl": "1"}  # for PassEnv
SHARED = tuple(placement for placement in PLACEMENTS if not placement.server)


def names(placement: Placement) -> dict[str, str]:
    number = PLACEMENTS.index(placement)
    return {"a": f"a.{number}.test", "b": f"b.{number}.test"}


def hosts(placement: Placement, port: int, backend_port: int) -> str:
    return placement.virtual_hosts(f"127.0.0.1:{port}", names(placement), backend_port)


@pytest.fixture(scope="module")
def backend_port() -> Iterator[int]:
    with backend() as port:
        yield port


@pytest.fixture(scope="module")
def serve(
    require_server: Callable[..., None],
    backend_port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Placement], int]]:
    """Return the port that answers for a placement.

    Those without a word in the main server live in one Apache, the others each in their own.
    """
    require_server("apache2")
    shared: list[int] = []
    with ExitStack() as whole:

        def start(stack: ExitStack, first: str, placements: tuple[Placement, ...]) -> int:
            port = free_port()
            text = first + "".join(hosts(each, port, backend_port) for each in placements)
            directory = tmp_path_factory.mktemp("apache")
            stack.enter_context(apache(directory, port, text, ENVIRONMENT))
            return port

        with ExitStack() as one:

            def port_of(placement: Placement) -> int:
                one.close()
                if placement.server:
                    return start(one, placement.main_server(backend_port), (placement,))
                if not shared:
                    shared.append(start(whole, "", SHARED))
                return shared[0]

            yield port_of


@pytest.mark.parametrize("placement", PLACEMENTS, ids=str)
def test_a_placement_spools_just_the_requests_it_is_said_to(
    placement: Placement, serve: Callable[[Placement], int], tmp_path: Path
) -> None:
    port = serve(placement)

    answers = {}
    for request in REQUESTS:
        letter, _, path = request.partition("/")
        answers[request] = upload(port, names(placement)[letter], f"/{path}{UPLOAD}")

    assert answers == {
        request: f"{'length' if request in placement.spooled else 'chunked'} 100000"
        for request in REQUESTS
    }
