"""Running trials: each a process in its own namespaces, several at a time."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

from tests.lab.experiment import SIDES, Experiment
from tests.lab.machine import command
from tests.samples.sample import PROJECT

WORK = PROJECT / "build" / "lab"
LONGEST = 400  # seconds after which a trial is ended


class Trial(NamedTuple):
    """One deployment of an experiment with one release of Glance."""

    experiment: Experiment
    side: str
    release: str


class Result(NamedTuple):
    """What came of a trial: the observation, and what is wrong with it or with the prediction.

    ``seen`` is empty when nothing was observed; ``digest`` is that of the experiment when it ran.
    """

    trial: Trial
    seen: dict[str, Any]
    codes: list[str]
    wrong: list[str]
    digest: str = ""


def trials_of(experiment: Experiment) -> list[Trial]:
    """Return the trials of an experiment."""
    return [Trial(experiment, side, release) for release in experiment.releases for side in SIDES]


class Runner:
    """Runs trials; :meth:`stop` ends those that are under way."""

    def __init__(self, work: Path = WORK) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._pipes: set[int] = set()
        self._stopped = False

    def run_all(self, experiments: Sequence[Experiment], jobs: int) -> Iterator[Result]:
        """Yield the result of every trial when it is there, ``jobs`` at a time."""
        trials = [trial for experiment in experiments for trial in trials_of(experiment)]
        with ThreadPoolExecutor(jobs) as threads:
            futures = [threads.submit(self.run, trial) for trial in trials]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
                self.stop()

    def run(self, trial: Trial) -> Result:
        """Run one trial; its directory is gone afterwards."""
        work = self._work / f"{os.getpid()}-{trial.experiment.name}-{trial.side}-{trial.release}"
        work.mkdir(parents=True)
        try:
            with self._pipe() as theirs:
                return _ran(trial, work, theirs)
        except (subprocess.TimeoutExpired, ValueError) as error:
            said = [f"{log.name}: {line}" for log in work.glob("*.log") for line in _last(log)]
            why = str(error)
            if isinstance(error, subprocess.TimeoutExpired):
                why = f"it did not end in {LONGEST} s"
            return Result(trial, {}, [], ["\n".join([f"no result: {why}", *said])])
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def stop(self) -> None:
        """End every trial that is under way."""
        with self._lock:
            self._stopped = True
            for pipe in self._pipes:
                os.close(pipe)
            self._pipes.clear()

    @contextlib.contextmanager
    def _pipe(self) -> Iterator[int]:
        """A trial ends when this pipe does, however this process ends: see tests.lab.inside."""
        theirs, ours = os.pipe()
        with self._lock:
            if self._stopped:
                os.close(ours)
            else:
                self._pipes.add(ours)
        try:
            yield theirs
        finally:
            os.close(theirs)
            with self._lock:
                if ours in self._pipes:
                    self._pipes.remove(ours)
                    os.close(ours)


def _ran(trial: Trial, work: Path, standard_input: int) -> Result:
    """Run a trial's process.

    Raises:
        ValueError: it ended with an error, or said nothing that is a result.
        subprocess.TimeoutExpired: it did not end.
    """
    experiment, side, release = trial
    words = (experiment.name, side, release, str(work))
    done = subprocess.run(
        command(sys.executable, "-m", "tests.lab.inside", *words),
        cwd=PROJECT,
        stdin=standard_input,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        raise ValueError(done.stderr[-1500:])
    said = json.loads(done.stdout)
    wrong = said["wrong"] + mispredicted(trial, said)
    return Result(trial, said["seen"], said["codes"], wrong, said["digest"])


def _last(log: Path) -> list[str]:
    return log.read_text("utf-8", "replace").splitlines()[-25:]


def mispredicted(trial: Trial, said: dict[str, Any]) -> list[str]:
    """Return in words how glance-audit's prediction for a trial is wrong."""
    code, also = trial.experiment.code, trial.experiment.also
    wrong = []
    if trial.side == "bad" and code not in said["codes"]:
        wrong.append(f"{code} was not predicted, but {said['codes']}")
    if trial.side == "good" and code in said["codes"]:
        wrong.append(f"{code} was predicted")
    false = [other for other in said["errors"] if other != code and other not in also]
    return wrong + ([f"predicted, and not tried here: {', '.join(false)}"] if false else [])


def sweep(work: Path) -> None:
    """Remove the directories of runs that were killed; one that is under way keeps its own."""
    for left in work.glob("[0-9]*-*"):
        if not Path("/proc", left.name.partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)
