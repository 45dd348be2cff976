"""Made-up and damaged configurations: the readers see what the installed servers see.

Every run tries the same ones. ``make fuzz`` tries many more, and makes a disagreement small.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.fuzz.budget import CHUNKS, USUAL, amount
from tests.oracle.fuzz.campaign import CASES, run
from tests.oracle.fuzz.verdict import Judge

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("kind", list(CASES))
def test_a_configuration_is_read_as_the_installed_server_reads_it(
    judge: Callable[[str], Judge], tmp_path: Path, kind: str, chunk: int
) -> None:
    numbers = range(chunk, amount(kind), CHUNKS)
    campaign = run(kind, numbers, judge(kind), tmp_path)

    assert not campaign.disagreements, "\n".join(campaign.disagreements[:3])
    # Were nearly all refused, or nearly none, little would have been compared.
    counts = campaign.counts
    assert counts["cases"] == len(numbers)
    assert min(counts["accepted"], counts["refused"]) > counts["cases"] / 10
    assert counts["not comparable"] < counts["cases"] / 10


def test_enough_is_tried_on_every_run() -> None:
    assert USUAL["FILES"] >= 2000
    assert USUAL["TREES"] >= 300
    assert USUAL["UWSGI"] >= 400
