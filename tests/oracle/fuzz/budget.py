"""How much is tried, and from which seed: FUZZ_SEED, FUZZ_FILES, FUZZ_TREES and FUZZ_UWSGI."""

from __future__ import annotations

import os
from random import Random

CHUNKS = 4  # a test for each, so that they can run side by side
_USUAL = {"FILES": 6000, "TREES": 400, "UWSGI": 400}


def amount(kind: str) -> int:
    """Return how many cases of a kind (``FILES``, ``TREES``, ``UWSGI``) are tried."""
    return int(os.environ.get(f"FUZZ_{kind}", "") or _USUAL[kind])


def source(kind: str, number: int) -> Random:
    """Return the source of chance of one case; its number and the seed are all it depends on."""
    return Random(f"{os.environ.get('FUZZ_SEED', '') or 2}/{kind}/{number}")
