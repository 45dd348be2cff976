"""Building uWSGI as pip builds it is quick when it is there, and loud where it must be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "build-pypi-uwsgi.sh"
VERSION = "2.0.31"


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """Return an environment whose python writes down how it was called."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\necho "$*" >>"{tmp_path}/calls"\n[ ! -e "{tmp_path}/offline" ]\n')
    python.chmod(0o755)
    return tmp_path


def build(venv: Path, **environment: str) -> tuple[int, str, str]:
    """Run the script; return its status, how pip was called, and its messages."""
    ran = subprocess.run(
        ["/bin/sh", str(SCRIPT), str(venv)],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    calls = venv / "calls"
    return ran.returncode, calls.read_text() if calls.exists() else "", ran.stderr


def there(venv: Path, version: str) -> None:
    binary = venv / "pypi-uwsgi" / "bin" / "uwsgi"
    binary.parent.mkdir(parents=True)
    binary.write_text(f"#!/bin/sh\necho {version}\n")
    binary.chmod(0o755)


def test_nothing_is_done_when_it_is_there(venv: Path) -> None:
    there(venv, VERSION)

    assert build(venv) == (0, "", "")


def test_another_version_is_replaced(venv: Path) -> None:
    there(venv, "2.0.30")
    status, calls, message = build(venv)

    assert (status, message) == (0, "")
    assert f"--prefix {venv}/pypi-uwsgi uwsgi=={VERSION}" in calls
    assert "--no-binary uwsgi" in calls


@pytest.mark.parametrize(("environment", "expected"), [({}, 0), ({"CI": "true"}, 1)])
def test_a_failing_build_is_an_error_only_where_it_must_be_there(
    venv: Path, environment: dict[str, str], expected: int
) -> None:
    (venv / "offline").touch()
    status, _, message = build(venv, **environment)

    assert status == expected
    assert message == f"Could not build uWSGI {VERSION}: tests that ask it are skipped.\n"
