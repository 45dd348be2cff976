"""The numbers that an operator can set."""

from __future__ import annotations

import pytest

from glance_audit.cli.word import VALUED
from glance_audit.deployment.threshold import load_thresholds

ALL = load_thresholds()


def test_every_threshold_says_what_it_is_and_where_it_comes_from() -> None:
    for one in ALL.all:
        assert one.value > 0, one
        assert one.unit in ("bytes", "seconds", "uploads"), one
        assert one.what.strip(), one
        assert one.source.strip(), one


def test_every_threshold_is_an_option() -> None:
    assert {f"--{one.name}" for one in ALL.all} <= VALUED


def test_an_unknown_threshold_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError, match="no-such"):
        ALL.value("no-such")
