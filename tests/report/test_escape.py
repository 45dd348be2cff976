"""What is shown of text that could deceive."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glance_audit.report.escape import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, caf\u00e9, 日本", "plain text, caf\u00e9, 日本"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\x00b\rc\nd\x7f", r"a\x00b\x0dc\x0ad\x7f"),
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("no\u00a0break\u3000wide\u2028line", r"no\u00a0break\u3000wide\u2028line"),
        ("\udcff\udc80", r"\xff\x80"),
        ("e\u0301", r"e\u0301"),
        ("\u3164\u2800", r"\u3164\u2800"),
        ("\U000e0041", r"\U000e0041"),
        ("a\tb", "a b"),
    ],
)
def test_what_is_invisible_is_spelt_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(codec=None)))
def test_whatever_is_shown_is_printable_and_is_shown_the_same_again(text: str) -> None:
    shown = visible(text)

    assert visible(shown) == shown
    assert shown.isprintable()
    assert not any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Mn", "Me") for one in shown)
