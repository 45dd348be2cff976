"""What the evidence file says of several runs; no server is needed to see that."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.lab import evidence
from tests.lab.digest import digest
from tests.lab.experiment import SIDES, Door, Edit, Experiment, Get, Node, Observation, Upload, Want
from tests.lab.experiments import EXPERIMENTS, NOT_HERE
from tests.lab.runner import Result, Trial
from tools import evidence_pages

NAME = "mod-wsgi-chunked"
EXPERIMENT = EXPERIMENTS[NAME]
CONTENT: dict[str, Any] = {"experiments": {}}


def ran(words: str, made_of: str = "d", httpd: str = "2.4.71") -> dict[str, Any]:
    """Return what one run has to say, of one side."""
    run = {"side": "bad", "glance": "33.0.0", "httpd": httpd, "under": "mod_wsgi 4.9.4"}
    return {NAME: {"digest": made_of, "runs": [run | {"words": words}]}}


def seen(content: dict[str, Any]) -> dict[str, int]:
    """Return what was seen, and how often."""
    (run,) = content["experiments"][NAME]["runs"]
    times: dict[str, int] = run["seen"]
    return times


def test_runs_of_the_same_deployment_are_counted() -> None:
    once = evidence.merged(CONTENT, ran("411"))
    twice = evidence.merged(once, ran("411"))
    assert (seen(once), seen(twice)) == ({"411": 1}, {"411": 2})
    assert evidence.news(once, ran("411")) == []


def test_another_observation_is_news_and_stands_beside_the_first() -> None:
    once = evidence.merged(CONTENT, ran("504"))
    assert evidence.news(once, ran("502")) == [f"{NAME}, bad, Glance 33.0.0: 502; before: 504"]
    assert seen(evidence.merged(once, ran("502"))) == {"504": 1, "502": 1}


@pytest.mark.parametrize("other", [{"made_of": "e"}, {"httpd": "2.4.72"}])
def test_what_is_another_deployment_begins_anew(other: dict[str, str]) -> None:
    once = evidence.merged(CONTENT, ran("411"))
    assert seen(evidence.merged(once, ran("204", **other))) == {"204": 1}
    assert evidence.news(once, ran("204", **other)) == []


def test_what_is_no_experiment_any_more_goes() -> None:
    before: dict[str, Any] = {"experiments": {"gone": {"runs": []}}}
    content = evidence.merged(before, ran("411"))
    assert list(content["experiments"]) == [NAME]
    assert content["not_here"] == NOT_HERE


def result(side: str, status: int, *wrong: str, made_of: str = "d") -> Result:
    """Return what came of a trial."""
    seen = Observation("upload", status, image="queued")._asdict()
    return Result(Trial(EXPERIMENT, side, "33.0.0"), seen, [], list(wrong), made_of)


def test_both_sides_of_an_experiment_are_evidence() -> None:
    of = evidence.of([result("good", 204), result("bad", 411)], "2026-11-28")
    assert [(run["side"], run["words"]) for run in of[NAME]["runs"]] == [
        ("bad", "411, queued"),
        ("good", "204, queued"),
    ]
    assert "contradicted" not in of[NAME]


def test_what_did_not_go_as_wanted_is_told_and_counted() -> None:
    once: dict[str, Any] = evidence.of([result("bad", 411), result("good", 204)], "2026-11-27")
    before: dict[str, Any] = evidence.merged(CONTENT, once)
    then = evidence.of([result("bad", 411), result("good", 500, "status 500")], "2026-11-28")
    after = evidence.merged(before, then)["experiments"][NAME]
    assert after["contradicted"]
    assert after["runs"][1]["seen"] == {"204, queued": 1, "500, queued": 1}


@pytest.mark.parametrize(
    "other", [result("good", 204, made_of="e"), result("good", 204)._replace(seen={})]
)
def test_what_changed_meanwhile_or_was_not_seen_is_no_evidence(other: Result) -> None:
    assert evidence.of([result("bad", 411), other], "2026-11-28") == {}


CHANGES: dict[str, dict[str, Any]] = {
    "action": {"action": Upload(chunked=False)},
    "door": {"action": Get(door=Door(port=81))},
    "want": {"bad": Want((500,))},
    "edit": {"edits": (Edit("etc/hosts", "a", "b"),)},
    "node": {"node": Node(shares=("good",))},
    "release": {"releases": ("25.1.0",)},
    "server": {"uwsgi": "pypi"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_evidence_is_stale_when_the_experiment_changes(change: dict[str, Any]) -> None:
    assert digest(EXPERIMENT._replace(**change)) != digest(EXPERIMENT)


@pytest.mark.parametrize("side", SIDES)
def test_evidence_is_stale_when_a_deployment_changes(
    side: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for one in SIDES:
        shutil.copytree(EXPERIMENT.tree(one), tmp_path / one)
    monkeypatch.setattr(Experiment, "tree", lambda _self, one: tmp_path / one)
    before = digest(EXPERIMENT)
    (tmp_path / side / "README.md").write_text("other words")
    assert digest(EXPERIMENT) == before
    (tmp_path / side / "etc/apache2/ports.conf").write_text("# a comment\n")
    assert digest(EXPERIMENT) != before


def test_evidence_is_not_stale_when_words_change() -> None:
    changed = EXPERIMENT._replace(what="in other words", smoke=not EXPERIMENT.smoke)
    assert digest(changed) == digest(EXPERIMENT)


def test_the_page_tells_how_often_and_every_observation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    run = {"glance": "33.0.0", "httpd": "2.4.71", "under": "uWSGI 2.0.21"}
    bad = run | {"side": "bad", "seen": {"504": 1, "502": 1}}
    good = run | {"side": "good", "seen": {"204": 3}}
    one = {"code": "GA307", "what": "w", "date": "2026-11-28", "runs": [bad, good]}
    content = {"not_here": {"GA504": "no Python 2"}, "experiments": {"n": one, "m": one}}
    monkeypatch.setattr(evidence_pages, "_content", lambda _: content)

    assert evidence_pages.servers(tmp_path) == (
        "Apache 2.4.71, 2026-11-28: 2 experiments, 4 trials, each run 2 to 3 times since it or its "
        "deployments changed.\nglance-audit reports the rule on every deployment of the fifth "
        "column, and on none of the sixth.\n"
    )
    assert "| 504 or 502 | 204 |" in evidence_pages.table(tmp_path)
    assert evidence_pages.of_rule(tmp_path, "GA307") == (
        "\n## On real servers\n\n"
        "| What is done | Glance | Under | As the rule finds it | As it leaves it alone |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| w | 33.0.0 | uWSGI 2.0.21 | 504 or 502 | 204 |\n"
        "| w | 33.0.0 | uWSGI 2.0.21 | 504 or 502 | 204 |\n"
        "\n2026-11-28: see [Evidence](../evidence.md).\n"
    )
    assert evidence_pages.of_rule(tmp_path, "GA504") == (
        "\n## On real servers\n\nNot tried: no Python 2.\n"
    )
    assert evidence_pages.not_here(tmp_path) == "- [GA504](rules/GA504.md): no Python 2.\n"
