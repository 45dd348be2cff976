"""What counts as going wrong in the laboratory; no server is needed to see that."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.lab.experiment import (
    Action,
    Create,
    Get,
    Import,
    Observation,
    Upload,
    Want,
    differences,
)
from tests.lab.experiments import EXPERIMENTS
from tests.lab.runner import Trial, mispredicted, sweep
from tests.lab.telling import in_words, told

ACTIONS: dict[str, Action] = {
    "upload": Upload(),
    "import": Import(),
    "get": Get(),
    "create": Create(),
}
STORED = Observation("upload", 204, image="active", whole=True, streamed=True)
REFUSED = Observation("upload", 411, image="queued", streamed=False)
HEADERS = Observation("create", 201, body="Location: https://127.0.0.1:60999/v2/images/1")
IMPORTED = Observation("import", 202, image="active", whole=False, disk_format="raw")
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
        (Want((204,), spool_on="tmpfs"), SPOOLED._replace(spool_on="overlay")),
        (Want((204,), owner="glance"), STORED._replace(owner="root")),
        (Want((202,), image="active", disk_format="qcow2"), IMPORTED),
        (Want((411,), log="AH01593"), REFUSED),
        (Want((411,), body="Length"), REFUSED),
        (Want((0,)), REFUSED),
        (Want((411,), after=4), REFUSED._replace(seconds=3.9)),
    ],
)
def test_an_observation_that_is_not_the_one_wanted_is_told(want: Want, seen: Observation) -> None:
    assert len(differences(want, seen, ACTIONS[seen.step])) == 1


@pytest.mark.parametrize(
    ("want", "seen"),
    [
        (Want((204,), image="active", streamed=True, spooled=""), STORED),
        (Want((204,), streamed=False, spooled="apache2", spool_in="/tmp"), SPOOLED),
        (Want((202,), image="active", disk_format="raw"), IMPORTED),
        (Want((411,), after=4), REFUSED._replace(seconds=4)),
        (Want((500, 411), log="AH01593"), REFUSED._replace(log=("x AH01593: y",))),
    ],
)
def test_the_observation_that_is_wanted_is_well(want: Want, seen: Observation) -> None:
    assert differences(want, seen, ACTIONS[seen.step]) == []


EXPERIMENT = EXPERIMENTS["mod-wsgi-chunked"]  # GA102; GA101 is a finding that may stay


@pytest.mark.parametrize(
    ("side", "codes", "errors", "wrong"),
    [
        ("bad", ["GA101", "GA102"], ["GA102"], []),
        ("bad", ["GA101"], [], ["GA102 was not predicted, but ['GA101']"]),
        ("good", ["GA101"], [], []),
        ("good", ["GA102"], ["GA102"], ["GA102 was predicted"]),
        ("good", ["GA107"], ["GA107"], ["predicted, and not tried here: GA107"]),
        ("bad", ["GA102", "GA107"], ["GA102", "GA107"], ["predicted, and not tried here: GA107"]),
    ],
)
def test_a_prediction_counts_by_what_came_true(
    side: str, codes: list[str], errors: list[str], wrong: list[str]
) -> None:
    trial = Trial(EXPERIMENT, side, "33.0.0")
    assert mispredicted(trial, {"codes": codes, "errors": errors}) == wrong


def _seen(seen: Observation) -> dict[str, Any]:
    return seen._asdict()


@pytest.mark.parametrize("want", [Want((502,)), Want((502,), step="upload")])
def test_a_failure_before_the_last_step_is_not_the_one_wanted(want: Want) -> None:
    seen = Observation("create", 502)
    assert differences(want, seen, Upload()) == ["it ended at the step create"]
    assert differences(want._replace(step="create"), seen, Upload()) == []


def test_observations_are_told_in_the_words_of_the_table() -> None:
    assert in_words(_seen(SPOOLED)) == "204, spooled by apache2 in /tmp, active"
    assert in_words(_seen(REFUSED)) == "411, queued"
    assert in_words(_seen(Observation("get", 0))) == "closed without an answer"
    assert in_words(_seen(Observation("get", -2))) == "refused"
    assert in_words({}) == "nothing"


@pytest.mark.parametrize(
    ("name", "seen", "words"),
    [
        (
            "runs-as-root",
            STORED._replace(owner="root"),
            "204, streamed, active, the file is root's",
        ),
        (
            "tmpdir-in-memory",
            SPOOLED._replace(spool_on="tmpfs"),
            "204, spooled by apache2 in /tmp, active, on tmpfs",
        ),
        ("proxy-headers", HEADERS._replace(body="Location: https://a/v2/"), "201"),
        ("proxy-headers", HEADERS, "201, `https://127.0.0.1:60999/v2/`"),
    ],
)
def test_what_an_experiment_asks_for_is_told_with_it(
    name: str, seen: Observation, words: str
) -> None:
    assert told(Trial(EXPERIMENTS[name], "bad", "33.0.0"), _seen(seen)) == words


def test_what_a_killed_run_left_goes_and_what_runs_stays(tmp_path: Path) -> None:
    mine, gone = tmp_path / f"{os.getpid()}-x-bad-33.0.0", tmp_path / "99999999-x-bad-33.0.0"
    probe = tmp_path / "probe-another"
    mine.mkdir()
    probe.mkdir()
    (gone / "upper").mkdir(parents=True)
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == [mine, probe]
