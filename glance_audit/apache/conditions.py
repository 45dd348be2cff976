"""The conditional sections: IfModule, IfDefine, IfVersion, IfFile, IfDirective, IfSection."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from glance_audit.apache.modules import Modules
from glance_audit.apache.scanner import BLANKS
from glance_audit.apache.variables import Variables
from glance_audit.apache.words import split_words
from glance_audit.files import FileSource, Kind

CONDITIONALS = frozenset(
    {"<ifmodule", "<ifdefine", "<ifversion", "<iffile", "<ifdirective", "<ifsection"}
)
_VERSION = re.compile(r"\d+(\.\d+){0,2}\Z")


class State(NamedTuple):
    """What the conditions look at, as it is when the section is met."""

    modules: Modules
    variables: Variables
    source: FileSource
    server_path: Callable[[str], str]
    version: tuple[int, int, int]


def holds(name: str, argument: str, state: State) -> bool | None:
    """Judge ``<name argument>``; None when Apache would refuse the argument.

    ``argument`` is what stands before the last ``>``. Only a leading ``!`` negates, only the
    first word counts (IfVersion takes two).
    """
    text = argument.strip(BLANKS)
    negated = text.startswith("!")
    if negated:
        text = text[1:]
    words = [word.text for word in split_words(text)]
    if name == "<ifversion":
        result = _version(words, state.version)
    elif not words:
        return None
    elif name == "<ifmodule":
        result = state.modules.has(words[0])
    elif name == "<ifdefine":
        result = state.variables.defined(words[0])
    elif name == "<iffile":
        result = state.source.kind(state.server_path(words[0])) is not Kind.MISSING
    else:
        result = state.modules.knows(words[0], section=name == "<ifsection")
    return None if result is None else result != negated


def _version(words: list[str], version: tuple[int, int, int]) -> bool | None:
    """Compare as mod_version: missing parts are 0, no operator means equality."""
    if not words:
        return None
    operator, wanted = ("=", words[0]) if len(words) == 1 else (words[0], words[1])
    if len(words) == 1 and wanted[:1] in "<>=~" and wanted.lstrip("<>=~"):
        return None
    if operator == "~" or (operator in ("=", "==") and wanted.startswith("/")):
        pattern = wanted[1:-1] if wanted.startswith("/") else wanted
        try:
            return re.search(pattern, ".".join(map(str, version))) is not None
        except re.error:
            return None
    if not _VERSION.match(wanted):
        return None
    parts = [int(part) for part in wanted.split(".")]
    bound = (*parts, 0, 0)[:3]
    return {
        "=": version == bound,
        "==": version == bound,
        ">": version > bound,
        ">=": version >= bound,
        "<": version < bound,
        "<=": version <= bound,
    }.get(operator)
