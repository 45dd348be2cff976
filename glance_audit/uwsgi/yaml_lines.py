"""YAML as a uWSGI built without libyaml reads it (PyPI): lines of ``key: value`` and no more.

Source: core/yaml.c without UWSGI_LIBYAML. ``#`` begins a comment anywhere, quotes stay in the
value, and the first line of the block that is no ``key: value`` (a list, a key whose value stands
below it) silently ends the reading.
"""

from __future__ import annotations

from glance_audit.files import Place, Problem
from glance_audit.uwsgi.record import Record, Section, Span, record, stopped
from glance_audit.uwsgi.text import ConfigText

_BLANKS = " \t"
_INDENT = " \t\r"


def read_lines(text: ConfigText, asked: str) -> Section:
    """Return what the block ``asked`` holds. Every text is readable."""
    records: list[Record] = []
    header: Place | None = None
    problems: tuple[Problem, ...] = ()
    left_early = False
    position = 0
    for raw in text.text.split("\n"):
        start, position = position, position + len(raw) + 1
        line = raw.partition("\0")[0].partition("#")[0]
        content = line.lstrip(_INDENT)
        indent = len(line) - len(content)
        if not indent and line and header is not None:
            left_early = True
            break
        # Only lines without indentation can begin a block: yaml_get_depth against depth 0.
        if not content or (indent and header is None):
            continue
        start += indent
        if header is None:
            name, colon, _ = content.partition(":")
            if colon and content[0] not in "-[{" and name == asked:
                header = text.place(start, start + len(name))
            continue
        found = _pair(text, content, start)
        if found is None:
            message = "the YAML reader of uWSGI from PyPI stops here: the rest is left out"
            advice = "write every option as key: value in one line; it knows no lists"
            problems = (stopped(text, message, start, advice),)
            left_early = True
            break
        records.append(found)
    return Section(tuple(records), header, None, problems, left_early)


def _pair(text: ConfigText, content: str, start: int) -> Record | None:
    at = content.find(": ")
    if at < 0:
        at = content.find(":\t")
    if at < 0 or content[0] in "-[{":
        return None
    key = content[:at].rstrip(_BLANKS)
    left = content[at + 2 :].lstrip(_INDENT)
    value_start = start + len(content) - len(left)
    value = left.rstrip(_BLANKS)
    key_span = Span(start, start + len(key))
    return record(text, key, value, key_span, Span(value_start, value_start + len(value)))
