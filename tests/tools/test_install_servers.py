"""Installing the servers is quick when they are there and leaves nothing running."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "install-servers.sh"
BASE = {"apache2-dev", "libapache2-mod-proxy-uwsgi", "libapache2-mod-wsgi-py3"}
BASE |= {
    "chromium",
    "fish",
    "groff-base",
    "openssl",
    "zsh",
    "uwsgi-plugin-python3",
    "libc6-dev",
    "libxml2-dev",
    "python3-dev",
}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a directory of programs that write down how they were called."""
    programs = {
        "dpkg-query": 'grep -qx "$4" installed && printf "install ok installed"',
        "apt-get": 'echo "apt-get $*" >>calls; [ ! -e offline ]',
        "service": 'echo "service $*" >>calls',
        "systemctl": 'echo "systemctl $*" >>calls',
        "id": "cat user",
    }
    for name, body in programs.items():
        (tmp_path / name).write_text(f'#!/bin/sh\ncd "{tmp_path}"\n{body}\n')
        (tmp_path / name).chmod(0o755)
    (tmp_path / "user").write_text("0")
    return tmp_path


def install(
    machine: Path, installed: set[str], *more: str, **environment: str
) -> tuple[int, list[str], str]:
    """Run the script; return its status, the calls that changed something, and its messages."""
    (machine / "installed").write_text("".join(f"{name}\n" for name in sorted(installed)))
    ran = subprocess.run(
        ["/bin/sh", str(SCRIPT), *more],
        env={"PATH": f"{machine}:/usr/bin:/bin", **environment},
        cwd=machine,
        capture_output=True,
        text=True,
        check=False,
    )
    calls = machine / "calls"
    return ran.returncode, calls.read_text().splitlines() if calls.exists() else [], ran.stderr


def test_nothing_is_done_when_everything_is_there(machine: Path) -> None:
    assert install(machine, {*BASE, "apache2", "uwsgi", "gcc"}) == (0, [], "")


def test_only_what_is_missing_is_installed_and_what_it_started_is_stopped(machine: Path) -> None:
    status, calls, _ = install(machine, {*BASE, "uwsgi"})

    assert status == 0
    assert calls[:2] == [
        "apt-get -q update",
        "apt-get -q install -y --no-install-recommends apache2 gcc",
    ]
    assert [call for call in calls[2:] if "apache2" in call]
    assert not [call for call in calls[2:] if "uwsgi" in call]


def test_what_else_is_named_is_installed_as_well(machine: Path) -> None:
    status, calls, _ = install(machine, {*BASE, "apache2", "uwsgi", "gcc"}, "qemu-utils")

    assert status == 0
    assert calls[1] == "apt-get -q install -y --no-install-recommends qemu-utils"


def test_without_root_the_missing_packages_are_named(machine: Path) -> None:
    (machine / "user").write_text("1000")
    status, calls, message = install(machine, {*BASE, "apache2", "uwsgi"})

    assert (status, calls) == (0, [])
    assert "gcc" in message


@pytest.mark.parametrize(("environment", "expected"), [({}, 0), ({"CI": "true"}, 1)])
def test_a_failing_installation_is_an_error_only_where_the_servers_must_be_there(
    machine: Path, environment: dict[str, str], expected: int
) -> None:
    (machine / "offline").touch()
    status, _, message = install(machine, {*BASE, "apache2", "uwsgi"}, **environment)

    assert status == expected
    assert "gcc" in message
