"""What only a settings file has: several reports, severities of rules, overrides for some files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from glance_audit.audit.settings import Override
from glance_audit.cli.settings.document import Path
from glance_audit.cli.settings.keys import FORMAT, OUTPUT, OVERRIDES, REPORTS, Key, Kind
from glance_audit.cli.settings.values import Values, shown
from glance_audit.engine.finding import Severity

SEVERITY_NAMES = tuple(severity.value for severity in Severity)
REPORT_KEYS = {key.name: key for key in (FORMAT, OUTPUT)}
OVERRIDE_KEYS = {
    key.name: key
    for key in (
        Key("paths", Kind.TEXTS, "patterns as in .gitignore: the files", example="old-*.conf"),
        Key("ignore", Kind.TEXTS, "the rules whose findings there may stay", example="GA201"),
        Key("reason", Kind.TEXT, "why they may stay", example="goes away in January"),
    )
}
Pairs = tuple[tuple[str, str], ...]


def reports(values: Values, table: Mapping[str, Any]) -> Pairs:
    """Return ``format`` and ``output``, or those of several reports, as the options would be.

    Raises:
        Refused: a report that makes no sense, or that goes where these settings may not write.
    """
    several = table.get(REPORTS)
    if several is None:
        return _report(values, (), table)
    for name in REPORT_KEYS:
        if name in table:
            raise values.wrong((name,), f"say it in [[{REPORTS}]], as the others")
    said: Pairs = ()
    for path, one in values.tables(REPORTS, several, tuple(REPORT_KEYS)):
        if FORMAT.name not in one:
            raise values.wrong(path, 'has no format, such as "sarif"')
        said += _report(values, path, one)
    return said


def _report(values: Values, path: Path, table: Mapping[str, Any]) -> Pairs:
    said = []
    for name, key in REPORT_KEYS.items():
        if name in table:
            value = values.value((*path, name), table[name], key)
            if key is OUTPUT:
                value = _writable(values, (*path, name), value)
            said.append((name, value))
    return tuple(said)


def _writable(values: Values, path: Path, output: str) -> str:
    if output == "-":
        return output
    directory = os.path.realpath(values.document.directory)
    target = os.path.realpath(os.path.join(directory, output))
    if not values.trusted and not _below(directory, target):
        raise values.wrong(
            path,
            "lies outside the directory of these settings, or is hidden, and they were merely "
            f"found; to write there name them: --config {values.document.name}",
        )
    return values.from_here(output)


def _below(directory: str, target: str) -> bool:
    """Tell whether a file is below a directory and not hidden, as what is in ``.git`` is."""
    steps = os.path.relpath(target, directory).split(os.sep)
    return not any(step.startswith(".") for step in steps)


def severities(values: Values, path: Path, value: Any) -> tuple[tuple[str, Severity], ...]:
    """Return pairs of a rule's name and its severity.

    Raises:
        Refused: it is no table of them.
    """
    if not isinstance(value, dict):
        raise values.wrong(path, 'write a table of rules, such as { GA201 = "warning" }')
    pairs = []
    for rule, severity in value.items():
        if not isinstance(severity, str) or severity not in SEVERITY_NAMES:
            names = '", "'.join(SEVERITY_NAMES)
            raise values.wrong((*path, rule), f'write "{names}"; `ignore` lets a rule rest')
        values.note(shown((*path, rule)), (*path, rule))
        pairs.append((rule, Severity(severity)))
    return tuple(pairs)


def overrides(values: Values, value: Any) -> Iterator[Override]:
    """Yield the overrides.

    Raises:
        Refused: one that has no files, no effect, or no reason for it.
    """
    for path, table in values.tables(OVERRIDES, value, (*OVERRIDE_KEYS, "severities")):
        if not table.get("paths"):
            raise values.wrong(path, "name its files in `paths`")
        if "ignore" in table and not table.get("reason"):
            raise values.wrong((*path, "ignore"), "say in `reason` why it may stay")
        if not ("ignore" in table or "severities" in table):
            raise values.wrong(path, "has no effect: say `ignore` or `severities`")
        said: dict[str, Any] = {}
        for name, key in OVERRIDE_KEYS.items():
            if name in table:
                values.note(shown((*path, name)), (*path, name))
                said[name] = values.value((*path, name), table[name], key)
        yield Override(
            shown(path),
            values.document.directory,
            tuple(said["paths"]),
            tuple(said.get("ignore", ())),
            said.get("reason", ""),
            severities(values, (*path, "severities"), table.get("severities", {})),
        )
