"""What a comment that begins with ``glance-audit`` says: which rules, why, and until when."""

from __future__ import annotations

import re

from glance_audit.deployment.suppression import NAME, Fault, RuleName, Suppression
from glance_audit.files import Place
from glance_audit.files.comment import Comment

_HEAD = re.compile(rf"{NAME}(?:[ \t]*:)?[ \t]*(?P<verb>[^\s\[\]]*)[ \t]*")
_OURS = re.compile(rf"{NAME}[ \t]*(?::|[ \t]ignore)")
_LIST = re.compile(r"\[(?P<rules>[^\[\]]*)\]")
_RULE = re.compile(r"[^\s,]+")
_WORD = re.compile(
    r"""[ \t]*(?:(?P<name>reason|until)=(?P<value>"[^"]*"|'[^']*'|[^\s"']+)(?=\s|\Z))"""
)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII)
_LINE, _FILE = "ignore", "ignore-file"
_MOST = 10_000  # characters of a suppression
_LONGEST = 60  # characters of a name


def is_ours(comment: Comment) -> bool:
    """Whether a comment is for this program, and not one that speaks of it."""
    return _OURS.match(comment.text) is not None


def suppression(comment: Comment, real: str, today: str) -> Suppression:
    """Take a comment apart; what it says wrong is its ``fault``.

    ``real`` is the file with links followed, ``today`` a date, or empty: nothing expires.
    """
    text = comment.text
    head = _HEAD.match(text)
    verb = head["verb"] if head is not None else ""
    start = head.end() if head is not None else 0
    bare = Suppression(
        comment.place, real, verb == _FILE, comment.first, comment.last, comment.section,
        comment.before,
    )  # fmt: skip
    if verb not in (_LINE, _FILE) or ":" not in text[:start] or len(text) > _MOST:
        return bare._replace(fault=Fault.NOT_UNDERSTOOD)
    listed = _LIST.match(text, start)
    rules = () if listed is None else _rules(comment, *listed.span("rules"))
    if listed is None or not rules:
        return bare._replace(fault=Fault.NO_RULE)
    words: dict[str, str] = {}
    at = listed.end()
    while at < len(text) and not text[at:].isspace():
        word = _WORD.match(text, at)
        if word is None or word["name"] in words:
            at = len(text) - len(text[at:].lstrip())
            return bare._replace(
                fault=Fault.NOT_UNDERSTOOD, wrong=_stretch(comment, at, len(text.rstrip()))
            )
        value = word["value"]
        words[word["name"]] = (value[1:-1] if value[0] in "\"'" else value).strip()
        if word["name"] == "until":
            bare = bare._replace(wrong=_stretch(comment, word.start("name"), word.end()))
        at = word.end()
    until = words.get("until", "")
    dated = bare.wrong
    bare = bare._replace(rules=rules, reason=words.get("reason", ""), until=until, wrong=None)
    if not comment.alone:
        return bare._replace(fault=Fault.NOT_ALONE)
    if not bare.reason:
        return bare._replace(fault=Fault.NO_REASON)
    if dated is not None and not _is_date(until):
        return bare._replace(fault=Fault.NO_DATE, wrong=dated)
    if dated is not None and today and until < today:
        return bare._replace(fault=Fault.EXPIRED, wrong=dated)
    if not bare.whole_file and not comment.first:
        return bare._replace(fault=Fault.NOTHING_FOLLOWS)
    return bare


def _rules(comment: Comment, first: int, last: int) -> tuple[RuleName, ...]:
    """Return the rules of a list, each once."""
    names: dict[str, RuleName] = {}
    for match in _RULE.finditer(comment.text, first, last):
        name = match[0] if len(match[0]) <= _LONGEST else f"{match[0][:_LONGEST]}..."
        names.setdefault(name.lower(), RuleName(name, _stretch(comment, *match.span())))
    return tuple(names.values())


def _stretch(comment: Comment, start: int, end: int) -> Place:
    """Return the place of a stretch of the text, of the whole comment when it has several lines."""
    place = comment.place
    if place.line != place.end_line:
        return place
    column = place.column + comment.skipped
    return place._replace(column=column + start, end_column=column + end)


def _is_date(text: str) -> bool:
    """Whether a text is a day of the calendar, written as ISO 8601 does."""
    match = _DATE.match(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    if not (year > 0 and 1 <= month <= 12):
        return False
    from calendar import monthrange  # for a suppression that has a date

    return 1 <= day <= monthrange(year, month)[1]
