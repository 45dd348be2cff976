"""Matching the patterns of an audited configuration, which nobody vouches for."""

from __future__ import annotations

import re
import warnings
from math import factorial

# Python's matcher backtracks. A pattern is run only when its shape bounds the work: none of its
# quantifiers stands over a group that holds a quantifier or an alternative. Then q quantifiers and
# o alternatives or optional parts take about subject ** q / q! * 2 ** o steps.
_LONGEST_PATTERN = 200
_LONGEST_SUBJECT = 300
_MOST_STEPS = 10_000_000

# Patterns people write for "every request"; they match the empty value of a missing header too.
_UNIVERSAL = frozenset({"", "^", "$", ".*", "^.*", ".*$", "^.*$", "(.*)", "^(.*)", "^(.*)$"})
_BRACES = re.compile(r"\{(\d*)(,?)(\d*)\}")


def matches_everything(pattern: str) -> bool:
    """Whether a regular expression is one of those that match any text."""
    return pattern in _UNIVERSAL


def pattern_matches(pattern: str, subject: str, *, ignore_case: bool = False) -> bool | None:
    """Search with one of the tree's regular expressions; None when it is not ours to run.

    That is: unsafe, or something that PCRE and Python do not read alike.
    """
    if matches_everything(pattern):
        return True
    if len(subject) > _LONGEST_SUBJECT or not is_safe(pattern):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as for [[:alpha:]], which is no class here
            compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except (re.error, OverflowError, RecursionError, Warning):
        return None
    return compiled.search(subject) is not None


def is_safe(pattern: str) -> bool:
    """Whether a regular expression's shape bounds the time it takes."""
    if len(pattern) > _LONGEST_PATTERN:
        return False
    quantifiers = options = 0
    groups = [False]  # for each open group: whether it holds a quantifier or an alternative
    closed = False  # the group that ended just before, and whether it did
    index = 0
    while index < len(pattern):
        character = pattern[index]
        width = 1
        repeated = False
        closes: bool | None = None
        if character == "\\":
            if pattern[index + 1 : index + 2].isdigit():
                return False  # a back-reference
            width = 2
        elif character == "[":
            width = _class_width(pattern, index)
        elif character == "(":
            groups.append(False)
            if pattern[index + 1 : index + 2] == "?":
                width = 2  # of (?: and (?i), no quantifier
        elif character == ")":
            if len(groups) == 1:
                return False
            closes = groups.pop()
            groups[-1] = groups[-1] or closes
        elif character in "|?":
            groups[-1] = True
            options += 1
        elif character in "*+":
            repeated = True
        elif character == "{" and (braces := _BRACES.match(pattern, index)):
            repeated, width = True, len(braces[0])
        if repeated:
            if closed:
                return False
            groups[-1] = True
            quantifiers += 1
        closed = bool(closes)
        index += width
    if quantifiers > 4 or options > 20:
        return False
    steps: int = _LONGEST_SUBJECT**quantifiers // factorial(quantifiers)
    return steps << options <= _MOST_STEPS


def _class_width(pattern: str, start: int) -> int:
    """Return the length of a character class; to the end of the pattern when it is not closed."""
    index = start + 1
    if pattern[index : index + 1] == "^":
        index += 1
    if pattern[index : index + 1] == "]":
        index += 1
    while index < len(pattern) and pattern[index] != "]":
        index += 2 if pattern[index] == "\\" else 1
    return index + 1 - start


def literal_prefix(pattern: str) -> str:
    """Return the path a regular expression starts with, such as ``/image`` of ``^/image/?(.*)``."""
    text = pattern.removeprefix("(?i)").removeprefix("^")
    taken: list[str] = []
    index = 0
    while index < len(text):
        character = text[index]
        if character == "\\" and index + 1 < len(text) and not text[index + 1].isalnum():
            character, index = text[index + 1], index + 1
        elif character in ".^$*+?()[]{}|\\":
            if character in "*?{" and taken:
                taken.pop()
            break
        taken.append(character)
        index += 1
    return "".join(taken)


def has_wildcard(text: str) -> bool:
    """Whether Apache takes a section's argument as a wildcard (``apr_fnmatch_test``)."""
    index = 0
    while index < len(text):
        if text[index] in "?*":
            return True
        if text[index] == "[" and "]" in text[index:]:
            return True
        index += 2 if text[index] == "\\" else 1
    return False


def wildcard_matches(pattern: str, subject: str, *, path: bool) -> bool:
    """Match a whole text as ``apr_fnmatch`` does; with ``path`` no wildcard takes a slash.

    Takes at most ``len(pattern) * len(subject)`` steps.
    """
    if path:
        wanted, given = pattern.split("/"), subject.split("/")
        return len(wanted) == len(given) and all(
            wildcard_matches(one, other, path=False)
            for one, other in zip(wanted, given, strict=True)
        )
    pieces = _pieces(pattern)
    at = here = marked = 0
    star = -1
    while here < len(subject):
        if at < len(pieces) and pieces[at] == "*":
            star, marked = at, here
            at += 1
        elif at < len(pieces) and _takes(pieces[at], subject[here]):
            at += 1
            here += 1
        elif star >= 0:
            marked += 1
            at, here = star + 1, marked
        else:
            return False
    return all(piece == "*" for piece in pieces[at:])


def _pieces(pattern: str) -> list[str]:
    """Cut into ``*``, ``?``, classes ``[…]`` and characters, each behind a backslash."""
    found = []
    index = 0
    while index < len(pattern):
        width = 1
        if pattern[index] == "\\" and index + 1 < len(pattern):
            width = 2
        elif pattern[index] == "[":
            end = pattern.find("]", index + (3 if pattern[index + 1 : index + 2] in "!^" else 2))
            width = end + 1 - index if end > 0 else 1
        piece = pattern[index : index + width]
        found.append(piece if width > 1 or piece in "*?" else "\\" + piece)
        index += width
    return found


def _takes(piece: str, character: str) -> bool:
    if piece == "?":
        return True
    if piece[0] == "\\":
        return piece[1] == character
    body = piece[1:-1]
    negated = body[:1] in ("!", "^")
    if negated:
        body = body[1:]
    index, found = 0, False
    while index < len(body):
        low = high = body[index]
        if body[index + 1 : index + 2] == "-" and index + 2 < len(body):
            high = body[index + 2]
            index += 2
        found = found or low <= character <= high
        index += 1
    return found is not negated
