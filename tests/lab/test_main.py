"""The laboratory's command line, without a laboratory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab import __main__ as lab
from tests.lab import evidence
from tests.lab.experiment import Observation
from tests.lab.prepare import Unprepared
from tests.lab.runner import Result, trials_of

SEEN = Observation("upload", 411)._asdict()


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the evidence file; everything is prepared and possible."""
    monkeypatch.setattr(lab, "possible", lambda _: "")
    monkeypatch.setattr(lab, "prepare", lambda _: None)
    monkeypatch.setattr(lab, "sweep", lambda _: None)
    monkeypatch.setattr("tests.lab.__main__.signal.signal", lambda *_: None)
    monkeypatch.setattr(evidence, "EVIDENCE", tmp_path / "evidence.json")
    monkeypatch.setattr(
        evidence, "versions", lambda *_: {"glance": "33.0.0", "httpd": "2", "under": "u"}
    )
    return tmp_path / "evidence.json"


def runs(monkeypatch: pytest.MonkeyPatch, *wrong: str, then: BaseException | None = None) -> None:
    """Let every trial be seen, with so much wrong, and something happen when all are."""

    def run_all(_self: Any, experiments: Any, _jobs: int) -> Iterator[Result]:
        for trial in (trial for one in experiments for trial in trials_of(one)):
            yield Result(trial, SEEN, [], list(wrong), "d")
        if then is not None:
            raise then

    monkeypatch.setattr("tests.lab.__main__.Runner.run_all", run_all)


def test_the_status_tells_whether_all_was_as_wanted(
    monkeypatch: pytest.MonkeyPatch, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(monkeypatch)
    assert lab.main(["mod-wsgi-chunked"]) == 0
    assert "2 trials: in 1 the rule was met and so was what it says, in 1 neither; 0 not" in (
        capsys.readouterr().out
    )
    assert not file.exists()

    runs(monkeypatch, "status 411")
    assert lab.main(["mod-wsgi-chunked", "--write"]) == 1
    assert "2 not as wanted or predicted" in capsys.readouterr().out
    assert evidence.load()["experiments"]["mod-wsgi-chunked"]["contradicted"]


def test_what_was_finished_is_written_when_the_run_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(monkeypatch, then=KeyboardInterrupt())
    assert lab.main(["mod-wsgi-chunked", "--write"]) == 130
    assert capsys.readouterr().err == "tests.lab: interrupted; what was finished is written\n"
    assert list(evidence.load()["experiments"]) == ["mod-wsgi-chunked"]


@pytest.mark.parametrize(("options", "status"), [([], 2), (["--smoke"], 0)])
def test_where_no_machine_can_be_made_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    status: int,
) -> None:
    monkeypatch.setattr(lab, "possible", lambda _: "a container")
    assert lab.main(options) == status
    assert capsys.readouterr().err == "NOT MEASURED on real servers: a container\n"


def test_what_is_missing_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def prepare(_: Any) -> None:
        raise Unprepared("qemu-img not found")

    monkeypatch.setattr(lab, "prepare", prepare)
    assert lab.main(["GA606"]) == 2
    assert capsys.readouterr().err == "tests.lab: qemu-img not found\n"


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        lab.main(["GA1000"])
    assert ended.value.code == 2
    assert "no such experiment: GA1000" in capsys.readouterr().err


def test_experiments_are_chosen_by_name_and_by_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert lab.main(["--list", "GA102", "harakiri"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "mod-wsgi-chunked",
        "harakiri",
    ]
