"""The manual page."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from glance_audit.cli.parser import make_parser
from glance_audit.cli.word import WORDS
from tools.man_page import escaped, man_page


@pytest.fixture(scope="module")
def shown() -> str:
    """The page as a terminal of 80 columns has it, without bold and underlines."""
    groff = shutil.which("groff")
    assert groff is not None, "install groff-base: tools/install-servers.sh"
    done = subprocess.run(
        [groff, "-man", "-Tascii", "-P-c", "-P-b", "-P-u", "-ww", "-rLL=80n"],
        input=man_page(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_every_word_and_option_is_told(shown: str) -> None:
    for word in WORDS:
        assert re.search(rf"^ +glance-audit( {word})? \[options\]", shown, re.MULTILINE)
        for action in make_parser(word)._actions:
            for option in action.option_strings:
                told = re.search(rf"(?<![-\w]){re.escape(option)}(?![-\w])", shown)
                assert told or f"--no-{option[2:]}" in shown, option


def test_it_fits_eighty_columns(shown: str) -> None:
    assert max(map(len, shown.splitlines())) <= 80


def test_the_parts_of_a_manual_page_are_there_in_their_order(shown: str) -> None:
    heads = [row for row in shown.splitlines() if re.match(r"[A-Z][A-Z ]+$", row)]
    assert heads == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "WORDS", "OPTIONS", "FORMATS", "EXIT STATUS",
        "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "roff"),
    [
        ("--no-host", r"\-\-no\-host"),
        (".conf", r"\&.conf"),
        ("'x'", r"\&'x'"),
        (r"a\nb", r"a\enb"),
        ("\u2026", r"\[u2026]"),
    ],
)
def test_text_is_no_request_to_roff(text: str, roff: str) -> None:
    assert escaped(text) == roff


def test_it_is_the_same_tomorrow() -> None:
    assert man_page() == man_page()
    assert not re.search(r"20\d\d-\d\d", man_page().split("\n", 1)[0])
