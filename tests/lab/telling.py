"""Results in words: a line for each, a table of all, a sentence about the predictions."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from tests.lab.runner import Result, Trial

_NO_ANSWER = {0: "closed without an answer", -1: "silence", -2: "refused"}


def line(result: Result) -> str:
    """Return what came of a trial."""
    experiment, side, release = result.trial
    verdict = f"NOT AS WANTED: {'; '.join(result.wrong)}" if result.wrong else "ok"
    seconds = result.seen.get("seconds", "?")
    name = f"{experiment.code} {experiment.name} {side} (Glance {release})"
    return f"{name}: {in_words(result.seen)}, {seconds} s: {verdict}"


def table(results: list[Result]) -> Table:
    """Return the predictions beside the observations."""
    drawn = Table("experiment", "Glance", "side", "predicted", "observed", "as wanted")
    for trial, seen, codes, wrong, _ in results:
        code = trial.experiment.code
        words = (trial.experiment.name, trial.release, trial.side, code if code in codes else "-")
        drawn.add_row(*words, told(trial, seen), "no" if wrong else "yes")
    return drawn


def summary(results: list[Result]) -> str:
    """Return what came of the predictions, in a line."""
    wrong = sum(bool(result.wrong) for result in results)
    right = [result for result in results if not result.wrong]
    met = sum(result.trial.side == "bad" for result in right)
    return (
        f"{len(results)} trials: in {met} the rule was met and so was what it says, in "
        f"{len(right) - met} neither; {wrong} not as wanted or predicted"
    )


def in_words(seen: dict[str, Any]) -> str:
    """Return an observation in a few words."""
    if not seen:
        return "nothing"
    status = _NO_ANSWER.get(seen["status"], seen["status"])
    words = [str(status) if seen["status"] or not seen["body"].strip() else "an answer"]
    if seen["spooled"]:
        words.append(f"spooled by {seen['spooled']} in {seen['spool_in']}")
    elif seen["streamed"]:
        words.append("streamed")
    if seen["image"]:
        words.append(seen["image"])
    return ", ".join(words)


def told(trial: Trial, seen: dict[str, Any]) -> str:
    """Return an observation in words, with what the experiment asks for beside them."""
    want = trial.experiment.wanted(trial.side)
    words = [in_words(seen)]
    if seen:
        words += [f"`{want.body}`"] * bool(want.body and want.body in seen["body"])
        words += [f"on {seen['spool_on']}"] * bool(want.spool_on)
        words += [f"the file is {seen['owner']}'s"] * bool(want.owner)
        words += [f"made {seen['disk_format']}"] * bool(want.disk_format)
    return ", ".join(words)
