"""Auditing one hostile tree in a process of its own, and what that took."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hostile.cases import SECONDS, Hostile

EXECUTED = Path("/tmp/glance-audit-was-executed")


@dataclass(frozen=True)
class Outcome:
    """What an audit came to: ``seconds`` on the wall, ``processor`` seconds, ``peak`` in bytes."""

    status: int
    seconds: float
    processor: float
    peak: int
    printed: str
    complaint: str

    @property
    def report(self) -> dict[str, Any]:
        """The report."""
        found: dict[str, Any] = json.loads(self.printed)
        return found


def run(case: Hostile, root: Path, output: str = "json") -> Outcome:
    """Write a case and audit it, as the command does; ended after three times its time."""
    root.mkdir(parents=True)
    case.write(root)
    command = [sys.executable, "-m", "glance_audit", "--format", output, "--root", str(root), "/"]
    printed, complaint = root.parent / "printed", root.parent / "complaint"
    started, before = time.monotonic(), _processor()
    with printed.open("wb") as out, complaint.open("wb") as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            if time.monotonic() - started > 3 * SECONDS:
                process.kill()
                process.wait()
            time.sleep(0.002)
    seconds = time.monotonic() - started
    return Outcome(
        process.returncode,
        seconds,
        _processor() - before,
        peak,
        printed.read_text("utf-8", "replace"),
        complaint.read_text("utf-8", "replace"),
    )


def _processor() -> float:
    """Return the seconds that ended child processes have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(pid: int) -> int:
    """Return the most memory a process has had so far, in bytes: rusage counts its parent's too."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
