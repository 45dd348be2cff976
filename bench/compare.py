"""Time and memory of an audit beside ``apache2 -t`` and other readers of the same tree.

    python -m bench.compare [--hosts 1000 10000 30000] [--runs 5]

The commands of a tree run one after the other, again and again, so that whatever slows the machine
slows them alike: only ratios of one run mean anything. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.tree import write_tree

LARGEST_FILE = 15_000  # hosts
GLANCE_AUDIT = "glance-audit --format json"
APACHE = "apache2 -t"
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


@dataclass(frozen=True)
class Sample:
    """One run: seconds on the wall and of the processor, peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


def commands(root: Path, main: Path, *, slow: bool) -> dict[str, list[str]]:
    """Return what is compared, by name; ``slow`` takes the readers of minutes too."""
    apache2 = shutil.which("apache2", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    found = {GLANCE_AUDIT: [sys.executable, "-m", "glance_audit", "--format", "json", str(root)]}
    if apache2 is not None:
        found[APACHE] = [apache2, "-t", "-f", str(main)]
    if slow and shutil.which("augtool"):
        script = root.parent / "augtool.script"
        script.write_text(_AUGTOOL.format(root=root), encoding="utf-8")
        found["augtool"] = ["augtool", "--noautoload", "--file", str(script)]
    if slow:
        found["apacheconfig"] = [sys.executable, "-c", _APACHECONFIG, str(root)]
    return found


def measure(command: list[str]) -> Sample:
    """Run a command once.

    Raises:
        SystemExit: it failed, so its time means nothing.
    """
    started = time.monotonic()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with status {process.returncode}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def compare(commands: dict[str, list[str]], runs: int) -> dict[str, Sample]:
    """Return each command's medians over interleaved runs; the first run counts for nothing."""
    samples: dict[str, list[Sample]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            sample = measure(command)
            if number:
                samples[name].append(sample)
    return {
        name: Sample(
            median(one.wall for one in taken),
            median(one.cpu for one in taken),
            int(median(one.peak for one in taken)),
        )
        for name, taken in samples.items()
    }


def main() -> None:
    """Write the trees, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, nargs="+", default=[1000, 10_000, 30_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="augtool and apacheconfig as well")
    options = parser.parse_args()
    out = sys.stdout
    out.write("| tree | command | wall s | CPU s | peak MB | wall, of apache2's |\n")
    out.write("|---|---|---|---|---|---|\n")
    walls: dict[tuple[str, str, int], float] = {}
    for shape in ("files", "one file"):
        for hosts in options.hosts:
            if shape == "one file" and hosts > LARGEST_FILE:
                continue  # larger than what a file may be
            with tempfile.TemporaryDirectory() as directory:
                root = Path(directory) / "apache"
                main_file = write_tree(root, hosts, one_file=shape == "one file")
                # The readers that take minutes for a large tree are asked about a small one.
                slow = options.slow and hosts <= 1000
                found = compare(commands(root, main_file, slow=slow), options.runs)
            for name, one in found.items():
                walls[shape, name, hosts] = one.cpu
                base = found.get(APACHE)
                ratio = f"{one.wall / base.wall:.2f}" if base else ""
                out.write(
                    f"| {hosts} hosts, {shape} | {name} | {one.wall:.2f} | {one.cpu:.2f} | "
                    f"{one.peak / 1e6:.0f} | {ratio} |\n"
                )
                out.flush()
    out.write("\nGrowth of the CPU time, as the exponent of the number of hosts:\n\n")
    for shape in ("files", "one file"):
        for low, high in zip(options.hosts, options.hosts[1:], strict=False):
            for name in (GLANCE_AUDIT, APACHE):
                if {(shape, name, low), (shape, name, high)} <= walls.keys():
                    growth = walls[shape, name, high] / walls[shape, name, low]
                    exponent = math.log(growth) / math.log(high / low)
                    out.write(f"- {name}, {shape}, {low} to {high}: {exponent:.2f}\n")


if __name__ == "__main__":
    main()
