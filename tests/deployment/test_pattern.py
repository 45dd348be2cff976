"""Patterns of the audited files: what they match, and which are never run."""

from __future__ import annotations

import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glance_audit.deployment.pattern import (
    has_wildcard,
    is_safe,
    literal_prefix,
    pattern_matches,
    wildcard_matches,
)

UNSAFE = [
    "(a+)+$",
    "(a*)*b",
    "((a+)b)+$",
    "((a+)?b?)+$",
    "(a|a)*b",
    "(?:a|ab)+c",
    "(a{1,9}){1,9}",
    "(x+x+)+y",
    "a?" * 60 + "a" * 60,
    "(a|a)" * 30 + "b",
    ".*.*.*.*.*.*=.*",
    r"(.)\1",
    "a" * 201,
    "a)b",
]


@pytest.mark.parametrize("pattern", UNSAFE)
def test_a_pattern_whose_shape_bounds_nothing_is_not_run(pattern: str) -> None:
    assert not is_safe(pattern)
    assert pattern_matches(pattern, "a" * 100) is None


@pytest.mark.parametrize(
    "pattern",
    ["(", "[", "*", "(?P<", "[[:alpha:]]", r"\Q/image\E", "(?>a)b(", "a{99999999999999999999}"],
)
def test_a_pattern_that_python_reads_otherwise_is_not_run(pattern: str) -> None:
    assert pattern_matches(pattern, "/image") is None


def test_a_long_subject_is_not_searched() -> None:
    assert pattern_matches("a.*b.*c", "a" * 301) is None
    assert pattern_matches(".*", "a" * 301) is True


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        ("^/image", "/image/v2", True),
        ("^/image$", "/image/v2", False),
        ("^/(image|glance)(/.*)?$", "/glance/v2", True),
        ("^/image/?(.*)$", "/image", True),
        (r"^/v\d+/images/[^/]+/file$", "/v2/images/1/file", True),
        ("^/IMAGE", "/image", False),
        ("[)+*(]+", "+", True),
        ("(?i)^/IMAGE", "/image", True),
        ("", "", True),
    ],
)
def test_what_people_write_is_run(pattern: str, subject: str, expected: bool) -> None:
    assert pattern_matches(pattern, subject) is expected


def test_case_can_be_ignored() -> None:
    assert pattern_matches("^/IMAGE", "/image", ignore_case=True) is True


@given(st.text(alphabet="ab()|*+?{}1,.[]^\\", max_size=40))
def test_no_text_makes_the_judgement_fail(pattern: str) -> None:
    assert pattern_matches(pattern, "/ab/ab/aab") in (True, False, None)


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("^/image/?(.*)", "/image"),
        ("^/image(/.*)?$", "/image"),
        ("^/image/(.*)$", "/image/"),
        (r"^/v2\.0/x", "/v2.0/x"),
        (r"^/v\d/x", "/v"),
        ("(?i)^/image", "/image"),
        ("/ima*", "/im"),
        ("/ima{2}", "/im"),
        ("^/(image|glance)", "/"),
        (".*", ""),
        ("", ""),
    ],
)
def test_the_literal_start_of_a_pattern(pattern: str, prefix: str) -> None:
    assert literal_prefix(pattern) == prefix


@pytest.mark.parametrize(
    ("text", "expected"),
    [("/a", False), ("/a*", True), ("/a?", True), ("/[a]", True), ("/[a", False), (r"/\*", False)],
)
def test_what_apache_takes_as_a_wildcard(text: str, expected: bool) -> None:
    assert has_wildcard(text) is expected


@pytest.mark.parametrize(
    ("pattern", "subject", "path", "expected"),
    [
        ("/im*", "/image", True, True),
        ("/im*", "/image/v2", True, False),
        ("/im*", "/image/v2", False, True),
        ("/*/v2/*", "/image/v2/x", True, True),
        ("/*/v2/*", "/image/v2/x/y", True, False),
        ("http://*/image/*", "http://h:1/image/v2", False, True),
        ("/[a-c]?", "/bx", True, True),
        ("/[!a-c]?", "/bx", True, False),
        ("/[^a-c]", "/d", True, True),
        ("/[]]", "/]", True, True),
        ("/[x", "/[x", True, True),
        (r"/\*", "/*", True, True),
        (r"/\*", "/a", True, False),
        ("*a*b", "aXbXab", False, True),
        ("*a*b", "aXbXa", False, False),
        ("", "", False, True),
        ("*", "", False, True),
        ("?", "", False, False),
    ],
)
def test_wildcards_take_the_whole(pattern: str, subject: str, path: bool, expected: bool) -> None:
    assert wildcard_matches(pattern, subject, path=path) is expected


@given(
    st.text(alphabet="ab*?/", max_size=12),
    st.text(alphabet="ab/", max_size=12),
)
def test_stars_and_marks_are_those_of_the_standard_library(pattern: str, subject: str) -> None:
    expected = re.match(translate(pattern), subject) is not None
    assert wildcard_matches(pattern, subject, path=False) is expected
