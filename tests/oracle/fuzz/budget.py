"""How much is tried, and from which seed: FUZZ_SEED, FUZZ_FILES, FUZZ_TREES and FUZZ_UWSGI.

The last one counts for each of the two builds of uWSGI.
"""

from __future__ import annotations

import os
from random import Random

CHUNKS = 4  # a test for each, so that they can run side by side
USUAL = {"FILES": 6000, "TREES": 400, "UWSGI": 400}


def amount(kind: str) -> int:
    """Return how many cases of a kind are tried: ``FILES``, ``TREES``, ``UWSGI`` and its builds."""
    name = kind.partition("/")[0]
    return int(os.environ.get(f"FUZZ_{name}", "") or USUAL[name])


def source(kind: str, number: int) -> Random:
    """Return the source of chance of one case; its number and the seed are all it depends on."""
    return Random(f"{os.environ.get('FUZZ_SEED', '') or 2}/{kind}/{number}")
