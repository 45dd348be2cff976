"""What counts as going wrong in the laboratory; no server is needed to see that."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.lab.__main__ import Result as Outcome
from tests.lab.__main__ import Trial, evidence_of, in_words, mispredicted, sweep
from tests.lab.experiment import Observation, Want, differences
from tests.lab.experiments import EXPERIMENTS

STORED = Observation("upload", 204, image="active", whole=True, streamed=True)
REFUSED = Observation("upload", 411, image="queued", streamed=False)
SPOOLED = STORED._replace(streamed=False, spooled="apache2", spool_in="/tmp")


@pytest.mark.parametrize(
    ("want", "seen"),
    [
        (Want((204,)), REFUSED),
        (Want((204,), image="active"), STORED._replace(whole=False)),
        (Want((204,), image="active"), STORED._replace(whole=None)),
        (Want((204,), streamed=True), SPOOLED),
        (Want((204,), spooled=""), SPOOLED),
        (Want((204,), spooled="uwsgi"), SPOOLED),
        (Want((204,), spool_in="/srv/spool"), SPOOLED),
        (Want((411,), log="AH01593"), REFUSED),
        (Want((411,), body="Length"), REFUSED),
        (Want((0,)), REFUSED),
    ],
)
def test_an_observation_that_is_not_the_one_wanted_is_told(want: Want, seen: Observation) -> None:
    assert len(differences(want, seen)) == 1


@pytest.mark.parametrize(
    ("want", "seen"),
    [
        (Want((204,), image="active", streamed=True, spooled=""), STORED),
        (Want((204,), streamed=False, spooled="apache2", spool_in="/tmp"), SPOOLED),
        (Want((500, 411), log="AH01593"), REFUSED._replace(log=("x AH01593: y",))),
    ],
)
def test_the_observation_that_is_wanted_is_well(want: Want, seen: Observation) -> None:
    assert differences(want, seen) == []


EXPERIMENT = EXPERIMENTS["mod-wsgi-chunked"]  # GA102; GA101 is a finding that may stay


@pytest.mark.parametrize(
    ("side", "codes", "errors", "wrong"),
    [
        ("bad", ["GA101", "GA102"], ["GA102"], []),
        ("bad", ["GA101"], [], ["GA102 was not predicted, but ['GA101']"]),
        ("good", ["GA101"], [], []),
        ("good", ["GA102"], ["GA102"], ["GA102 was predicted"]),
        ("good", ["GA107"], ["GA107"], ["predicted, and did not come true: GA107"]),
    ],
)
def test_a_prediction_counts_by_what_came_true(
    side: str, codes: list[str], errors: list[str], wrong: list[str]
) -> None:
    trial = Trial(EXPERIMENT, side, "33.0.0")
    assert mispredicted(trial, {"codes": codes, "errors": errors}) == wrong


def _seen(seen: Observation) -> dict[str, Any]:
    return seen._asdict()


def test_what_did_not_go_as_wanted_is_no_evidence() -> None:
    bad = Outcome(Trial(EXPERIMENT, "bad", "33.0.0"), _seen(REFUSED), ["GA102"], [])
    good = Outcome(Trial(EXPERIMENT, "good", "33.0.0"), _seen(REFUSED), [], ["status 411"])
    assert evidence_of([bad, good], "2026-11-28") == {}


def test_observations_are_told_in_the_words_of_the_table() -> None:
    assert in_words(_seen(SPOOLED)) == "204, spooled by apache2 in /tmp, active"
    assert in_words(_seen(REFUSED)) == "411, queued"
    assert in_words(_seen(Observation("get", 0))) == "closed without an answer"
    assert in_words({}) == "nothing"


def test_what_a_killed_run_left_goes_and_what_runs_stays(tmp_path: Path) -> None:
    mine, gone = tmp_path / f"{os.getpid()}-x-bad-33.0.0", tmp_path / "99999999-x-bad-33.0.0"
    mine.mkdir()
    (gone / "upper").mkdir(parents=True)
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [mine]
