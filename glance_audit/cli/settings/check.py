"""From what a settings file says to defaults of the command line; whatever is odd is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from glance_audit import __version__
from glance_audit.cli.settings.document import Document
from glance_audit.cli.settings.keys import MINIMUM, ONLY_HERE, OVERRIDES, SEVERITIES, Key, keys
from glance_audit.cli.settings.tables import overrides, reports, severities
from glance_audit.cli.settings.values import Values
from glance_audit.record import NamedTuple


class Settings(NamedTuple):
    """What a settings file says: defaults by the attribute of the parsed command line.

    ``places`` has, for what a message may begin with (an option, a path), what tells where the
    file says it.
    """

    defaults: Mapping[str, Any]
    places: Mapping[str, Callable[[], str]]


def settings_in(document: Document, cwd: str, *, trusted: bool) -> Settings:
    """Return the settings of a file; its relative paths become ones from ``cwd``.

    ``trusted``: the file was named on the command line. One that was merely found may not run
    programs, and writes below its own directory alone.

    Raises:
        Refused: the first thing that is not understood, with its line.
    """
    values = Values(document, cwd, trusted=trusted)
    table = document.table
    _check_version(values, table)
    known = keys()
    values.check_keys((), table, (*known, *ONLY_HERE))
    defaults: dict[str, Any] = {}
    for name, said in table.items():
        key = known.get(name)
        if key is not None and key.dest:
            if name == "paths" and "root" in table:  # of the audited system, as the command's are
                key = key._replace(path=False)
            defaults[key.dest] = values.value((name,), said, key)
            _note(values, key, defaults[key.dest])
    report = reports(values, table)
    if report:
        defaults["reports"] = report
    if SEVERITIES in table:
        defaults[SEVERITIES] = severities(values, (SEVERITIES,), table[SEVERITIES])
    if OVERRIDES in table:
        defaults[OVERRIDES] = tuple(overrides(values, table[OVERRIDES]))
    return Settings(defaults, values.places)


def _check_version(values: Values, table: Mapping[str, Any]) -> None:
    """An older program does not know the newer keys: say that first."""
    least = table.get(MINIMUM)
    if least is None:
        return
    from packaging.version import InvalidVersion, Version

    try:
        met = Version(__version__) >= Version(least)
    except (InvalidVersion, TypeError):
        raise values.wrong((MINIMUM,), f'write a version, such as "{__version__}"') from None
    if not met:
        text = f"this is glance-audit {__version__}, and these settings need {least}; upgrade it"
        raise values.wrong((MINIMUM,), text)


def _note(values: Values, key: Key, value: Any) -> None:
    if key.dest == "rules_dir" and not values.trusted:
        raise values.wrong(
            (key.name,),
            "own rules are programs, and this file was merely found; to run them name it: "
            f"--config {values.document.name}",
        )
    if key.dest == "paths":
        for one in value:
            values.note(one, (key.name,), one)
    else:
        values.note(key.option, (key.name,))
