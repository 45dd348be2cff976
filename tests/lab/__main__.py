"""Run the laboratory: ``python -m tests.lab [--smoke] [--stale] [--jobs N] [--write] [NAMES]``.

A name is an experiment's or a rule's code. The status is 0 when every observation is as wanted and
every prediction of glance-audit came true, 1 when not, 2 where no laboratory can be made (0 for the
smoke run, which says so).
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.lab import evidence
from tests.lab.experiment import SIDES, Experiment
from tests.lab.experiments import EXPERIMENTS
from tests.lab.machine import command, possible
from tests.samples.sample import PROJECT

WORK = PROJECT / "build" / "lab"
LONGEST = 400  # seconds after which a trial is ended


class Trial(NamedTuple):
    """One deployment of an experiment with one release of Glance."""

    experiment: Experiment
    side: str
    release: str


class Result(NamedTuple):
    """What came of a trial: the observation, and what is wrong with it or with the prediction."""

    trial: Trial
    seen: dict[str, Any]
    codes: list[str]
    wrong: list[str]


def run(trial: Trial) -> Result:
    """Run one trial in its own namespaces; its directory is gone afterwards."""
    experiment, side, release = trial
    work = WORK / f"{os.getpid()}-{experiment.name}-{side}-{release}"
    work.mkdir(parents=True)
    # The trial ends when this pipe does, however this process ends: see tests.lab.inside.
    theirs, ours = os.pipe()
    try:
        done = subprocess.run(
            command(
                *(sys.executable, "-m", "tests.lab.inside"),
                *(experiment.name, side, release, str(work)),
            ),
            cwd=PROJECT,
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Result(trial, {}, [], [f"no result in {LONGEST} s"])
    finally:
        os.close(ours)
        os.close(theirs)
        shutil.rmtree(work, ignore_errors=True)
    if done.returncode:
        return Result(trial, {}, [], [f"no result: {done.stderr[-1500:]}"])
    said = json.loads(done.stdout)
    return Result(trial, said["seen"], said["codes"], said["wrong"] + mispredicted(trial, said))


def sweep(work: Path) -> None:
    """Remove the directories of runs that were killed; one that is under way keeps its own."""
    for left in work.glob("*-*"):
        if not Path("/proc", left.name.partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)


def mispredicted(trial: Trial, said: dict[str, Any]) -> list[str]:
    """Return in words how glance-audit's prediction for a trial is wrong."""
    code, also = trial.experiment.code, trial.experiment.also
    if trial.side == "bad":
        return [] if code in said["codes"] else [f"{code} was not predicted, but {said['codes']}"]
    wrong = [f"{code} was predicted"] if code in said["codes"] else []
    false = [other for other in said["errors"] if other != code and other not in also]
    return wrong + ([f"predicted, and did not come true: {', '.join(false)}"] if false else [])


def run_all(chosen: list[Experiment], jobs: int, console: Console) -> list[Result]:
    """Run both sides of every experiment, ``jobs`` at a time, with a line for each trial."""
    trials = [Trial(x, side, release) for x in chosen for release in x.releases for side in SIDES]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    results = []
    with (
        Progress(*columns, TimeElapsedColumn(), console=console) as progress,
        ThreadPoolExecutor(jobs) as threads,
    ):
        task = progress.add_task("trials", total=len(trials))
        futures = [threads.submit(run, trial) for trial in trials]
        try:
            for future in as_completed(futures):
                result = future.result()
                results.append(result)
                progress.advance(task)
                progress.console.print(_line(result), highlight=False, markup=False)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
    return sorted(results, key=lambda one: trials.index(one.trial))


def table(results: list[Result]) -> Table:
    """Return the predictions beside the observations."""
    drawn = Table("rule", "experiment", "Glance", "side", "predicted", "observed", "as wanted")
    for trial, seen, codes, wrong in results:
        code = trial.experiment.code
        words = (code, trial.experiment.name, trial.release, trial.side)
        said = "fails" if code in codes else "works"
        drawn.add_row(*words, said, in_words(seen), "no" if wrong else "yes")
    return drawn


def in_words(seen: dict[str, Any]) -> str:
    """Return an observation in a few words."""
    if not seen:
        return "nothing"
    status = {0: "closed without an answer", -1: "silence"}.get(seen["status"], seen["status"])
    words = [str(status) if seen["status"] or not seen["body"].strip() else "an answer"]
    if seen["spooled"]:
        words.append(f"spooled by {seen['spooled']} in {seen['spool_in']}")
    elif seen["streamed"]:
        words.append("streamed")
    if seen["image"]:
        words.append(seen["image"])
    return ", ".join(words)


def evidence_of(results: list[Result], today: str) -> dict[str, Any]:
    """Return what the evidence file says of the experiments that went as wanted."""
    new: dict[str, Any] = {}
    failed = {result.trial.experiment.name for result in results if result.wrong}
    for trial, seen, _codes, _wrong in results:
        experiment = trial.experiment
        if experiment.name in failed:
            continue
        entry = new.setdefault(
            experiment.name,
            {
                "code": experiment.code,
                "what": experiment.what,
                "date": today,
                "digest": evidence.digest(experiment),
                "edits": [list(edit) for edit in experiment.edits],
                "runs": [],
            },
        )
        versions = evidence.versions(experiment, trial.side, trial.release)
        kept = {name: seen[name] for name in _KEPT}
        entry["runs"].append({"side": trial.side, **versions, **kept, "words": told(trial, seen)})
    return new


def told(trial: Trial, seen: dict[str, Any]) -> str:
    """Return an observation in words, with what was to be found in the answer."""
    body = trial.experiment.wanted(trial.side).body
    return in_words(seen) + (f", `{body}`" if body else "")


_KEPT = ("step", "status", "image", "whole", "streamed", "spooled", "spool_in")


def main(arguments: list[str]) -> int:
    """Run what is asked for."""
    options = _options(arguments)
    console = Console(width=None if sys.stdout.isatty() else 140)
    chosen = _chosen(options)
    if options.list:
        for one in chosen:
            print(f"{one.name}  {one.code}  {one.what}")
        return 0
    refused = possible()
    if refused:
        print(f"NOT MEASURED on real servers: {refused}", file=sys.stderr)
        # A container, which nothing that is installed would change: the rest of a check counts.
        return 0 if options.smoke else 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sweep(WORK)
    results = run_all(chosen, options.jobs, console)
    console.print(table(results))
    wrong = [result for result in results if result.wrong]
    for result in wrong:
        print(f"\n{_line(result)}")
        print(*(f"    {line}" for line in result.seen.get("log", ())[-25:]), sep="\n")
    print(f"{len(results)} trials, {len(wrong)} not as wanted or predicted")
    if options.write:
        today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        evidence.save(evidence.merged(evidence.load(), evidence_of(results, today)))
    return 1 if wrong else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="an experiment, or a rule's code")
    parser.add_argument("--smoke", action="store_true", help="the decisive ones alone")
    parser.add_argument("--stale", action="store_true", help="those the evidence file lacks alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trials at a time")
    parser.add_argument("--write", action="store_true", help="write docs/evidence.json")
    parser.add_argument("--list", action="store_true", help="list the experiments, run none")
    return parser.parse_args(arguments)


def _chosen(options: argparse.Namespace) -> list[Experiment]:
    known = {one.name for one in EXPERIMENTS.values()} | {x.code for x in EXPERIMENTS.values()}
    unknown = [name for name in options.names if name not in known]
    if unknown:
        print(f"no such experiment: {', '.join(unknown)}; --list lists them", file=sys.stderr)
        raise SystemExit(2)
    old = evidence.stale(evidence.load()) if options.stale else []
    return [
        one
        for one in EXPERIMENTS.values()
        if (not options.names or one.name in options.names or one.code in options.names)
        and (one.smoke or not options.smoke)
        and (one.name in old or not options.stale)
    ]


def _line(result: Result) -> str:
    experiment, side, release = result.trial
    verdict = f"NOT AS WANTED: {'; '.join(result.wrong)}" if result.wrong else "ok"
    seconds = result.seen.get("seconds", "?")
    name = f"{experiment.code} {experiment.name} {side} (Glance {release})"
    return f"{name}: {in_words(result.seen)}, {seconds} s: {verdict}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
