"""``docs/evidence.json``: what the last run of each experiment saw, and with which servers."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.lab.digest import digest
from tests.lab.experiment import SIDES, Experiment
from tests.lab.experiments import EXPERIMENTS, NOT_HERE
from tests.lab.machine import RELEASES
from tests.lab.runner import Result, Trial
from tests.lab.telling import told
from tests.samples.sample import PROJECT

EVIDENCE = PROJECT / "docs" / "evidence.json"
_KEPT = ("step", "status", "image", "whole", "streamed", "spooled", "spool_in")
_SAME = ("side", "glance", "httpd", "under")


def load() -> dict[str, Any]:
    """Return the file's content; an empty one when there is none."""
    if not EVIDENCE.exists():
        return {"not_here": {}, "experiments": {}}
    content: dict[str, Any] = json.loads(EVIDENCE.read_text(encoding="utf-8"))
    return content


def merged(before: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the content with what was run now, and nothing left over.

    ``seen`` counts how often each observation was made of what is the same as then.
    """
    known = dict(before["experiments"])
    for name, experiment in new.items():
        old = known.get(name)
        runs = [
            {**run, "seen": _counted(_same(old, experiment, run), run)}
            for run in experiment["runs"]
        ]
        known[name] = {**experiment, "runs": runs}
    experiments = {
        name: {**known[name], "what": experiment.what}
        for name, experiment in EXPERIMENTS.items()
        if name in known
    }
    return {"not_here": NOT_HERE, "experiments": experiments}


def of(results: list[Result], today: str) -> dict[str, Any]:
    """Return what the results of one experiment say; nothing when one of them has no observation.

    ``contradicted``: an observation was not the one wanted, or a prediction wrong. What changed
    while it ran says nothing.
    """
    experiment = results[0].trial.experiment
    digests = {result.digest for result in results}
    if not all(result.seen for result in results) or len(digests) > 1:
        return {}
    runs = [
        {
            "side": trial.side,
            **versions(experiment, trial.side, trial.release),
            **{name: seen[name] for name in _KEPT},
            "words": told(trial, seen),
        }
        for trial, seen, *_ in sorted(results, key=lambda one: _order(one.trial))
    ]
    entry: dict[str, Any] = {
        "code": experiment.code,
        "what": experiment.what,
        "date": today,
        "digest": digests.pop(),
        "edits": [list(edit) for edit in experiment.edits],
        "runs": runs,
    }
    if any(result.wrong for result in results):
        entry["contradicted"] = True
    return {experiment.name: entry}


def _order(trial: Trial) -> tuple[int, int]:
    return trial.experiment.releases.index(trial.release), SIDES.index(trial.side)


def news(before: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return in words what was not seen before of what is the same as it was then."""
    new_words = []
    for name, experiment in new.items():
        for run in experiment["runs"]:
            seen = _same(before["experiments"].get(name), experiment, run)
            if seen and run["words"] not in seen:
                where = f"{name}, {run['side']}, Glance {run['glance']}"
                new_words.append(f"{where}: {run['words']}; before: {' or '.join(seen)}")
    return new_words


def _same(old: dict[str, Any] | None, new: dict[str, Any], run: dict[str, Any]) -> dict[str, int]:
    """Return what was seen before of the same deployment, and how often."""
    if old is None or old["digest"] != new["digest"]:
        return {}
    for one in old["runs"]:
        if all(one[part] == run[part] for part in _SAME):
            seen: dict[str, int] = one["seen"]
            return seen
    return {}


def _counted(seen: dict[str, int], run: dict[str, Any]) -> dict[str, int]:
    return {**seen, run["words"]: seen.get(run["words"], 0) + 1}


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
    apache = _printed("/usr/sbin/apache2", "-v").partition("Apache/")[2].partition(" ")[0]
    tree = experiment.tree(side)
    under = "glance-api"
    if (tree / "etc/glance/glance-api-uwsgi.ini").exists():
        pypi = str(RELEASES / release / "pypi-uwsgi" / "bin" / "uwsgi")
        uwsgi = _printed(
            pypi if experiment.built(side) == "pypi" else "/usr/bin/uwsgi", "--version"
        )
        under = f"uWSGI {uwsgi.split('-')[0].strip()}"
    elif (tree / "etc/apache2/mods-enabled/wsgi.load").exists():
        package = _printed("dpkg-query", "-W", "-f", "${Version}", "libapache2-mod-wsgi-py3")
        under = f"mod_wsgi {package.split('-')[0]}"
    return {"glance": release, "httpd": apache, "under": under}


def _printed(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
