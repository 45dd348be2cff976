"""What the laboratory saw, ``docs/evidence.json``, as it stands in the documentation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

EVIDENCE = Path("docs/evidence.json")
PAGE = Path("docs/evidence.md")


@cache
def _content(root: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((root / EVIDENCE).read_text(encoding="utf-8"))
    return content


def experiments(root: Path) -> list[dict[str, Any]]:
    """Return the experiments of the file, in its order."""
    return list(_content(root)["experiments"].values())


def not_here(root: Path) -> str:
    """Return the rules without an experiment, as a list with the reasons."""
    reasons = _content(root)["not_here"].items()
    return "".join(f"- [{code}](rules/{code}.md): {why}.\n" for code, why in reasons)


def table(root: Path) -> str:
    """Return all of them as a table."""
    head = ("Rule", "What is done", *_HEAD)
    rows = [
        (f"[{one['code']}](rules/{one['code']}.md)", one["what"], *trial)
        for one in experiments(root)
        for trial in _pairs(one)
    ]
    return _table(head, rows)


def servers(root: Path) -> str:
    """Return in words which servers the table is of, of which days, and what was predicted."""
    all_of_them = experiments(root)
    runs = [run for one in all_of_them for run in one["runs"]]
    httpd = " and ".join(sorted({run["httpd"] for run in runs}))
    days = sorted({one["date"] for one in all_of_them})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    times = [sum(run["seen"].values()) for run in runs]
    most = f" to {max(times)}" if max(times) > min(times) else ""
    often = "once" if max(times) == 1 else f"{min(times)}{most} times"
    tried = f"{len(all_of_them)} experiments, {len(runs)} trials"
    text = (
        f"Apache {httpd}, {when}: {tried}, each run {often} since it or its deployments changed.\n"
    )
    if not any("contradicted" in one for one in all_of_them):
        text += (
            "glance-audit reports the rule on every deployment of the fifth column, and on none "
        )
        text += "of the sixth.\n"
    return text


def of_rule(root: Path, code: str) -> str:
    """Return the section of a rule's page: what was seen on real servers, or why nothing was.

    Nothing for a code that is not known here.
    """
    mine = [one for one in experiments(root) if one["code"] == code]
    why = _content(root)["not_here"].get(code)
    if why:
        body = f"Not tried: {why}.\n"
    elif not mine:
        return ""
    else:
        days = sorted({one["date"] for one in mine})
        rows = [(one["what"], *trial) for one in mine for trial in _pairs(one)]
        body = _table(("What is done", *_HEAD), rows)
        body += f"\n{days[-1]}: see [Evidence](../evidence.md).\n"
    return f"\n## On real servers\n\n{body}"


_HEAD = ("Glance", "Under", "As the rule finds it", "As it leaves it alone")


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


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
        yield _Pair(glance, under, " or ".join(bad["seen"]), " or ".join(good["seen"]))
