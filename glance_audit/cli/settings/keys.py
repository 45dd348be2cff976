"""The keys of the settings file: every option of the audit, under the name it has there."""

from __future__ import annotations

import argparse
from enum import Enum

from glance_audit.cli.parser import make_parser
from glance_audit.record import NamedTuple
from glance_audit.report.formats import FORMATS

# Options that a file cannot hold, each with its reason.
LEFT_OUT = {
    "help": "it asks for another thing",
    "version": "it asks for another thing",
    "config": "it says where the settings are",
    "isolated": "it says that there are no settings",
    "stdin_filename": "it is about what one command is given",
    "watch": "it makes one command last",
    "today": "written down, it would keep suppressions from ever ending",
}
# Keys that only the file has; `reports` are several of `format` and `output`.
MINIMUM, SEVERITIES, OVERRIDES, REPORTS = "minimum-version", "severities", "overrides", "reports"
ONLY_HERE = (MINIMUM, SEVERITIES, OVERRIDES, REPORTS)

# Lists of what an option gives one by one.
_LISTS = {"defines": "defines", "glance_route": "glance-routes", "rules_dir": "rules-dirs"}
_EXAMPLES = {
    "paths": "/etc/apache2",
    "python_version": "3.11",
    "uwsgi_version": "2.0.31",
    "header_floor": "64KiB",
    "RULES": "GA201",
    "SIZE": "100GiB",
    "FILE": "file",
    "DIR": "directory",
    "VERSION": "2.4.62",
    "RELEASE": "2025.2",
    "PATH": "/image",
    "NAME[=VALUE]": "SSL",
    "SECONDS": "300",
}


class Kind(Enum):
    """What a key's value is, in the words of a message."""

    TEXT = 'a text in quotes, such as "{}"'
    TEXTS = 'a list of texts, such as ["{}"]'
    NUMBER = "a whole number, such as {}"
    SWITCH = "true or false"


class Key(NamedTuple):
    """A key: its name in the file, and what its value is.

    ``path``: the value names files or directories, from the settings file's directory on.
    ``choices`` are the texts that are allowed; none allows all. ``option`` is what it is called on
    the command line, and ``dest`` its attribute; a key that is no option has none.
    """

    name: str
    kind: Kind
    help: str
    path: bool = False
    choices: tuple[str, ...] = ()
    example: str = "1"
    option: str = ""
    dest: str = ""


FORMAT = Key("format", Kind.TEXT, "what the report is written as", False, tuple(FORMATS), "sarif")
OUTPUT = Key("output", Kind.TEXT, "where the report is written", example="report.sarif")


def keys() -> dict[str, Key]:
    """Return the keys by name, in the order of the help."""
    found = {}
    for action in make_parser("check")._actions:
        if action.dest == "reports":
            key = FORMAT if "--format" in action.option_strings else OUTPUT
        elif action.dest in LEFT_OUT:
            continue
        else:
            key = _key(action)
        found[key.name] = key
    return found


def _key(action: argparse.Action) -> Key:
    names = [*action.option_strings, action.dest]
    option = next((name for name in names if name.startswith("--")), names[0])
    name = _LISTS.get(action.dest, option.lstrip("-"))
    if isinstance(action, argparse._StoreFalseAction):  # of `--no-suppressions`, its opposite
        name = name.removeprefix("no-")
    return Key(
        name,
        _kind(action),
        " ".join((action.help or "").split()),
        action.metavar in ("FILE", "DIR") or action.dest == "paths",
        tuple(action.choices or ()),
        _example(action),
        option,
        action.dest,
    )


def _kind(action: argparse.Action) -> Kind:
    if action.type is int or isinstance(action, argparse._CountAction):
        return Kind.NUMBER
    if action.nargs == 0:
        return Kind.SWITCH
    if action.nargs == "*" or isinstance(action.default, list):
        return Kind.TEXTS
    return Kind.TEXT


def _example(action: argparse.Action) -> str:
    if action.choices:
        return str(next(iter(action.choices)))
    return _EXAMPLES.get(action.dest) or _EXAMPLES.get(str(action.metavar), "1")
