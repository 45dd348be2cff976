"""Lists in a sentence."""

from __future__ import annotations

import pytest

from glance_audit.engine.words import listing


@pytest.mark.parametrize(
    ("items", "most", "expected"),
    [
        ([], 4, ""),
        (["a"], 4, "a"),
        (["a", "b"], 4, "a and b"),
        (["a", "b", "a"], 4, "a and b"),
        (["a", "b", "c", "d"], 4, "a, b, c and d"),
        (["a", "b", "c", "d", "e"], 4, "a, b, c, d and 1 more"),
        (["a", "b", "c"], 1, "a and 2 more"),
    ],
)
def test_a_list_reads_as_a_sentence(items: list[str], most: int, expected: str) -> None:
    assert listing(items, most) == expected
