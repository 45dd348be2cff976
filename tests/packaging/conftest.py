"""What a user gets: the sdist and the wheel, built once from a copy of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__")
NOT_AT_THE_TOP = {"build", "dist", "docs", "samples", "tests", "bench"}


@dataclass(frozen=True, slots=True)
class Distributions:
    """The built files."""

    sdist: Path
    wheel: Path


class Installation:
    """A fresh environment that finds the dependencies, and nothing else, in this one's."""

    def __init__(self, directory: Path) -> None:
        venv.create(directory, with_pip=False, symlinks=True)
        self.bin = directory / "bin"
        self.site = Path(sysconfig.get_path("purelib", vars={"base": str(directory)}))
        # A path line does not process the .pth files of that directory, so this environment's
        # own editable glance-audit stays out of reach.
        (self.site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def install(self, *what: str) -> None:
        """Install without dependencies and without a package index."""
        options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
        pip = [sys.executable, "-m", "pip", "--python", str(self.bin / "python"), "install"]
        run([*pip, *options, "--disable-pip-version-check", *what], self.bin)

    def run(self, program: str, *arguments: str, cwd: Path) -> str:
        """Run a program of the environment and return what it prints."""
        return run([str(self.bin / program), *arguments], cwd)


def run(command: list[str], cwd: Path) -> str:
    """Run a command that must succeed; return its standard output."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ran = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, f"{command}:\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@pytest.fixture(scope="session")
def source_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree, so that building leaves nothing behind in it."""
    copy = tmp_path_factory.mktemp("source") / "glance-audit"
    shutil.copytree(ROOT, copy, ignore=_left_out)
    return copy


@pytest.fixture(scope="session")
def distributions(source_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Build the sdist, and from the unpacked sdist the wheel."""
    out = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out)], source_tree)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return Distributions(sdist, wheel)


@pytest.fixture(scope="session")
def installed(
    distributions: Distributions, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """Return an environment in which the wheel is installed."""
    installation = Installation(tmp_path_factory.mktemp("wheel") / "venv")
    installation.install(str(distributions.wheel))
    return installation


@pytest.fixture(scope="session")
def editable(source_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return an environment in which the copied tree is installed as editable."""
    installation = Installation(tmp_path_factory.mktemp("editable") / "venv")
    installation.install("--editable", str(source_tree))
    return installation


def _left_out(directory: str, names: list[str]) -> set[str]:
    top = NOT_AT_THE_TOP if Path(directory) == ROOT else set()
    return NOWHERE(directory, names) | top & set(names)
