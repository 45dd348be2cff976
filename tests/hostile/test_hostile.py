"""Whatever a tree holds: the audit ends, within bounds, says so, and runs nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.cases import BYTES, CASES, SECONDS, Hostile
from tests.hostile.run import EXECUTED, run


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_hostile_tree_is_audited_within_bounds(case: Hostile, tmp_path: Path) -> None:
    outcome = run(case, tmp_path / "root")

    assert outcome.complaint == ""
    assert outcome.status in case.statuses
    assert outcome.processor < SECONDS  # other work on the machine makes the wall's no measure
    assert outcome.peak < BYTES
    found = {finding["code"] for finding in outcome.report["findings"]}
    assert found >= set(case.codes)
    assert (outcome.status == 3) is bool(outcome.report["incomplete"])
    assert not EXECUTED.exists()
    # A file outside would show by its text, and nothing shows raw that moves a cursor.
    assert "LEAKED-FROM-OUTSIDE" not in outcome.printed
    assert "root:x:0:0" not in outcome.printed
    assert outcome.printed.isascii()
