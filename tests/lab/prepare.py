"""What the experiments need on this machine: the servers, and a Glance of each release."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Sequence

from tests.lab.experiment import Experiment
from tests.lab.machine import RELEASES
from tests.samples.sample import PROJECT

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
# What is not installed anyway.
_PACKAGES = {"qemu-img": "qemu-utils"}
SERVERS = ("apache2", "uwsgi", "openssl")


class Unprepared(Exception):
    """Something is missing and could not be made; in words."""


def prepare(experiments: Sequence[Experiment]) -> None:
    """Build what is built here, each quick when it is there, and look for what is not.

    Raises:
        Unprepared: a program is missing, or a build failed.
    """
    needed = {*SERVERS, *(name for one in experiments for name in one.needs)}
    missing = sorted(name for name in needed if not _found(name))
    if missing:
        packages = " ".join(_PACKAGES[name] for name in missing if name in _PACKAGES)
        script = f"tools/install-servers.sh {packages}".strip()
        raise Unprepared(f"{', '.join(missing)} not found: run {script}, as root on Debian")
    for release in sorted({release for one in experiments for release in one.releases}):
        _build("tools/build-glance.sh", release)
    for release in sorted(_with_newest(experiments)):
        _build("tools/build-pypi-uwsgi.sh", str((RELEASES / release).relative_to(PROJECT)))


def _with_newest(experiments: Iterable[Experiment]) -> set[str]:
    newest = [one for one in experiments if "pypi" in (one.uwsgi, one.good_uwsgi)]
    return {release for one in newest for release in one.releases}


def _found(program: str) -> bool:
    return shutil.which(program, path=_PATH) is not None


def _build(*words: str) -> None:
    done = subprocess.run(words, cwd=PROJECT, check=False)
    if done.returncode:
        raise Unprepared(f"{' '.join(words)} ended with status {done.returncode}")
