from __future__ import annotations

import pytest

from glance_audit.uwsgi import atoi, is_true
from glance_audit.uwsgi.values import strtoll, strtoul


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("10", 10),
        ("10s", 10),
        ("64k", 64),
        (" \t-3x", -3),
        ("+7", 7),
        ("true", 0),
        ("", 0),
        ("%(to)", 0),
        ("0x10", 0),
        ("\u0663", 0),
        ("4294967297", 1),
        ("2147483648", -2147483648),
    ],
)
def test_a_number_ends_where_its_digits_end(value: str, number: int) -> None:
    assert atoi(value) == number


def test_a_long_number_stops_at_64_bits() -> None:
    assert strtoll("9" * 10_000) == 2**63 - 1
    assert strtoll("-" + "9" * 10_000) == -(2**63)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("21474836480", 21474836480),
        ("10g", 10),
        (" +7", 7),
        ("true", 0),
        ("", 0),
        ("-1", 2**64 - 1),
        ("-0", 0),
        ("18446744073709551614", 2**64 - 2),
        ("18446744073709551616", 2**64 - 1),
        ("9" * 10_000, 2**64 - 1),
        ("-" + "9" * 10_000, 2**64 - 1),
    ],
)
def test_an_unsigned_number_has_64_bits(value: str, number: int) -> None:
    assert strtoul(value) == number


@pytest.mark.parametrize("value", ["false", "FALSE", "Off", "no", "0"])
def test_only_four_words_switch_off(value: str) -> None:
    assert not is_true(value)


@pytest.mark.parametrize(
    "value", ["", "1", "true", "n", "none", "disabled", "00", '"false"', "false ; x", " false"]
)
def test_every_other_word_switches_on(value: str) -> None:
    assert is_true(value)
