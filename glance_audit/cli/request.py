"""From parsed options to the settings of an audit."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from typing import Any

from glance_audit.audit.settings import AuditSettings, Floors
from glance_audit.cli.status import Refused
from glance_audit.engine.finding import Confidence, Severity
from glance_audit.storage.size import parse_size

_STDIN = 16 * 1024 * 1024  # bytes; the bound for any file


def settings_of(options: Namespace) -> AuditSettings:
    """Return the settings; options that a word lacks keep their defaults.

    Raises:
        Refused: a value that makes no sense, or standard input that cannot be read.
    """
    said: dict[str, Any] = vars(options)
    paths: list[str] = said["paths"]
    if not paths:
        raise Refused(
            "name a path, such as /etc/apache2, or write `paths` in glance-audit.toml; see "
            "`glance-audit --help`"
        )
    default = AuditSettings((), "")
    return AuditSettings(
        paths=tuple(paths),
        cwd=os.getcwd(),
        root=said["root"],
        glance_release=said["glance_release"],
        httpd_version=said["httpd_version"],
        uwsgi_version=said["uwsgi_version"],
        python_version=said["python_version"],
        defines=tuple(said["defines"]),
        envvars=said["envvars"],
        largest_image=_size(said, "largest_image"),
        concurrent_uploads=_count(said, "concurrent_uploads", 1),
        tmpdir_size=_size(said, "tmpdir_size"),
        host=said["host"],
        select=rule_names(said.get("select")),
        ignore=rule_names(said.get("ignore")),
        severity=Severity(said.get("severity") or default.severity),
        confidence=Confidence(said.get("confidence") or default.confidence),
        stdin_text=_stdin(said.get("stdin_filename")) if "-" in paths else None,
        stdin_filename=said.get("stdin_filename"),
        floors=Floors(
            _count(said, "buffering_floor", 0),
            _count(said, "streaming_floor", 0),
            _count(said, "gateway_floor", 0),
            _count(said, "mercy_floor", 0),
            _size(said, "header_floor"),
        ),
        cross_check=bool(said.get("cross_check")),
        suppressions=bool(said.get("suppressions", True)),
        today=_today(said.get("today")),
        rules_dirs=tuple(said.get("rules_dir") or ()),
        glance_routes=tuple(map(_path, said["glance_route"])),
        extend_select=rule_names(said.get("extend_select")),
        preview=bool(said.get("preview")),
        severities=said.get("severities", ()),
        overrides=said.get("overrides", ()),
    )


def _today(said: str | None) -> str:
    """Return the date of the audit: the one that is said, else the clock's."""
    if said is None:
        return time.strftime("%Y-%m-%d")
    try:
        return time.strftime("%Y-%m-%d", time.strptime(said, "%Y-%m-%d"))
    except ValueError:
        raise Refused(f"--today {said}: write the date as in 2027-01-31") from None


def _path(said: str) -> str:
    if not said.startswith("/"):
        raise Refused(f"--glance-route {said}: write the path of the route, such as /image")
    return said


def rule_names(given: list[str] | None) -> tuple[str, ...]:
    """Return the names of rules that an option was given, each time some with commas between."""
    return tuple(
        name for names in given or () for name in names.replace(" ", ",").split(",") if name
    )


def _size(said: dict[str, Any], name: str) -> int | None:
    text = said.get(name)
    if not isinstance(text, str):
        return None
    try:
        size = parse_size(text)
    except ValueError as error:
        raise Refused(f"--{name.replace('_', '-')}: {error}") from None
    if size < 1:
        raise Refused(f"--{name.replace('_', '-')}: must be more than 0")
    return size


def _count(said: dict[str, Any], name: str, least: int) -> int | None:
    number = said.get(name)
    if not isinstance(number, int):
        return None
    if number < least:
        raise Refused(f"--{name.replace('_', '-')} {number}: must be at least {least}")
    return number


def _stdin(filename: str | None) -> str:
    if filename is None:
        raise Refused("-: say which file standard input is, with --stdin-filename FILE")
    if sys.stdin is None:
        raise Refused("-: standard input is closed")
    data = sys.stdin.buffer.read(_STDIN + 1)
    if len(data) > _STDIN:
        raise Refused(f"-: standard input is larger than {_STDIN} bytes")
    return data.decode("utf-8", "surrogateescape")
