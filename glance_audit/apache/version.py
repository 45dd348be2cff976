"""``<IfVersion>`` as mod_version compares."""

from __future__ import annotations

import re
import warnings

from glance_audit.apache.words import arguments

# major[.minor[.patch]]; mod_version lets a dot follow that nothing stands behind.
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]*){0,2}\Z|[0-9]+(?:\.[0-9]*){2}\.\Z")
_DIGITS = 9  # more are no version and, beyond some thousands, no int for Python
# The pattern is the audited tree's, and one of many or nested repetitions can run for ever.
_MOST_REPETITIONS = 8
_REPETITION = re.compile(r"[*+?{]")
_REPEATED_GROUP = re.compile(r"\)[*+?{]")


class Refused(Exception):
    """Apache refuses the argument of a conditional section; the text is its message."""


def version_holds(args: str, version: tuple[int, int, int]) -> bool:
    """Judge ``<IfVersion args``; ``args`` are all that follows it, the ``>`` too.

    Raises:
        Refused: Apache refuses it, or it is a regular expression beyond a bound of ours.
    """
    words = arguments(args, 0, 1, 3)
    if words is None:
        raise Refused("<IfVersion takes 1-3 arguments, a comparison operator, a version")
    operator, wanted = words[:2] if len(words) > 1 and words[1] else ("=", words[0])
    closer = words[2] if len(words) > 2 else ""
    if not closer and wanted == ">":  # quotes around a version without an operator
        closer, wanted, operator = ">", operator, "="
    if not wanted or (closer != ">" and not wanted.endswith(">")):
        raise Refused("<IfVersion> directive missing closing '>'")
    if closer != ">":
        wanted = wanted[:-1]
    negated = operator.startswith("!")
    sign = operator[1:] if negated and len(operator) > 1 else operator
    if sign not in ("=", "==", "<", "<=", ">", ">=", "~"):
        raise Refused(f"unrecognized operator '{operator}'")
    return _compare(sign, wanted, version) != negated


def _compare(sign: str, wanted: str, version: tuple[int, int, int]) -> bool:
    if sign == "~":
        return _matches(wanted, version)
    if sign[0] == "=" and wanted.startswith("/"):
        if len(wanted) < 2 or not wanted.endswith("/"):
            raise Refused("Missing delimiting / of regular expression.")
        return _matches(wanted[1:-1], version)
    if not _VERSION.match(wanted):
        raise Refused(
            "Version appears to be invalid. It must have the format major[.minor[.patch]] "
            "where major, minor and patch are numbers."
        )
    parts = [int(part[:_DIGITS] or "0") for part in wanted.split(".")]
    bound = (*parts, 0, 0)[:3]
    if version == bound:
        return "=" in sign
    return sign[0] == ("<" if version < bound else ">")


def _matches(pattern: str, version: tuple[int, int, int]) -> bool:
    repetitions = len(_REPETITION.findall(pattern))
    if repetitions > (1 if _REPEATED_GROUP.search(pattern) else _MOST_REPETITIONS):
        raise Refused("a regular expression with more repetitions than are safe to try")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(pattern.replace("[:digit:]", "0-9"))
    except (re.error, OverflowError, RecursionError):
        raise Refused("Unable to compile regular expression") from None
    return compiled.search(".".join(map(str, version))) is not None
