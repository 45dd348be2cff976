"""Durations as Apache reads them."""

from __future__ import annotations

import pytest

from glance_audit.deployment.timer import Timer, parse_duration
from glance_audit.files import Place


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30),
        ("30s", 30),
        ("500ms", 0.5),
        ("5min", 300),
        ("5mi", 300),
        ("1h", 3600),
        ("1H", 3600),
        ("0", 0),
        ("", None),
        ("30 s", None),
        ("30x", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_a_duration_has_a_unit(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == seconds


def test_a_timer_names_itself() -> None:
    assert Timer("Timeout", 60).text == "Timeout 60 s by default"
    assert Timer("ProxyTimeout", 0.5, Place("/f", 1)).text == "ProxyTimeout 0.5 s"
