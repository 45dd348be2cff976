"""Time and memory of an audit beside ``apache2 -t`` and other readers of the same tree.

    python -m bench.compare [--slow] [--hosts 1000 10000] [--runs 5] [--write docs/performance.md]

The commands of a tree run one after the other, again and again, so that whatever slows the machine
slows them alike: only ratios of one run mean anything. Prints a Markdown table, or puts it between
the marks of a file. First comes a small deployment, which shows what a start takes.
"""

from __future__ import annotations

import argparse
import datetime
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.tree import write_tree

LARGEST_FILE = 15_000  # hosts
SMALL = Path(__file__).resolve().parents[1] / "samples" / "recommended"
GLANCE_AUDIT = "glance-audit --format json"
APACHE = "apache2 -t"
AUGTOOL, APACHECONFIG = "augtool", "apacheconfig"
BEGIN, END = "<!-- measured:begin -->", "<!-- measured:end -->"
# Modules are compiled once, as an installation does, and not on every start.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name[:10] != "PYTHONDONT"}
_APACHECONFIG = """
import sys
from pathlib import Path
from apacheconfig import flavors, make_loader
for file in sorted(Path(sys.argv[1]).rglob("*.conf")):
    with make_loader(writable=True, **flavors.NATIVE_APACHE) as loader:
        loader.loads(file.read_text())
"""
_AUGTOOL = """\
set /augeas/load/Httpd/lens Httpd.lns
set /augeas/load/Httpd/incl[1] {root}/httpd.conf
set /augeas/load/Httpd/incl[2] {root}/sites/*.conf
load
match /files//VirtualHost
"""


class Sample(NamedTuple):
    """One run: seconds on the wall and of the processor, peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


def commands(root: Path, main: Path, *, slow: bool) -> dict[str, list[str] | None]:
    """Return what is compared, by name, None for what is not installed.

    ``slow`` takes the readers of minutes too.
    """
    apache2 = apache_binary()
    found: dict[str, list[str] | None] = {
        GLANCE_AUDIT: audit_of(root),
        APACHE: [apache2, "-t", "-f", str(main)] if apache2 is not None else None,
    }
    if slow:
        script = root.parent / "augtool.script"
        script.write_text(_AUGTOOL.format(root=root), encoding="utf-8")
        augtool = ["augtool", "--noautoload", "--file", str(script)]
        found[AUGTOOL] = augtool if shutil.which("augtool") else None
        parser = [sys.executable, "-c", _APACHECONFIG, str(root)]
        found[APACHECONFIG] = parser if installed(APACHECONFIG) else None
    return found


def audit_of(root: Path) -> list[str]:
    """Return the command of an audit."""
    return [sys.executable, "-m", "glance_audit", "--format", "json", str(root)]


def apache_binary() -> str | None:
    """Return where Apache is."""
    return shutil.which("apache2", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def installed(package: str) -> str | None:
    """Return the version of a Python package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def measure(command: list[str]) -> Sample:
    """Run a command once.

    Raises:
        SystemExit: it failed, so its time means nothing.
    """
    started = time.monotonic()
    with subprocess.Popen(
        command,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with status {process.returncode}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def compare(commands: dict[str, list[str] | None], runs: int) -> dict[str, Sample | None]:
    """Return each command's medians over interleaved runs; the first run counts for nothing."""
    samples: dict[str, list[Sample]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            if command is not None:
                sample = measure(command)
                if number:
                    samples[name].append(sample)
    return {
        name: Sample(
            median(one.wall for one in taken),
            median(one.cpu for one in taken),
            int(median(one.peak for one in taken)),
        )
        if taken
        else None
        for name, taken in samples.items()
    }


def surroundings(runs: int) -> str:
    """Return when and with what it was measured."""
    apache2 = apache_binary()
    parts = [f"Python {platform.python_version()}", f"Apache {_said(apache2, '-v')}"]
    parts += [f"augtool {_said(shutil.which('augtool'), '--version')}"]
    parts += [f"apacheconfig {installed(APACHECONFIG) or 'not installed'}"]
    day = datetime.datetime.now(tz=datetime.timezone.utc).date()
    return (
        f"Measured on {day}: {os.cpu_count()} processors, {platform.system()}, "
        f"{', '.join(parts)}; medians of {runs} interleaved runs.\n"
    )


def _said(program: str | None, option: str) -> str:
    """Return the version a program tells."""
    if program is None:
        return "not installed"
    done = subprocess.run([program, option], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else "?"


def rows(hosts: list[int], runs: int, *, slow: bool) -> Iterator[str]:
    """Measure everything and yield the report, line by line."""
    yield surroundings(runs)
    yield "| tree | command | wall s | CPU s | peak MB | wall, of apache2's |"
    yield "|---|---|---|---|---|---|"
    bare: dict[str, list[str] | None] = {
        GLANCE_AUDIT: audit_of(SMALL),
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    yield from _table("a small deployment", compare(bare, max(runs, 15)))
    taken: dict[tuple[str, str, int], float] = {}
    for shape in ("files", "one file"):
        for count in hosts:
            if shape == "one file" and count > LARGEST_FILE:
                continue  # larger than what a file may be
            with tempfile.TemporaryDirectory() as directory:
                root = Path(directory) / "apache"
                main_file = write_tree(root, count, one_file=shape == "one file")
                # The readers that take minutes for a large tree are asked about a small one.
                asked = commands(root, main_file, slow=slow and count <= 1000)
                found = compare(asked, runs)
            taken |= {(shape, name, count): one.cpu for name, one in found.items() if one}
            yield from _table(f"{count:,} hosts, {shape}", found)
    yield "\nGrowth of the CPU time, as the exponent of the number of hosts:\n"
    for shape in ("files", "one file"):
        for low, high in pairwise(hosts):
            for name in (GLANCE_AUDIT, APACHE):
                if {(shape, name, low), (shape, name, high)} <= taken.keys():
                    growth = taken[shape, name, high] / taken[shape, name, low]
                    exponent = math.log(growth) / math.log(high / low)
                    yield f"- {name}, {shape}, {low:,} to {high:,}: {exponent:.2f}"


def _table(tree: str, found: dict[str, Sample | None]) -> Iterator[str]:
    base = found.get(APACHE)
    for name, one in found.items():
        if one is None:
            yield f"| {tree} | {name} | not installed | | | |"
            continue
        ratio = f"{one.wall / base.wall:.2f}" if base else ""
        yield (
            f"| {tree} | {name} | {one.wall:.2f} | {one.cpu:.2f} | {one.peak / 1e6:.0f} | {ratio} |"
        )


def put_between(file: Path, begin: str, end: str, measured: str) -> None:
    """Put what was measured between the marks of a file."""
    text = file.read_text(encoding="utf-8")
    before, behind = text.partition(begin)[0], text.partition(end)[2]
    file.write_text(f"{before}{begin}\n{measured}\n{end}{behind}", encoding="utf-8")


def main() -> None:
    """Write the trees, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, nargs="+", default=[1000, 10_000, 30_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="augtool and apacheconfig as well")
    parser.add_argument("--write", type=Path, help="put it between the marks of this file")
    options = parser.parse_args()
    lines = []
    for line in rows(options.hosts, options.runs, slow=options.slow):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        lines.append(line)
    if options.write is not None:
        put_between(options.write, BEGIN, END, "\n".join(lines))


if __name__ == "__main__":
    main()
