"""What a backend is asked for, with and without slashes, asked of the installed Apache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.client import HTTPConnection

import pytest

from glance_audit.deployment.joint import Amiss
from glance_audit.deployment.route import UPLOAD
from tests.deployment.answers import filled
from tests.deployment.joints import JOINTS, lines
from tests.oracle.live_apache import USUAL, apache, free_port
from tests.oracle.live_backends import ASKED, backends

pytestmark = pytest.mark.oracle

MODULES = (*(*USUAL, "proxy_balancer", "lbmethod_byrequests", "slotmem_shm", "proxy_uwsgi"),)
_, _, _, IMAGE, _ = UPLOAD.split("/")
CASES = {
    f"h{number}-{section}.test": (*joint, bool(section))
    for section in (0, 1)
    for number, joint in enumerate(JOINTS)
}


@pytest.fixture(scope="module")
def port(
    require_server: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    require_server("apache2", "mod_proxy_uwsgi")
    found = free_port()
    with backends() as places:
        hosts = "".join(
            f"<VirtualHost 127.0.0.1:{found}>\nServerName {name}\n"
            f"{filled(lines(path, target, section=section), places)}</VirtualHost>\n"
            for name, (path, target, _, _, section) in CASES.items()
        )
        with apache(tmp_path_factory.mktemp("apache"), found, hosts, modules=MODULES, patience=1):
            yield found


@pytest.mark.parametrize("name", CASES)
def test_the_backend_is_asked_for_what_is_said(name: str, port: int) -> None:
    path, _, amiss, asked, _ = CASES[name]
    prefix = path.removesuffix("/").removesuffix("/images").removesuffix("/v2")
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("PUT", prefix + UPLOAD, body=b"image", headers={"Host": name})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()

    if amiss is Amiss.HOST:
        assert (answer.status, answer.headers[ASKED]) == (500, None)
    else:
        assert (answer.status, answer.headers[ASKED]) == (200, asked.replace("<id>", IMAGE))
