"""What the laboratory saw, ``docs/evidence.json``, as it stands in the documentation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

EVIDENCE = Path("docs/evidence.json")
PAGE = Path("docs/evidence.md")


@cache
def experiments(root: Path) -> list[dict[str, Any]]:
    """Return the experiments of the file, in its order."""
    content = json.loads((root / EVIDENCE).read_text(encoding="utf-8"))
    return list(content["experiments"].values())


def table(root: Path) -> str:
    """Return all of them as a table."""
    rows = [
        "| Rule | What is done | Glance | Under | As the rule finds it | As it advises |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in experiments(root):
        for trial in _pairs(one):
            code = f"[{one['code']}](rules/{one['code']}.md)"
            rows.append(
                f"| {code} | {one['what']} | {trial.glance} | {trial.under} "
                f"| {trial.bad} | {trial.good} |"
            )
    return "\n".join(rows) + "\n"


def servers(root: Path) -> str:
    """Return in a sentence which servers the table is of, and of which days."""
    all_of_them = experiments(root)
    runs = [run for one in all_of_them for run in one["runs"]]
    httpd = " and ".join(sorted({run["httpd"] for run in runs}))
    days = sorted({one["date"] for one in all_of_them})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"Apache {httpd}, {when}: {len(all_of_them)} experiments, {len(runs)} trials.\n"


def of_rule(root: Path, code: str) -> str:
    """Return the row of a rule's page: what was seen on real servers; nothing when nothing was."""
    mine = [one for one in experiments(root) if one["code"] == code]
    told = [
        f"{one['what']} (Glance {trial.glance}, {trial.under}): {trial.bad}; "
        f"as advised: {trial.good}"
        for one in mine
        for trial in _pairs(one)
    ]
    if not told:
        return ""
    date = max(one["date"] for one in mine)
    return f"| [On real servers](../evidence.md), {date} | {'<br>'.join(told)} |\n"


class _Pair(NamedTuple):
    """Both sides of an experiment with one release of Glance, in words."""

    glance: str
    under: str
    bad: str
    good: str


def _pairs(experiment: dict[str, Any]) -> Iterator[_Pair]:
    releases: dict[str, dict[str, dict[str, str]]] = {}
    for run in experiment["runs"]:
        releases.setdefault(run["glance"], {})[run["side"]] = run
    for glance, sides in releases.items():
        bad, good = sides["bad"], sides["good"]
        under = (
            bad["under"] if bad["under"] == good["under"] else f"{bad['under']}, {good['under']}"
        )
        yield _Pair(glance, under, bad["words"], good["words"])
