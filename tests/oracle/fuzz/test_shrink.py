from __future__ import annotations

from tests.oracle.fuzz.shrink import shrunk


def test_what_a_difference_does_not_need_is_taken_away() -> None:
    files = {"main": b"one\ntwo\nthree x y\n", "other": b"four", "third": b"five\nsix"}

    small = shrunk(files, lambda each: b"x" in each["main"] and b"ix" in each.get("third", b""))

    assert small == {"main": b"x", "third": b"ix"}


def test_what_a_difference_needs_stays() -> None:
    files = {"main": b"a\nb"}

    assert shrunk(files, lambda each: each == files) == files
