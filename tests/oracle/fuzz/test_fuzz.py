"""Made-up and damaged configurations: the readers see what the installed servers see.

Every run tries the same ones. ``make fuzz`` tries many more, and makes a disagreement small.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.fuzz.budget import CHUNKS, amount
from tests.oracle.fuzz.campaign import run
from tests.oracle.fuzz.verdict import Judge

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("kind", ["FILES", "TREES", "UWSGI"])
def test_a_configuration_is_read_as_the_installed_server_reads_it(
    judge: Callable[[str], Judge], tmp_path: Path, kind: str, chunk: int
) -> None:
    campaign = run(kind, range(chunk, amount(kind), CHUNKS), judge(kind), tmp_path)

    assert not campaign.disagreements, "\n".join(campaign.disagreements[:3])
    # Were nearly all refused, or nearly none, little would have been compared.
    counts = campaign.counts
    assert min(counts["accepted"], counts["refused"]) > counts["cases"] / 10
    assert counts["not comparable"] < counts["cases"] / 10
