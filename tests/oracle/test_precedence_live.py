"""Which backend answers an upload, and with which environment, asked of the installed Apache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

from tests.deployment.answers import CONFIGURATIONS, Configuration
from tests.oracle.live_apache import USUAL, apache, free_port
from tests.oracle.live_backends import TELL, backends

pytestmark = pytest.mark.oracle

# Those of which the main server says something are for another path each.
ASKED = {
    one.name: one.apart(f"glance{number}") if one.server and not one.alone else one
    for number, one in enumerate(CONFIGURATIONS)
}
HOSTS = {name: f"h{number}.test" for number, name in enumerate(ASKED)}
SHARED = tuple(one for one in ASKED.values() if not one.alone)
# In the order in which Debian loads them.
MODULES = (
    *("alias", *USUAL, "mime", "proxy_balancer", "lbmethod_byrequests", "slotmem_shm"),
    *("proxy_uwsgi", "wsgi"),
)


def modules_of(configuration: Configuration) -> tuple[str, ...]:
    modules = [one for one in MODULES if one not in configuration.modules[:1]]
    for first in configuration.modules[:1]:
        modules.insert(modules.index(configuration.modules[1]), first)
    return tuple(modules)


def text_of(configurations: tuple[Configuration, ...], port: int, places: dict[str, str]) -> str:
    address = f"127.0.0.1:{port}"
    return "".join(
        (
            'DocumentRoot "/var"\nTypesConfig /dev/null\n',
            *(one.main_server(places) for one in configurations),
            TELL,
            *(one.virtual_host(address, HOSTS[one.name], places) for one in configurations),
        )
    )


def ask(port: int, host: str, path: str) -> str:
    """PUT an image; return what the backend says, ``none`` when Apache answers itself."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"Host": host, "User-Agent": "uploader/1"}
        connection.request("PUT", path, body=b"image", headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        own = answer.status in (301, 302, 403, 404, 405, 410, 500, 503)
        return "none" if own else text if answer.status == 200 else f"{answer.status}: {text}"
    finally:
        connection.close()


@pytest.fixture(scope="module")
def serve(
    require_server: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Configuration], int]]:
    """Return the port that answers for a configuration.

    Those that leave the others alone live in one Apache, the few others each in their own.
    """
    require_server("apache2")
    shared: list[int] = []
    with ExitStack() as whole:
        places = whole.enter_context(backends())

        def start(stack: ExitStack, configurations: tuple[Configuration, ...]) -> int:
            port = free_port()
            text = text_of(configurations, port, places)
            directory = tmp_path_factory.mktemp("apache")
            modules = modules_of(configurations[0])
            stack.enter_context(apache(directory, port, text, modules=modules, patience=0.2))
            return port

        with ExitStack() as one:

            def port_of(configuration: Configuration) -> int:
                one.close()
                if configuration.alone:
                    return start(one, (configuration,))
                if not shared:
                    shared.append(start(whole, SHARED))
                return shared[0]

            yield port_of


@pytest.mark.parametrize("configuration", ASKED.values(), ids=str)
def test_the_backend_that_is_said_to_answers_with_the_environment_that_is_said(
    configuration: Configuration, serve: Callable[[Configuration], int]
) -> None:
    port = serve(configuration)

    answer = ask(port, HOSTS[configuration.name], configuration.path)

    assert answer == configuration.answers + (" seen" if configuration.seen else "")
