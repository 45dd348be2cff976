"""The image: what its build needs is sent to it, and what it installs works as it is run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.cli.deployments import lay_out

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    line
    for line in re.sub(r" *\\\n *", " ", (ROOT / "Dockerfile").read_text()).splitlines()
    if line and not line.startswith("#")
]
STAGES = [line for line in LINES if line.startswith("FROM ")]


def said(word: str) -> list[str]:
    return [line.removeprefix(f"{word} ") for line in LINES if line.startswith(f"{word} ")]


def copied() -> list[list[str]]:
    return [line.split() for line in said("COPY") if not line.startswith("--from")]


def test_every_stage_is_of_one_base_whose_version_is_named() -> None:
    bases = {line.split()[1] for line in STAGES}

    assert len(STAGES) == 2
    (base,) = bases
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", base)


def test_it_runs_without_a_shell_and_as_nobody() -> None:
    user = said("USER")

    assert user == ["65534:65534"]
    assert LINES.index("USER 65534:65534") > LINES.index(STAGES[-1])
    for word in ("RUN", "ENTRYPOINT", "CMD"):
        assert said(word)
        assert all(isinstance(json.loads(line), list) for line in said(word))


def test_what_is_ignored_holds_nothing_that_the_build_needs() -> None:
    kept = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    needed = {source for *sources, _ in copied() for source in sources}

    assert needed <= kept
    assert kept - needed == {"tools"}  # the directory of the one file of it


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tool as the first stage installs it, from the files that it is sent, offline."""
    context = tmp_path_factory.mktemp("context")
    for *sources, target in copied():
        for source in sources:
            where = context / (target if len(sources) == 1 else Path(target) / source)
            where.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, where, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, where)
    wheels = tmp_path_factory.mktemp("wheels")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), "."],
        cwd=context, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = wheels.iterdir()
    directory = tmp_path_factory.mktemp("image") / "glance-audit"
    venv.create(directory, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(directory)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(directory / "bin/python"), "install",
         "--quiet", "--no-deps", "--no-index", str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    return directory


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_nobody_without_a_network_audits_a_tree_that_is_mounted_read_only(
    installed: Path, tmp_path: Path
) -> None:
    host = lay_out(tmp_path / "host")
    for directory in (installed, *installed.parents, host, *host.parents):
        if not directory.stat().st_mode & 0o001:  # pytest keeps its own to itself
            directory.chmod(directory.stat().st_mode | 0o055)
    script = (
        'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && '
        'mount --bind "$2" "$2" && mount -o remount,bind,ro "$2" && '
        "exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "
        '--inh-caps=-all --bounding-set=-all "$1/bin/python" -m glance_audit '
        '--select GA201 --format concise --root "$2" /etc/httpd'
    )
    done = subprocess.run(
        ["unshare", "--mount", "--net", "sh", "-c", script, "-", str(installed), str(host)],
        capture_output=True, text=True, cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
    )  # fmt: skip
    if "unshare failed" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no name spaces here: {done.stderr.strip()}")

    assert done.stderr == ""
    assert done.returncode == 1
    assert "GA201" in done.stdout
