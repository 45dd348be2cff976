"""What the text of a file shows that no server tells: lines lost to a comment, template marks.

Every file of the audit is looked at, so all but a few are told apart by a search for a pair of
characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from glance_audit.apache import directive_names
from glance_audit.files import FileSource, Place, Unreadable
from glance_audit.record import NamedTuple

_BLANKS = " \t\n\v\f\r"  # Apache's
_INI_BLANKS = " \t\r"
_NOT_INI = (".xml", ".yaml", ".yml", ".json", ".js")
# core/utils.c, magic_sub: a percent sign takes the next character, whatever it is.
_VARIABLE = re.compile(r"%(.)", re.DOTALL)
# Bounded, so that a line of megabytes is not searched to its end for each of its marks.
_JINJA = r"\{%[-+~]?[ \t]{0,9}\w[^\n]{0,300}?%\}"
_MUSTACHE = r"\{\{[{#^/>&!~-]?[ \t]{0,9}[\w.@\"'$(][^\n]{0,300}?\}\}"
_ERB = r"<%[=# \t-][^\n]{0,300}?%>"
_TEMPLATE = re.compile(f"(?P<Jinja>{_JINJA})|(?P<Mustache>{_MUSTACHE})|(?P<ERB>{_ERB})")
_MOST = 100  # marks looked at in one file


class SwallowedLine(NamedTuple):
    """A comment that goes on in the next line, which was meant to count.

    ``mark`` is the character at the comment's end, ``hidden`` the line that is lost.
    """

    mark: str
    comment: Place
    hidden: Place


class TemplateFile(NamedTuple):
    """A file with marks of a template language; ``place`` is the first of its ``marks``."""

    language: str
    place: Place
    marks: int


class FileMarks(NamedTuple):
    """What the files of an audit show."""

    swallowed: tuple[SwallowedLine, ...] = ()
    templates: tuple[TemplateFile, ...] = ()

    @property
    def template_files(self) -> frozenset[str]:
        """The files that are templates."""
        return frozenset(template.place.file for template in self.templates)


NO_MARKS = FileMarks()


def find_marks(
    source: FileSource, apache_files: Iterable[str], uwsgi_files: Iterable[str]
) -> FileMarks:
    """Look through the files of the servers, each once."""
    swallowed: list[SwallowedLine] = []
    templates: list[TemplateFile] = []

    for file in dict.fromkeys(apache_files):
        text = _text(source, file)
        # One character is found ten times as fast as two.
        if "\\" in text and ("\\\n" in text or "\\\r\n" in text):
            swallowed += _behind_backslash(file, text)
        if _has_mark(text):
            templates += _template(file, text, "#")
    for file in dict.fromkeys(uwsgi_files):
        text = _text(source, file)
        if "%\n" in text and not file.endswith(_NOT_INI):
            swallowed += _behind_percent(file, text)
        if _has_mark(text):
            templates += _template(file, text, "#;")
    return FileMarks(tuple(swallowed), tuple(templates))


def _text(source: FileSource, file: str) -> str:
    try:
        return source.text(file)
    except Unreadable:  # told where it was to be read
        return ""


def _has_mark(text: str) -> bool:
    """Whether ``{{``, ``{%`` or ``<%`` is in a text, by its few braces and percent signs."""
    at = text.find("{")
    while at >= 0:
        if text[at + 1 : at + 2] in ("{", "%"):
            return True
        at = text.find("{", at + 1)
    at = text.find("%", 1)
    while at >= 0:
        if text[at - 1] == "<":
            return True
        at = text.find("%", at + 1)
    return False


def _behind_backslash(file: str, text: str) -> Iterator[SwallowedLine]:
    """Yield Apache's comments that end in a backslash and hide a directive.

    What else is hidden is the rest of a directive that was commented out as a whole.
    """
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        first = at
        while at + 1 < len(lines) and lines[at].removesuffix("\r").endswith("\\"):
            at += 1
        if lines[first].lstrip(_BLANKS).startswith("#"):
            for hidden in range(first + 1, at + 1):
                if _is_directive(lines[hidden]):
                    comment = _line(file, hidden - 1, lines[hidden - 1], _BLANKS)
                    found = _line(file, hidden, lines[hidden], _BLANKS)
                    yield SwallowedLine("\\", comment, found)
                    break
        at += 1


@cache
def _names() -> frozenset[str]:
    return directive_names()


def _is_directive(line: str) -> bool:
    words = line.split(None, 1)
    word = words[0].lower() if words else ""
    return word.startswith("</") or word in _names()


def _behind_percent(file: str, text: str) -> Iterator[SwallowedLine]:
    """Yield uWSGI's comments that end in a percent sign and hide the line behind them."""
    lines = text.split("\n")
    numbers: dict[int, None] = {}  # from 0, of the lines whose end is taken
    number = counted = 0
    for match in _VARIABLE.finditer(text):
        if match[1] == "\n":
            number += text.count("\n", counted, match.start(1))
            numbers[number] = None
            counted = match.start(1)
    for number in numbers:
        first = number
        while first - 1 in numbers:
            first -= 1
        hidden = lines[number + 1].strip(_INI_BLANKS)
        if lines[first].lstrip(_INI_BLANKS)[:1] in ("#", ";") and hidden[:1] not in ("", "#", ";"):
            comment = _line(file, number, lines[number], _INI_BLANKS)
            yield SwallowedLine("%", comment, _line(file, number + 1, lines[number + 1], " \t\r"))


def _line(file: str, index: int, line: str, blanks: str) -> Place:
    stripped = line.strip(blanks)
    column = line.index(stripped) + 1
    return Place(file, index + 1, column, index + 1, column + len(stripped))


def _template(file: str, text: str, comments: str) -> Iterator[TemplateFile]:
    first: tuple[str, Place] | None = None
    count = 0
    for match in islice(_TEMPLATE.finditer(text), _MOST):
        start = text.rfind("\n", 0, match.start()) + 1
        line = text[start : match.start()].lstrip(_BLANKS)
        # mod_substitute replaces such marks in pages.
        if (line and line[0] in comments) or line[:10].lower() == "substitute":
            continue
        count += 1
        if first is None:
            number = text.count("\n", 0, start) + 1
            column = match.start() - start + 1
            place = Place(file, number, column, number, column + len(match[0]))
            first = (match.lastgroup or "", place)
    if first is not None:
        language = "Jinja" if _has_jinja(text) else first[0]
        yield TemplateFile(language, first[1], count)


def _has_jinja(text: str) -> bool:
    return re.search(_JINJA, text) is not None
