"""What glance-audit predicts of every experiment; what the servers do is for ``make lab``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glance_audit.cli.main import main
from tests.lab.deployment import lay, question
from tests.lab.experiments import EXPERIMENTS
from tests.lab.inside import predicted
from tests.lab.runner import Trial, mispredicted, trials_of

TRIALS = [trial for experiment in EXPERIMENTS.values() for trial in trials_of(experiment)]
NAMES = [f"{trial.experiment.name}-{trial.side}-{trial.release}" for trial in TRIALS]


@pytest.mark.parametrize("trial", TRIALS, ids=NAMES)
def test_the_bad_deployment_is_told_and_the_other_is_not(
    trial: Trial, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment, side, release = trial
    lay(experiment.tree(side), experiment.changes(side), tmp_path)
    if experiment.node is not None:
        lay(experiment.tree(side), experiment.node.changes(side), tmp_path / "second")

    assert main(question(experiment, side, release, tmp_path)) in (0, 3)

    found = json.loads(capsys.readouterr().out)["findings"]
    assert mispredicted(trial, predicted(found)) == []
