"""The real servers behind the oracle tests: skipped with a loud line without them, failed in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest

from glance_audit.uwsgi import Build
from tests.oracle.uwsgi_server import BINARIES as UWSGI
from tests.oracle.uwsgi_server import UwsgiServer, prepared

BINARIES = {"apache2": "apache2", "gcc": "gcc"}
PATHS = {
    "uwsgi": UWSGI[Build.DEBIAN],
    "pypi-uwsgi": UWSGI[Build.PYPI],
    "mod_info": "/usr/lib/apache2/modules/mod_info.so",
    "mod_wsgi": "/usr/lib/apache2/modules/mod_wsgi.so",
    "mod_proxy_uwsgi": "/usr/lib/apache2/modules/mod_proxy_uwsgi.so",
    "uwsgi_python3": "/usr/lib/uwsgi/plugins/python3_plugin.so",
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "oracle: asks a real server (Apache, uWSGI)")


def _there(name: str) -> bool:
    if name in PATHS:
        return os.path.exists(PATHS[name])
    search = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return shutil.which(BINARIES[name], path=search) is not None


@pytest.fixture(scope="session")
def require_server() -> Callable[..., None]:
    """Return a function that ends the test when one of the named servers is missing."""

    def require(*names: str) -> None:
        missing = [name for name in names if not _there(name)]
        if not missing:
            return
        message = f"NOT COMPARED with the real server: {', '.join(missing)} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message + "; run make servers")
        pytest.skip(message)

    return require


@pytest.fixture(scope="session", params=list(Build), ids=lambda build: build.value)
def server(
    request: pytest.FixtureRequest,
    require_server: Callable[..., None],
    tmp_path_factory: pytest.TempPathFactory,
) -> UwsgiServer:
    """Return each of the two builds of uWSGI."""
    require_server("gcc", "uwsgi" if request.param is Build.DEBIAN else "pypi-uwsgi")
    return prepared(tmp_path_factory.mktemp("shim"), request.param)
