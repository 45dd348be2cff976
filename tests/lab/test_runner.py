"""How trials are run and stopped; a small program stands for the trial itself."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lab import runner
from tests.lab.experiments import EXPERIMENTS
from tests.lab.runner import Runner, Trial

EXPERIMENT = EXPERIMENTS["mod-wsgi-chunked"]
TRIAL = Trial(EXPERIMENT, "bad", "33.0.0")
SAID = {"seen": {"status": 411}, "wrong": [], "digest": "d", "codes": ["GA102"], "errors": []}
Program = Callable[[str], None]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Program:
    """Return what makes every trial run a program in Python."""

    def made(code: str) -> None:
        monkeypatch.setattr(runner, "command", lambda *_: [sys.executable, "-c", code])

    return made


def test_a_trial_is_what_its_process_says_and_leaves_nothing(
    program: Program, tmp_path: Path
) -> None:
    program(f"print({json.dumps(SAID)!r})")
    result = Runner(tmp_path).run(TRIAL)
    assert (result.seen, result.wrong, result.digest) == ({"status": 411}, [], "d")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise SystemExit('no room')", "no result: no room"),
        ("print('not JSON')", "no result: Expecting value"),
    ],
)
def test_a_trial_that_says_nothing_is_a_result_all_the_same(
    program: Program, tmp_path: Path, code: str, why: str
) -> None:
    program(code)
    results = list(Runner(tmp_path).run_all([EXPERIMENT], 2))
    assert [result.seen for result in results] == [{}, {}]
    assert all(result.wrong[0].startswith(why) for result in results)


def test_a_trial_that_hangs_is_ended_and_its_logs_are_told(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LONGEST", 1)
    log = tmp_path / f"{os.getpid()}-mod-wsgi-chunked-bad-33.0.0" / "glance-api.log"
    program(f"open({str(log)!r}, 'w').write('last words'); import time; time.sleep(60)")
    (why,) = Runner(tmp_path).run(TRIAL).wrong
    assert why == "no result: it did not end in 1 s\nglance-api.log: last words"


def test_what_is_under_way_ends_when_the_runner_is_stopped(
    program: Program, tmp_path: Path
) -> None:
    program("import sys; sys.stdin.read()")
    running = Runner(tmp_path)
    thread = threading.Thread(target=running.run, args=(TRIAL,))
    thread.start()
    while not list(tmp_path.iterdir()):
        time.sleep(0.01)
    running.stop()
    thread.join(30)
    assert not thread.is_alive()
    assert list(tmp_path.iterdir()) == []
