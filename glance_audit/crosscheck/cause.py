"""The known faults of the second reader, told from the text it read otherwise.

Each was measured with apacheconfig 0.3.2 against Apache's own reader, which in all of them reads
as we do.
"""

from __future__ import annotations

import re

_HASH = re.compile(r"[^ \t#].*#")
_EQUALS = re.compile(r"[ \t]*<?[\w.\-]+[ \t]*=")
_MACRO = re.compile(r"[ \t]*</?macro\b", re.IGNORECASE)
_CLOSING = re.compile(r"<[ \t]|<[^>]*>[ \t]*\S|</[^>]*[ \t]+>")


def known_cause(lines: list[str], before: str = "") -> str | None:
    """Return why the second reader differs on a directive, if that is known.

    ``lines`` are its physical lines, ``before`` is the one above them.
    """
    text = "\n".join(lines)
    if "\0" in text:
        return "it does not end a line at a NUL byte"
    if any("\r" in line.rstrip("\r") for line in lines):
        return "it takes a carriage return for a line end"
    if _HASH.match(text.strip(" \t\r")):
        return "it takes a # inside a line for the start of a comment"
    if "/*" in text or "*/" in text:
        return "it takes /* and */ for a comment"
    if "<<" in text:
        return "it takes << for a here-document"
    if len(lines) > 1 or any(one.rstrip(" \t\r").endswith("\\") for one in (before, text)):
        return "it joins continued lines otherwise"
    if _MACRO.match(text):
        return "it does not know that a macro may hold half a section"
    if _EQUALS.match(text):
        return "it takes the first = for the separator"
    if _CLOSING.search(text):
        return "it takes a > elsewhere for the end of a tag"
    if any(character in text for character in "\v\f\xa0\u2028\x85"):
        return "it has other blanks"
    return None


def known_failure(text: str) -> str | None:
    """Return why the second reader gives up on a whole file, if that is known."""
    if not text.strip():
        return "it cannot read a file without a line"
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.split("\n")):
        return "it cannot read a file of comments alone"
    causes = {known_cause([line]) for line in text.split("\n")} - {None}
    return "; or ".join(sorted(cause for cause in causes if cause)) or None
