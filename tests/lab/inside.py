"""One trial, inside its own namespaces: build the machine, audit it, start it, act, observe.

``python -m tests.lab.inside EXPERIMENT SIDE RELEASE DIRECTORY`` prints the trial as JSON. It ends
when its standard input does: with the laboratory, whatever ends that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.lab.act import act
from tests.lab.deployment import question
from tests.lab.digest import digest
from tests.lab.experiment import Experiment, differences
from tests.lab.experiments import EXPERIMENTS
from tests.lab.machine import Machine, loopback
from tests.lab.neighbour import listen
from tests.lab.servers import lines, start


def main(name: str, side: str, release: str, directory: str) -> int:
    """Run one trial."""
    threading.Thread(target=_ends_with_input, daemon=True).start()
    experiment = EXPERIMENTS[name]
    tree = experiment.tree(side)
    loopback()
    machine = Machine(Path(directory), release, experiment.built(side))
    machine.build(tree, experiment.changes(side), experiment.file_systems(side))
    found = audit(machine, experiment, side)
    for neighbour in experiment.neighbours:
        listen(neighbour)
    servers = []
    if experiment.node is not None:
        second = Machine(Path(directory) / "second", release, experiment.built(side))
        second.build(tree, experiment.node.changes(side), ())
        second.join(machine, staging=side in experiment.node.shares)
        servers += start(second, apache=False)
    servers += start(machine)
    seen = act(machine, experiment.acted(side))
    seen = seen._replace(log=lines(machine, servers))
    wrong = differences(experiment.wanted(side), seen, experiment.acted(side))
    kept = (
        seen.log if wrong else [x for x in seen.log if (experiment.wanted(side).log or "\0") in x]
    )
    print(
        json.dumps(
            {
                "seen": seen._replace(log=tuple(kept)[-60:])._asdict(),
                "wrong": wrong,
                "digest": digest(experiment),
                **predicted(found),
            }
        )
    )
    return 0


def audit(machine: Machine, experiment: Experiment, side: str) -> list[dict[str, Any]]:
    """Return what glance-audit finds on the machine, before anything runs there."""
    asked = question(experiment, side, machine.release, machine.root)
    done = subprocess.run(
        [sys.executable, "-m", "glance_audit", *asked], capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 3):
        raise RuntimeError(f"glance-audit ended with {done.returncode}: {done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    findings: list[dict[str, Any]] = report["findings"]
    return findings


def predicted(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the codes that are reported, and those of the errors among them."""
    told = [one for one in found if one["suppressed"] is None]
    return {
        "codes": sorted({one["code"] for one in told}),
        "errors": sorted({one["code"] for one in told if one["severity"] == "error"}),
    }


def _ends_with_input() -> None:
    while os.read(0, 1):
        pass
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
