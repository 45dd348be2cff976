"""The frozen answers of uWSGI to configuration files of every format, and where they hold.

``corpus/cases.json`` keeps for each case what ``--show-config`` printed; ``pairs`` is null where
uWSGI ended instead. ``@CORPUS@`` is the directory of the files. The answers are those of 2.0.21
(Debian), or of 2.0.31 (PyPI) for the cases that say so: YAML and JSON are not read alike. What
depends on the machine of the recording is told to the resolver as facts: host name ``vm``, two
processors, root, the second.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glance_audit.uwsgi import Build, HostFacts, UwsgiConfig

CORPUS = Path(__file__).with_name("corpus")
DIRECTORY = "/srv/uwsgi/conf/corpus"
RECORDED = HostFacts(
    hostname="vm",
    cpus=2,
    uid=0,
    user="root",
    gid=0,
    group="root",
    version="2.0.21-debian",
    time=1795399557,
    embedded_plugins=frozenset(),
)


@dataclass(frozen=True)
class Case:
    """One start of uWSGI; ``directory`` is relative to the corpus."""

    name: str
    load: str
    section: str | None
    directory: str
    environment: dict[str, str]
    positional: bool
    note: str
    pairs: list[list[str]] | None
    build: str = "debian"

    @property
    def built(self) -> Build:
        """Return the build that answered."""
        return Build(self.build)

    def __str__(self) -> str:
        return self.name

    def cwd(self, corpus: str) -> str:
        """Return the directory it is started in."""
        return f"{corpus}/{self.directory}".rstrip("/")

    def expected(self, corpus: str) -> list[list[str]] | None:
        """Return uWSGI's answer for a corpus at this place."""
        if self.pairs is None:
            return None
        return [[key, value.replace("@CORPUS@", corpus)] for key, value in self.pairs]


def cases() -> list[Case]:
    """Return the cases that Debian's uWSGI answered."""
    return [case for case in _all() if case.built is Build.DEBIAN]


def pypi_cases() -> list[Case]:
    """Return the cases that PyPI's uWSGI answered: those it may read in another way."""
    return [case for case in _all() if case.built is Build.PYPI]


def _all() -> list[Case]:
    entries: list[dict[str, Any]] = json.loads((CORPUS / "cases.json").read_text("utf-8"))
    return [Case(**entry) for entry in entries]


def lay_out(root: Path) -> None:
    """Make the audited system of the corpus below a directory."""
    shutil.copytree(CORPUS / "files", root / DIRECTORY[1:])
    (root / "etc").mkdir()
    (root / "etc" / "hostname").write_text("vm\n")
    plugins = root / "usr/lib/uwsgi/plugins"
    plugins.mkdir(parents=True)
    for name in ("http", "python3"):
        (plugins / f"{name}_plugin.so").touch()


def pairs(config: UwsgiConfig) -> list[list[str]]:
    """Return the option list as a recording has it.

    ``@(exec://…)`` stays as it is written with us. The server was kept from running the command
    and got nothing.
    """
    return [
        [option.key, "" if option.value.startswith("@(exec://") else option.value]
        for option in config.pairs
    ]
