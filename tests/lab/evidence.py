"""``docs/evidence.json``: what the last run of each experiment saw, and with which servers."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

from tests.lab.experiment import SIDES, Experiment
from tests.lab.experiments import EXPERIMENTS
from tests.lab.machine import RELEASES
from tests.samples.sample import PROJECT

EVIDENCE = PROJECT / "docs" / "evidence.json"
_SAID = ("README.md", "expect.toml")


def digest(experiment: Experiment) -> str:
    """Return what changes when the experiment or what the servers read does; comments do not."""
    made = hashlib.sha256(repr(experiment._replace(what="", smoke=False, also=())).encode())
    for side in SIDES:
        tree = experiment.tree(side)
        for file in sorted(path for path in tree.rglob("*") if path.is_file()):
            if file.name not in _SAID:
                made.update(f"{file.relative_to(tree)}\0".encode())
                made.update("\n".join(_read(file)).encode())
    return made.hexdigest()[:16]


def _read(file: Path) -> list[str]:
    lines = (line.strip() for line in file.read_text("utf-8", "replace").splitlines())
    return [line for line in lines if line and line[0] not in "#;"]


def load() -> dict[str, Any]:
    """Return the file's content; an empty one when there is none."""
    if not EVIDENCE.exists():
        return {"experiments": {}}
    content: dict[str, Any] = json.loads(EVIDENCE.read_text(encoding="utf-8"))
    return content


def merged(before: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the content with what was run now in place of older runs, and nothing left over."""
    known = {**before["experiments"], **new}
    return {"experiments": {name: known[name] for name in EXPERIMENTS if name in known}}


def save(content: dict[str, Any]) -> None:
    """Replace the file."""
    beside = EVIDENCE.with_suffix(".new")
    beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    beside.replace(EVIDENCE)


def stale(content: dict[str, Any]) -> list[str]:
    """Return the experiments that are not in the file as they are now."""
    known = content["experiments"]
    return [
        name
        for name, experiment in EXPERIMENTS.items()
        if known.get(name, {}).get("digest") != digest(experiment)
    ]


def versions(experiment: Experiment, side: str, release: str) -> dict[str, str]:
    """Return the versions of what one side runs on: ``under`` is what runs Glance there."""
    apache = _said("/usr/sbin/apache2", "-v").partition("Apache/")[2].partition(" ")[0]
    tree = experiment.tree(side)
    under = "glance-api"
    if (tree / "etc/glance/glance-api-uwsgi.ini").exists():
        pypi = str(RELEASES / release / "pypi-uwsgi" / "bin" / "uwsgi")
        uwsgi = _said(pypi if experiment.uwsgi == "pypi" else "/usr/bin/uwsgi", "--version")
        under = f"uWSGI {uwsgi.split('-')[0].strip()}"
    elif (tree / "etc/apache2/mods-enabled/wsgi.load").exists():
        package = _said("dpkg-query", "-W", "-f", "${Version}", "libapache2-mod-wsgi-py3")
        under = f"mod_wsgi {package.split('-')[0]}"
    return {"glance": release, "httpd": apache, "under": under}


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
