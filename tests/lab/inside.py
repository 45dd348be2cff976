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
from tests.lab.experiment import Experiment, differences
from tests.lab.experiments import EXPERIMENTS
from tests.lab.machine import Machine
from tests.lab.servers import lines, start
from tests.samples.sample import sample_at


def main(name: str, side: str, release: str, directory: str) -> int:
    """Run one trial."""
    threading.Thread(target=_ends_with_input, daemon=True).start()
    experiment = EXPERIMENTS[name]
    machine = Machine(Path(directory), release, experiment.uwsgi)
    tree = experiment.tree(side)
    machine.build(tree, experiment.changes(side), experiment.disks)
    found = audit(machine, experiment, tree)
    servers = start(machine)
    seen = act(machine, experiment.acted(side))
    seen = seen._replace(log=lines(machine, servers))
    wrong = differences(experiment.wanted(side), seen)
    kept = (
        seen.log if wrong else [x for x in seen.log if (experiment.wanted(side).log or "\0") in x]
    )
    print(
        json.dumps(
            {
                "seen": seen._replace(log=tuple(kept)[-60:])._asdict(),
                "wrong": wrong,
                "codes": sorted({f["code"] for f in found if f["suppressed"] is None}),
                "errors": sorted({f["code"] for f in found if f["severity"] == "error"}),
            }
        )
    )
    return 0


def audit(machine: Machine, experiment: Experiment, tree: Path) -> list[dict[str, Any]]:
    """Return what glance-audit finds on the machine, before anything runs there."""
    options = [*sample_at(tree).options]
    if "--glance-release" in options:
        at = options.index("--glance-release")
        del options[at : at + 2]
    options += ["--glance-release", machine.release, *experiment.options]
    paths = [x for x in ("/etc/apache2", "/etc/glance") if machine.path(x).exists()]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "glance_audit", "--root", str(machine.root)),
            *("--format", "json", "--fail-on", "never", *options, *paths),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 3):
        raise RuntimeError(f"glance-audit ended with {done.returncode}: {done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    findings: list[dict[str, Any]] = report["findings"]
    return findings


def _ends_with_input() -> None:
    while os.read(0, 1):
        pass
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
