"""The manual page ``glance-audit(1)``, made from the parsers of the command line.

Libraries that make pages from argparse take one parser, and its epilogs as they are; here each word
has a parser of its own, and the formats and exit statuses are lists. What no parser knows, the
environment and the files, stands below.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator

from glance_audit import __version__
from glance_audit.cli.parser import PROGRAM, make_parser
from glance_audit.cli.status import STATUSES
from glance_audit.cli.word import DEFAULT, WORDS
from glance_audit.report.formats import FORMATS

ENVIRONMENT = {
    "NO_COLOR": "when it is set and not empty, nothing is coloured",
    "FORCE_COLOR": "when it is set, and not 0, reports are coloured wherever they go",
    "FORCE_HYPERLINK": "whether codes are links to the pages of their rules: 0 is no, all else yes",
    "COLUMNS": "how wide reports are drawn, in the place of the terminal's width",
    "TERM": "dumb: neither colours nor links",
    "GLANCE_AUDIT_DEBUG": "when it is set, internal errors are told with their traceback",
}
FILES = {
    "glance-audit.toml": "the settings: the nearest one from the working directory up to the root "
    "of its repository",
    "pyproject.toml": "the same, in its table [tool.glance-audit]",
}
EXAMPLES = {
    f"{PROGRAM} /etc/apache2": "Audit the deployment of this machine.",
    f"{PROGRAM} --root /srv/image /etc/httpd": "Audit a container's or a collected tree.",
    f"{PROGRAM} --format sarif -o report.sarif /etc/apache2": "Write a report for code scanning.",
    f"{PROGRAM} show /etc/apache2": "Draw the routes to Glance and what is behind them.",
    f"{PROGRAM} explain GA201": "Tell what a rule looks for, why, and what was measured.",
    f"{PROGRAM} merge reports/": "Make one report of those of many hosts.",
}
SITE = "https://glance-audit.readthedocs.io/"


def man_page() -> str:
    """Return the page in the language of man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    check = make_parser(DEFAULT)
    name, _, what = (check.description or "").partition(": ")
    yield f'.TH {PROGRAM.upper()} 1 "" "{PROGRAM} {__version__}" "User Commands"'
    yield from (".nh", ".ad l", ".SH NAME")
    yield rf"{escaped(PROGRAM)} \- {escaped(name[0].lower() + _one_line(name[1:]))}"
    yield ".SH SYNOPSIS"
    yield ".PD 0"
    for word in WORDS:
        yield from (".HP", _synopsis(word))
    yield ".PD"
    yield ".SH DESCRIPTION"
    what = _one_line(what)
    yield escaped(what[0].upper() + what[1:])
    yield ".SH WORDS"
    yield "A word in front says what is asked for; a path that is also a word is written ./word."
    for word, said in WORDS.items():
        yield from _item(rf"\fB{escaped(word)}\fR", f"{said[0].upper()}{said[1:]}.")
    yield ".SH OPTIONS"
    for group in _groups(check):
        yield f".SS {escaped(_title(group))}"
        yield from _options(group._group_actions)
    shared = {option for action in check._actions for option in action.option_strings}
    for word in WORDS:
        yield from _of_word(word, shared)
    yield ".SH FORMATS"
    for format_name, one in FORMATS.items():
        yield from _item(rf"\fB{escaped(format_name)}\fR", one.use)
    yield from _list("EXIT STATUS", {str(code): said for code, said in STATUSES.items()})
    yield from _list("ENVIRONMENT", ENVIRONMENT)
    yield from _list("FILES", FILES)
    yield ".SH EXAMPLES"
    for command, said in EXAMPLES.items():
        yield from _item(rf"\fB{escaped(command)}\fR", said)
    yield ".SH SEE ALSO"
    yield rf"\fBapache2\fR(8), \fBapachectl\fR(8), \fBuwsgi\fR(1), {escaped(SITE)}"


_NUMBERS: dict[str | int | None, str] = {None: "{}", "?": "[{}]", "*": "{} ..."}


def _synopsis(word: str) -> str:
    command = PROGRAM if word == DEFAULT else f"{PROGRAM} {word}"
    positional = [action for action in make_parser(word)._actions if not action.option_strings]
    values = " ".join(
        _NUMBERS[action.nargs].format(rf"\fI{escaped(str(action.metavar))}\fR")
        for action in positional
    )
    return rf"\fB{escaped(command)}\fR [\fIoptions\fR] {values}".rstrip()


def _of_word(word: str, shared: set[str]) -> Iterator[str]:
    parser = make_parser(word)
    if word == DEFAULT:
        return
    own = [
        action
        for action in parser._actions
        if not action.option_strings or not shared.issuperset(action.option_strings)
    ]
    others = [
        action for action in parser._actions
        if action.option_strings and shared.issuperset(action.option_strings)
        and "--help" not in action.option_strings
    ]  # fmt: skip
    yield f".SS {escaped(word)}"
    yield escaped(_one_line(parser.description or ""))
    yield from _options(own)
    if others:
        names = ", ".join(rf"\fB{escaped(action.option_strings[-1])}\fR" for action in others)
        yield from (".PP", f"It has these options, as above: {names}.")


def _groups(parser: argparse.ArgumentParser) -> Iterable[argparse._ArgumentGroup]:
    return [group for group in parser._action_groups if group._group_actions]


def _title(group: argparse._ArgumentGroup) -> str:
    return {"positional arguments": "what is audited", "options": "general"}.get(
        group.title or "", group.title or ""
    )


def _options(actions: Iterable[argparse.Action]) -> Iterator[str]:
    for action in actions:
        if action.help != argparse.SUPPRESS:
            yield from _item(", ".join(_names(action)), action.help or "")


def _names(action: argparse.Action) -> list[str]:
    metavar = action.metavar if isinstance(action.metavar, str) else None
    if metavar is None and action.choices:
        metavar = "{" + ",".join(map(str, action.choices)) + "}"
    value = "" if metavar is None or action.nargs == 0 else rf"\fI{escaped(metavar)}\fR"
    if not action.option_strings:
        return [value]
    names = [rf"\fB{escaped(option)}\fR" for option in action.option_strings]
    return [*names[:-1], f"{names[-1]} {value}".rstrip()]


def _list(title: str, said: dict[str, str]) -> Iterator[str]:
    yield f".SH {title}"
    for name, what in said.items():
        yield from _item(rf"\fB{escaped(name)}\fR", what)


def _item(head: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield head
    yield escaped(_one_line(text)) if text else r"\&"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def escaped(text: str) -> str:
    """Return text as roff takes it for text: hyphens to be copied, no requests, ASCII alone."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    text = re.sub(r"[^\x00-\x7f]", lambda found: rf"\[u{ord(found[0]):04X}]", text)
    return rf"\&{text}" if text[:1] in (".", "'") else text
