"""A long run: ``make fuzz``. Prints how many cases were accepted, refused, and read otherwise.

FUZZ_FILES, FUZZ_TREES and FUZZ_UWSGI (of each build) say how many cases are tried, FUZZ_SEED which.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

from tests.oracle.fuzz.budget import amount
from tests.oracle.fuzz.campaign import CASES, Campaign, prepared, run

_AT_ONCE = {"FILES": 500}
_OTHERS_AT_ONCE = 50
_SHRINKS = 1  # for each of these


def main() -> int:
    """Try all cases on all processors; return 1 when the readers disagree on one."""
    total: Counter[str] = Counter()
    with Pool(os.cpu_count()) as pool:
        for kind in CASES:
            started = time.monotonic()
            step = _AT_ONCE.get(kind, _OTHERS_AT_ONCE)
            jobs = [(kind, start, step) for start in range(0, amount(kind), step)]
            counts: Counter[str] = Counter()
            for campaign in pool.imap_unordered(_campaign, jobs):
                counts += campaign.counts
                for disagreement in campaign.disagreements:
                    print(disagreement, end="\n\n", flush=True)
            said = ", ".join(f"{counts[name]} {name}" for name in _TOLD)
            print(f"{kind.lower()}: {said}; {time.monotonic() - started:.0f} s", flush=True)
            total += counts
    return 1 if total["disagreements"] else 0


_TOLD = ("cases", "accepted", "refused", "not comparable", "disagreements")


def _campaign(job: tuple[str, int, int]) -> Campaign:
    kind, start, step = job
    numbers = range(start, min(start + step, amount(kind)))
    with tempfile.TemporaryDirectory() as built, tempfile.TemporaryDirectory() as place:
        return run(kind, numbers, prepared(kind, Path(built)), Path(place), shrinks=_SHRINKS)


if __name__ == "__main__":
    sys.exit(main())
