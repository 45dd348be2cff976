"""The conditional sections: IfModule, IfDefine, IfVersion, IfFile, IfDirective, IfSection."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from glance_audit.apache.modules import Modules
from glance_audit.apache.scanner import BLANKS
from glance_audit.apache.variables import Variables
from glance_audit.apache.version import Refused, version_holds
from glance_audit.apache.words import next_word
from glance_audit.files import FileSource, Kind
from glance_audit.record import NamedTuple

__all__ = ["CONDITIONALS", "Refused", "State", "holds"]

CONDITIONALS = frozenset(
    {"<ifmodule", "<ifdefine", "<ifversion", "<iffile", "<ifdirective", "<ifsection"}
)


class State(NamedTuple):
    """What the conditions look at, as it is when the section is met."""

    modules: Modules
    variables: Variables
    source: FileSource
    server_path: Callable[[str], str]
    version: tuple[int, int, int]


def holds(name: str, args: str, state: State) -> bool:
    """Judge the section ``name`` (``<ifmodule``); ``args`` are all that follows it, ``>`` too.

    Only what stands before the last ``>`` counts, of that only a leading ``!`` negates, and only
    the first word is looked at (``start_cond_section``). IfVersion has its own ways.

    Raises:
        Refused: Apache refuses the argument.
    """
    if name == "<ifversion":
        return version_holds(args, state.version)
    negated, word = _condition(name, args)
    if name == "<ifmodule":
        result = state.modules.has(word)
    elif name == "<ifdefine":
        result = state.variables.defined(word)
    elif name == "<iffile":
        path = state.server_path(word)
        kind = state.source.kind(path)
        # A slash behind a file's name makes it no file.
        result = kind is Kind.DIRECTORY if path.endswith("/") else kind is not Kind.MISSING
    else:
        result = state.modules.knows(word, section=name == "<ifsection")
    return result != negated


@lru_cache(maxsize=1000)  # the same few in most files
def _condition(name: str, args: str) -> tuple[bool, str]:
    """Return whether the argument is negated, and what it names."""
    text, bracket, _ = args.rpartition(">")
    if not bracket:
        raise Refused(f"{name}> directive missing closing '>'")
    text = text.lstrip(BLANKS)
    negated = text.startswith("!")
    word = next_word(text, 1 if negated else 0).text
    if not word:
        raise Refused(f"{name}> directive requires additional arguments")
    return negated, word
