"""The text of a file as reports: one of ``--format json``, or those of a stream of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from glance_audit.fleet.shape import ReportError, kind_of, value
from glance_audit.report.escape import visible
from glance_audit.report.json_report import SCHEMA

_ADVICE = "`glance-audit --format json -o FILE PATH` writes one"
_NO_REPORT = f"no report of an audit: {_ADVICE}"


def documents(text: str) -> Iterator[dict[str, Any]]:
    """Yield the reports of a text as JSON data; its head, and its lists, are there.

    Raises:
        ReportError: it is no JSON, no report, or one of another schema.
    """
    if not text.strip(" \t\r\n\ufeff"):
        raise ReportError(f"is empty, {_NO_REPORT}")
    try:
        data = _loaded(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise ReportError(_misread(error)) from None
        yield from _streamed(text)
        return
    if isinstance(data, dict) and "type" in data:
        yield from _streamed(text)
        return
    _check(data)
    yield data


def _loaded(text: str, line: int = 0) -> Any:
    before = f"line {line}: " if line else ""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python reads no number of more than some thousand digits
        raise ReportError(f"{before}a number in it has too many digits") from None
    except RecursionError:
        raise ReportError(f"{before}is nested too deeply, {_NO_REPORT}") from None


def _misread(error: json.JSONDecodeError) -> str:
    return f"line {error.lineno}, column {error.colno}: no JSON ({error.msg.lower()})"


def _streamed(text: str) -> Iterator[dict[str, Any]]:
    """Put the lines of each audit together: its summary is the last of them."""
    kinds: dict[str, list[Any]] = {"finding": [], "incomplete": [], "note": []}
    begun = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = _loaded(line, number)
        except json.JSONDecodeError as error:
            message = f"line {number}, column {error.colno}: no JSON ({error.msg.lower()})"
            raise ReportError(message) from None
        if type(row) is not dict:
            raise ReportError(f"line {number}: an object is needed, not {kind_of(row)}")
        kind = value(row, "type", f"line {number}", str)
        if kind in kinds:
            kinds[kind].append(row.get("message") if kind == "note" else row)
        elif kind not in ("summary", "difference"):
            raise ReportError(
                f"line {number}: {visible(kind)[:60]!r} is no type of an audit's lines"
            )
        begun = kind != "summary"
        if begun:
            continue
        whole = {
            **row, "findings": kinds["finding"], "incomplete": kinds["incomplete"],
            "notes": kinds["note"],
        }  # fmt: skip
        _check(whole)
        yield whole
        kinds = {"finding": [], "incomplete": [], "note": []}
    if begun:
        raise ReportError("is cut off: its last line is no summary")


def _check(data: Any) -> None:
    tool = data.get("tool") if type(data) is dict else None
    if type(tool) is not dict or tool.get("name") != "glance-audit" or "schema" not in data:
        raise ReportError(_NO_REPORT)
    if data.get("kind") == "merge":
        raise ReportError("is itself merged: name the reports of its hosts")
    if type(data["schema"]) is not int or data["schema"] != SCHEMA:
        told = visible(json.dumps(data["schema"]))[:60]
        raise ReportError(f"schema {told}: this version reads schema {SCHEMA}")
