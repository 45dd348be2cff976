"""The parts of a report as the records that they were written from."""

from __future__ import annotations

import re
from typing import Any

from glance_audit.engine.finding import Basis, Confidence, Severity
from glance_audit.fleet.shape import (
    address,
    matching,
    number,
    objects,
    one_of,
    shown,
    shown_if_any,
    value,
)
from glance_audit.report.result import (
    IncludeStep,
    Incomplete,
    Location,
    RelatedLocation,
    ReportedFinding,
)

_CODE = re.compile("[A-Z]{2,8}[0-9]{3}")
_SLUG = re.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FINGERPRINT = re.compile("[!-~]{1,200}")
_FURTHEST = 1000  # columns: beyond, the marked words are told without their line


def finding_of(data: dict[str, Any], at: str) -> ReportedFinding:
    """Return a finding.

    Raises:
        ReportError: something of it is missing or of another type.
    """
    fix = shown_if_any(data, "fix", at)
    return ReportedFinding(
        matching(data, "code", at, _CODE),
        matching(data, "slug", at, _SLUG),
        one_of(data, "severity", at, Severity),
        one_of(data, "confidence", at, Confidence),
        one_of(data, "basis", at, Basis),
        shown(data, "message", at),
        shown(data, "help", at),
        address(data, "url", at),
        matching(data, "fingerprint", at, _FINGERPRINT),
        location_of(data, at),
        tuple(
            RelatedLocation(shown(one, "message", place), location_of(one, place))
            for place, one in objects(data, "related", at)
        ),
        shown_if_any(data, "caused_by", at),
        shown_if_any(data, "suppressed", at),
        fix,
        value(data, "known", at, bool),
    )


def location_of(data: dict[str, Any], at: str) -> Location:
    """Return the place of a finding, or of what is related to it.

    The line it stands on is not in a report, only the marked words: they are drawn at their column.
    """
    where = value(data, "location", at, dict)
    at = f"{at}.location"
    text = shown(where, "text", at)
    line, column = number(where, "line", at), number(where, "column", at)
    end_line, end_column = number(where, "end_line", at), number(where, "end_column", at)
    drawn = line == end_line and 0 < column < _FURTHEST and text
    return Location(
        shown(where, "file", at),
        shown(where, "real_file", at),
        line, column, end_line, end_column,
        text,
        (" " * (column - 1) + text,) if drawn else (),
        tuple(
            IncludeStep(shown(one, "file", place), number(one, "line", place))
            for place, one in objects(where, "included_from", at)
        ),
    )  # fmt: skip


def incomplete_of(data: dict[str, Any], at: str) -> Incomplete:
    """Return something that could not be audited."""
    return Incomplete(shown(data, "file", at), shown(data, "reason", at))
