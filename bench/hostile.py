"""Time and peak memory of an audit of each hostile tree of the tests.

    python -m bench.hostile

Prints a Markdown table; `tests/hostile` asserts the bounds.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.hostile.cases import BYTES, CASES, SECONDS
from tests.hostile.run import run


def main() -> None:
    """Run all cases, one after the other."""
    out = sys.stdout
    out.write(f"Bounds: {SECONDS} s and {BYTES / 1e9:g} GB.\n\n")
    out.write("| tree | exit status | seconds | peak MB |\n|---|---|---|---|\n")
    for case in CASES:
        with tempfile.TemporaryDirectory() as directory:
            done = run(case, Path(directory) / "root")
        row = f"| {case} | {done.status} | {done.seconds:.2f} | {done.peak / 1e6:.0f} |\n"
        out.write(row)
        out.flush()


if __name__ == "__main__":
    main()
