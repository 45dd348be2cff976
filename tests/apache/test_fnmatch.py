from __future__ import annotations

import time

import pytest

from glance_audit.apache.fnmatch import Pattern, has_wildcard

NAMES = [
    "a.conf", "b.conf", "c.conf", "].conf", "-.conf", "*.conf", ".h.conf", "é.conf", "a.conf~",
    "aab", "A.conf", "[", "a[", "[[:alpha:]].conf", "a\\.conf", "!.conf", "[a",
]  # fmt: skip
EVERY_CONF = {
    "!.conf", "*.conf", "-.conf", "A.conf", "[[:alpha:]].conf", "].conf", "a.conf", "a\\.conf",
    "b.conf", "c.conf", "é.conf",
}  # fmt: skip


# What `IncludeOptional` of Apache 2.4.71 took from a directory with these names.
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", EVERY_CONF | {"[", "[a", "a.conf~", "a[", "aab"}),
        ("**", EVERY_CONF | {"[", "[a", "a.conf~", "a[", "aab"}),
        ("*.conf", EVERY_CONF),
        ("*f", EVERY_CONF),
        ("*.conf~", {"a.conf~"}),
        (
            "?.conf",
            {"!.conf", "*.conf", "-.conf", "A.conf", "].conf", "a.conf", "b.conf", "c.conf"},
        ),
        ("??.conf", {"a\\.conf", "é.conf"}),  # bytes: é has two
        ("?é*", set()),
        ("é*", {"é.conf"}),
        ("[é].conf", set()),
        ("[ab].conf", {"a.conf", "b.conf"}),
        ("[!b].conf", {"!.conf", "*.conf", "-.conf", "A.conf", "].conf", "a.conf", "c.conf"}),
        ("[^b].conf", {"!.conf", "*.conf", "-.conf", "A.conf", "].conf", "a.conf", "c.conf"}),
        ("[a-c].conf", {"a.conf", "b.conf", "c.conf"}),
        ("[c-a].conf", set()),
        ("[]].conf", {"].conf"}),
        ("[]a].conf", {"].conf", "a.conf"}),
        ("[\\]].conf", {"].conf"}),
        ("[!]].conf", {"!.conf", "*.conf", "-.conf", "A.conf", "a.conf", "b.conf", "c.conf"}),
        ("[a-].conf", {"-.conf", "a.conf"}),
        ("[-a].conf", {"-.conf", "a.conf"}),
        ("[a\\-c].conf", {"-.conf", "a.conf", "c.conf"}),
        ("[\\a-\\c].conf", {"a.conf", "b.conf", "c.conf"}),
        ("[+--].conf", {"-.conf"}),
        ("[*].conf", {"*.conf"}),
        ("*\\*.conf", {"*.conf"}),
        ("[[:alpha:]].conf", set()),
        (".*", {".h.conf"}),
        (".h*", {".h.conf"}),
        ("[.]h.conf", set()),
        ("*[", {"[", "a["}),
        ("*a*a*b*", {"aab"}),
        ("\\a.con[f]", {"a.conf"}),
        ("A*", {"A.conf"}),
        ("[a-]*", {"-.conf", "a.conf", "a.conf~", "a[", "a\\.conf", "aab"}),
        ("[!].conf", set()),
    ],
)
def test_a_pattern_takes_what_apache_takes(pattern: str, expected: set[str]) -> None:
    compiled = Pattern(pattern)
    assert {name for name in NAMES if compiled.matches(name)} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.conf", False), ("*", True), ("a?", True), ("\\*", False), ("[a", False), ("a]", False),
        ("[a]", True), ("]a[", False), ("\\[a]", False), ("[\\]", False), ("a\\", False),
    ],
)  # fmt: skip
def test_a_wildcard_is_told_from_a_name(text: str, expected: bool) -> None:
    assert has_wildcard(text) is expected


def test_many_stars_do_not_run_for_ever() -> None:
    started = time.perf_counter()
    assert not Pattern("*a" * 100 + "b").matches("a" * 255)
    assert time.perf_counter() - started < 1
