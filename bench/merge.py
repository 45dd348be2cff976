"""Time and memory of ``glance-audit merge`` beside merely reading the same reports.

    python -m bench.merge [--hosts 1000 10000] [--runs 5] [--write docs/performance.md]

The reports are those of the samples, audited here, with lines moved and findings gone on some
hosts, as on a fleet that was not set up on one day. ``json.load`` of every file in one
process is what merging cannot go below. Prints a Markdown table, and puts it between the marks of
a file.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.compare import Sample, measure, put_between

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ("shared-vhost", "mod-wsgi", "upstream-16.0.0-31.1.0", "proxy-uwsgi", "recommended")
SHARES = (40, 10, 20, 5, 25)  # of a hundred hosts
BEGIN, END = "<!-- merged:begin -->", "<!-- merged:end -->"
PROGRAM = [sys.executable, "-m", "glance_audit"]
MERGE, LOAD = "glance-audit merge", "json.load of each"
_LOAD = """
import json, os, sys
for name in sorted(os.listdir(sys.argv[1])):
    with open(os.path.join(sys.argv[1], name)) as file:
        json.load(file)
"""


def audited(sample: str) -> dict[str, Any]:
    """Return the report of a sample."""
    done = subprocess.run(
        [*PROGRAM, "--isolated", "--format", "json", f"samples/{sample}"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def vary(report: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return the report of one more host: lines moved in some files, findings gone on some."""
    moved = {
        finding["location"]["file"]: chance.choice((0, 0, 0, 1, 4))
        for finding in report["findings"]
    }
    findings = []
    for finding in report["findings"]:
        if chance.random() < 0.05:
            continue
        shift = moved[finding["location"]["file"]]
        where = finding["location"]
        where = {**where, "line": where["line"] + shift, "end_line": where["end_line"] + shift}
        findings.append({**finding, "location": where})
    return {**report, "findings": findings}


def lay_out(directory: Path, hosts: int) -> None:
    """Write the reports of a fleet."""
    chance = random.Random(7)  # noqa: S311 - the same fleet each time
    reports = [audited(sample) for sample in SAMPLES]
    for number, one in enumerate(chance.choices(reports, SHARES, k=hosts)):
        path = directory / f"node{number:05}.json"
        path.write_text(json.dumps(vary(one, chance)), encoding="ascii")


def run(hosts: int, runs: int) -> list[str]:
    """Return the rows of the table for a fleet."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        lay_out(directory, hosts)
        size = sum(path.stat().st_size for path in directory.iterdir()) / 1e6
        commands = {
            MERGE: [*PROGRAM, "merge", "--format", "json", "--output", "/dev/null", name],
            LOAD: [sys.executable, "-c", _LOAD, name],
        }
        samples: dict[str, list[Sample]] = {command: [] for command in commands}
        for _ in range(runs):
            for command, arguments in commands.items():
                samples[command].append(measure(arguments))
    base = median(one.wall for one in samples[LOAD])
    return [
        f"| {hosts:,} reports, {size:.0f} MB | {command} | {median(x.wall for x in found):.2f} "
        f"| {max(x.peak for x in found) / 1e6:.0f} | {median(x.wall for x in found) / base:.2f} |"
        for command, found in samples.items()
    ]


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hosts", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    rows = [row for hosts in options.hosts for row in run(hosts, options.runs)]
    day = datetime.datetime.now(tz=datetime.timezone.utc).date()
    surroundings = (
        f"Measured on {day}: {os.cpu_count()} processors, {platform.system()}, "
        f"Python {platform.python_version()}; medians of {options.runs} interleaved runs."
    )
    table = "\n".join(
        (
            surroundings,
            "",
            "| reports | command | wall s | peak MB | wall, of reading alone |",
            "|---|---|---|---|---|",
            *rows,
        )
    )
    sys.stdout.write(f"{table}\n")
    if options.write is not None:
        put_between(options.write, BEGIN, END, table)


if __name__ == "__main__":
    main()
