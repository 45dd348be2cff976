"""Run the laboratory: ``python -m tests.lab [--smoke] [--stale] [--jobs N] [--write] [NAMES]``.

A name is an experiment's or a rule's code. The status is 0 when every observation is as wanted and
every prediction of glance-audit came true, 1 when not, 2 where no laboratory can be made (0 for the
smoke run, which says so).
"""

from __future__ import annotations

import argparse
import datetime
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.lab import evidence
from tests.lab.experiment import Experiment
from tests.lab.experiments import EXPERIMENTS
from tests.lab.machine import possible
from tests.lab.prepare import Unprepared, prepare
from tests.lab.runner import WORK, Result, Runner, sweep, trials_of
from tests.lab.telling import line, summary, table


def main(arguments: list[str]) -> int:
    """Run what is asked for."""
    options = _options(arguments)
    chosen = _chosen(options)
    if options.list:
        for one in chosen:
            print(f"{one.name}  {one.code}  {one.what}")
        return 0
    refused = possible(WORK)
    if refused:
        print(f"NOT MEASURED on real servers: {refused}", file=sys.stderr)
        # A container, which nothing that is installed would change: the rest of a check counts.
        return 0 if options.smoke else 2
    try:
        prepare(chosen)
    except Unprepared as error:
        print(f"tests.lab: {error}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sweep(WORK)
    try:
        return _measure(chosen, options)
    except KeyboardInterrupt:
        kept = "; what was finished is written" if options.write else ""
        print(f"tests.lab: interrupted{kept}", file=sys.stderr)
        return 130


def _measure(chosen: list[Experiment], options: argparse.Namespace) -> int:
    console = Console(width=None if sys.stdout.isatty() else 140)
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    news: list[str] = []
    results: list[Result] = []
    for finished in _by_experiment(_shown(chosen, options.jobs, console)):
        results += finished
        before, now = evidence.load(), evidence.of(finished, today)
        news += evidence.news(before, now)
        if options.write:
            evidence.save(evidence.merged(before, now))
    order = [trial for experiment in chosen for trial in trials_of(experiment)]
    results.sort(key=lambda one: order.index(one.trial))
    console.print(table(results))
    wrong = [result for result in results if result.wrong]
    for result in wrong:
        print(f"\n{line(result)}")
        print(*(f"    {said}" for said in result.seen.get("log", ())[-25:]), sep="\n")
    for told in news:
        print(f"not seen before: {told}")
    print(summary(results))
    return 1 if wrong else 0


def _shown(chosen: Sequence[Experiment], jobs: int, console: Console) -> Iterator[Result]:
    """Run the experiments with a bar and a line for each trial."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    total = sum(len(trials_of(experiment)) for experiment in chosen)
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("trials", total=total)
        for result in Runner().run_all(chosen, jobs):
            progress.advance(task)
            progress.console.print(line(result), highlight=False, markup=False)
            yield result


def _by_experiment(results: Iterable[Result]) -> Iterator[list[Result]]:
    """Yield the results of an experiment when all of them are there."""
    waiting: dict[str, list[Result]] = {}
    for result in results:
        experiment = result.trial.experiment
        mine = waiting.setdefault(experiment.name, [])
        mine.append(result)
        if len(mine) == len(trials_of(experiment)):
            yield waiting.pop(experiment.name)


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
