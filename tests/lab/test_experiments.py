"""The experiments fit the rules and the samples; no server is needed to see that."""

from __future__ import annotations

import pytest

from glance_audit.engine.catalogue import load
from glance_audit.engine.finding import Basis
from tests.lab import evidence
from tests.lab.experiment import SIDES
from tests.lab.experiments import EXPERIMENTS, NOT_HERE

CODES = {rule.code: rule for rule in load()}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_is_of_a_rule_and_has_both_deployments(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert experiment.code in CODES
    assert set(experiment.also) <= set(CODES)
    for side in SIDES:
        assert experiment.tree(side).is_dir(), experiment.tree(side)


def test_every_rule_has_an_experiment_or_a_reason_why_not() -> None:
    tried = {one.code for one in EXPERIMENTS.values()}
    assert set(CODES) - tried == set(NOT_HERE)
    assert evidence.load()["not_here"] == NOT_HERE


def test_every_experiment_has_evidence() -> None:
    """``python -m tests.lab --stale --write`` runs what has none."""
    assert set(evidence.load()["experiments"]) == set(EXPERIMENTS)


def test_no_experiment_is_contradicted_by_what_was_seen_last() -> None:
    """Something changed, or the observation comes and goes: look, and run it again."""
    known = evidence.load()["experiments"].items()
    assert [name for name, one in known if "contradicted" in one] == []


def test_six_decisive_experiments_are_a_smoke_run() -> None:
    assert sum(one.smoke for one in EXPERIMENTS.values()) == 6


def test_what_the_evidence_file_has_is_of_experiments_there_are() -> None:
    known = evidence.load()["experiments"]
    assert set(known) <= set(EXPERIMENTS)
    for name, one in known.items():
        assert (one["code"], one["what"]) == (EXPERIMENTS[name].code, EXPERIMENTS[name].what)
        assert {run["side"] for run in one["runs"]} == set(SIDES)


def test_the_evidence_is_of_the_deployments_as_they_are_now() -> None:
    """What has changed is measured again: ``python -m tests.lab --stale --write``."""
    assert not set(evidence.stale(evidence.load())) & set(evidence.load()["experiments"])


def test_a_rule_with_evidence_stands_on_measuring() -> None:
    measured = {one["code"] for one in evidence.load()["experiments"].values()}
    odd = {code for code in measured if CODES[code].basis is not Basis.MEASURED}
    assert odd == NOT_PROMOTED


# What the laboratory shows of these is that no Glance answers; which releases they hold for stands
# in documents and metadata: no Glance of Python 2, and no unit of 33.0.0's, can be run here.
# GA105 is about what the documentation says; that it was right of 20.2.0 is what was seen.
NOT_PROMOTED = {"GA105", "GA106", "GA501"}
