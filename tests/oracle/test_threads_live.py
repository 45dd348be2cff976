"""Which options let Python's threads run, and what sys.executable is, asked of Debian's uWSGI."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from glance_audit.deployment.python_threads import python_threads
from glance_audit.deployment.sys_executable import names_python
from glance_audit.files import FileSource
from glance_audit.uwsgi import Build, resolve
from tests.oracle.uwsgi_server import BINARIES

pytestmark = pytest.mark.oracle

APPLICATION = """\
import sys

print("sys.executable", sys.executable, flush=True)

def application(environ, start_response):
    return []
"""
ON, OFF = "python threads support enabled", "Python threads support is disabled"
_SECONDS = 20


def log_of(directory: Path, *options: str) -> tuple[Path, str]:
    """Start uWSGI on a socket of its own, and return its file and what it says before it serves."""
    (directory / "own.py").write_text(APPLICATION)
    file = directory / "own.ini"
    lines = ("plugins = python3", f"wsgi-file = {directory}/own.py", "socket = own.sock", *options)
    file.write_text("\n".join(("[uwsgi]", *lines, "")))
    log = directory / "log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [BINARIES[Build.DEBIAN], "--ini", str(file)],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            end = time.monotonic() + _SECONDS
            while "spawned uWSGI" not in log.read_text(errors="replace"):
                assert server.poll() is None, log.read_text(errors="replace")
                assert time.monotonic() < end, log.read_text(errors="replace")
                time.sleep(0.02)
        finally:
            server.kill()
            server.wait(_SECONDS)
    return file, log.read_text(errors="replace")


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("master = true", "thunder-lock = true"),
        ("enable-threads = true",),
        ("enable-threads =",),
        ("enable-threads = false",),
        ("enable-threads = no",),
        ("enable-threads = 0",),
        ("enable-threads = false", "enable-threads = true"),
        ("enable-threads = true", "enable-threads = false"),
        ("enable_threads = true",),
        ("threads = 0",),
        ("threads = 1",),
        ("threads = 1", "enable-threads = false"),
        ("enable-threads = false", "threads = 1"),
        ("threads = 4",),
        ("threads = 4", "enable-threads = false"),
        ("enable-threads = false", "threads = 4"),
        ("thread-stacksize = 512",),
        ("threads-stack-size = 512", "enable-threads = off"),
        ("py-tracebacker = tb",),
        ("py-tracebacker = tb", "enable-threads = false"),
        ("py-autoreload = 0",),
    ],
    ids=", ".join,
)
def test_threads_run_where_uwsgi_says_so(options: tuple[str, ...], tmp_path: Path) -> None:
    file, log = log_of(tmp_path, *options)

    assert (ON in log) is not (OFF in log)
    assert python_threads(resolve(FileSource(), str(file))).on is (ON in log)


@pytest.mark.parametrize(
    "option",
    [
        "master = false",
        "py-executable = /usr/bin/python3",
        "py-sys-executable = /usr/bin/python3",
        "binary-path = /usr/bin/python3",
        "py-programname = /usr/bin/python3",
        "py-executable = /usr/bin/uwsgi\nbinary-path = /usr/bin/python3",
        "py-executable = /usr/bin/python3\nbinary-path = /usr/bin/uwsgi",
    ],
)
def test_sys_executable_is_uwsgi_unless_an_option_names_a_python(
    option: str, tmp_path: Path
) -> None:
    file, log = log_of(tmp_path, option)
    (said,) = [line for line in log.split("\n") if line.startswith("sys.executable")]

    executable = os.path.basename(said.split()[-1])
    assert executable.startswith("uwsgi") is not executable.startswith("python")
    assert names_python(resolve(FileSource(), str(file))) is executable.startswith("python")


def test_uwsgi_takes_the_helpers_name_for_a_configuration() -> None:
    done = subprocess.run(
        [BINARIES[Build.DEBIAN], "-m", "oslo_concurrency.prlimit", "--cpu=2", "--", "true"],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )

    assert done.returncode == 1
    assert "unable to load configuration from oslo_concurrency.prlimit" in done.stderr
