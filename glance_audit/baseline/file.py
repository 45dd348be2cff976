"""The baseline file: JSON, one finding a line, so that a change of it is read in a review."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from glance_audit.record import NamedTuple
from glance_audit.report.result import AuditReport

SCHEMA = 1
_KEYS = ("fingerprint", "code", "file", "text")


class BaselineError(Exception):
    """A text that is no baseline; the message says what and where."""


class Entry(NamedTuple):
    """One known finding.

    ``fingerprint`` is its identity: the hash of its code, file, marked text, enclosing sections and
    its number among equal ones, so that it stays the same while lines move. The rest is for people.
    """

    fingerprint: str
    code: str
    file: str
    text: str


def entries_of(report: AuditReport) -> tuple[Entry, ...]:
    """Return the findings of a report that are not suppressed, in a stable order."""
    found = {
        Entry(one.fingerprint, one.code, one.location.file, one.location.text)
        for one in report.findings
        if one.suppressed is None
    }
    return tuple(sorted(found, key=lambda entry: (entry.file, entry.code, entry.fingerprint)))


def dump(entries: Iterable[Entry]) -> str:
    """Return the text of a baseline file, in ASCII."""
    rows = [json.dumps(dict(zip(_KEYS, entry, strict=True))) for entry in entries]
    body = f"[\n    {f',{chr(10)}    '.join(rows)}\n  ]" if rows else "[]"
    return f'{{\n  "schema": {SCHEMA},\n  "findings": {body}\n}}\n'


def parse(text: str) -> tuple[Entry, ...]:
    """Read a baseline file.

    Raises:
        BaselineError: the text is no JSON, or not what :func:`dump` writes.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BaselineError(f"line {error.lineno}: no JSON ({error.msg})") from None
    except RecursionError:
        raise BaselineError("no baseline: nested too deeply") from None
    if not isinstance(data, dict) or not isinstance(data.get("findings"), list):
        raise BaselineError("no baseline: `glance-audit baseline PATH` writes one")
    if data.get("schema") != SCHEMA:
        raise BaselineError(f"schema {data.get('schema')!r}: this version reads schema {SCHEMA}")
    return tuple(_entry(number, one) for number, one in enumerate(data["findings"], 1))


def _entry(number: int, one: Any) -> Entry:
    if not isinstance(one, dict) or not all(isinstance(one.get(key), str) for key in _KEYS):
        raise BaselineError(
            f"finding {number}: fingerprint, code, file and text are needed, each a text"
        )
    return Entry(*(one[key] for key in _KEYS))
