"""What the laboratory saw, ``docs/evidence.json``, as it stands in the documentation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EVIDENCE = Path("docs/evidence.json")
PAGE = Path("docs/evidence.md")


def experiments(root: Path) -> list[dict[str, Any]]:
    """Return the experiments of the file, in its order."""
    content = json.loads((root / EVIDENCE).read_text(encoding="utf-8"))
    return list(content["experiments"].values())


def table(root: Path) -> str:
    """Return all of them as a table."""
    rows = [
        "| Rule | What is done | Glance | As the rule finds it | As it advises |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in experiments(root):
        for release, words in _by_release(one):
            code = f"[{one['code']}](rules/{one['code']}.md)"
            rows.append(
                f"| {code} | {one['what']} | {release} | {words['bad']} | {words['good']} |"
            )
    return "\n".join(rows) + "\n"


def of_rule(root: Path, code: str) -> str:
    """Return the row of a rule's page: what was seen on real servers; nothing when nothing was."""
    told = [
        f"{one['what']}, Glance {release}: {words['bad']}; as advised: {words['good']}"
        for one in experiments(root)
        if one["code"] == code
        for release, words in _by_release(one)
    ]
    if not told:
        return ""
    dates = {one["date"] for one in experiments(root) if one["code"] == code}
    head = f"[On real servers](../evidence.md), {max(dates)}"
    return f"| {head} | {'<br>'.join(told)} |\n"


def _by_release(experiment: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    releases: dict[str, dict[str, str]] = {}
    for run in experiment["runs"]:
        releases.setdefault(run["glance"], {})[run["side"]] = run["words"]
    yield from releases.items()
