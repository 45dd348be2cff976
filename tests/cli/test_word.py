"""The word in front."""

from __future__ import annotations

import argparse

import pytest

from glance_audit.cli.parser import make_parser
from glance_audit.cli.word import VALUED, WORDS, split_word


@pytest.mark.parametrize(
    ("arguments", "word", "rest"),
    [
        (["/etc/apache2"], "check", ["/etc/apache2"]),
        (["check", "/etc/apache2"], "check", ["/etc/apache2"]),
        (["explain", "GA201"], "explain", ["GA201"]),
        (["-q", "show", "x"], "show", ["-q", "x"]),
        (["--root", "rules", "show", "x"], "show", ["--root", "rules", "x"]),
        (["--root=rules", "rules"], "rules", ["--root=rules"]),
        (["x", "rules"], "check", ["x", "rules"]),
        (["./rules"], "check", ["./rules"]),
        (["check", "rules"], "check", ["rules"]),
        (["-", "rules"], "check", ["-", "rules"]),
        (["--", "rules"], "check", ["--", "rules"]),
        (["--version"], "check", ["--version"]),
        ([], "check", []),
    ],
)
def test_the_word_is_the_first_argument_that_is_no_option(
    arguments: list[str], word: str, rest: list[str]
) -> None:
    assert split_word(arguments) == (word, rest)


def test_the_options_that_take_a_value_are_those_of_the_parsers() -> None:
    valued = {
        option
        for word in WORDS
        for action in make_parser(word)._actions
        if action.nargs is None and not isinstance(action, argparse._CountAction)
        for option in action.option_strings
    }
    assert valued == set(VALUED)
