"""The directives Apache carries out while it reads; they leave no trace in the tree."""

from __future__ import annotations

from glance_audit.apache.config import Definition
from glance_audit.apache.include import IncludeFailed, included_files
from glance_audit.apache.modules import LoadedModule
from glance_audit.apache.reader import MOST_READINGS, Handler, Reader
from glance_audit.apache.section import Line, OpenFile
from glance_audit.apache.variables import Expanded
from glance_audit.apache.words import next_word, split_words
from glance_audit.files import Inclusion, ProblemKind

INCLUDE_DEPTH = 128  # AP_MAX_INCLUDE_DEPTH


def _nothing(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    """Leaves no trace in the tree."""


def _define(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    words = [word.text for word in split_words(expanded.text, at)]
    if not 1 <= len(words) <= 2:
        reader.problem(
            reader.place(line),
            "Define takes one or two arguments, a variable name and optionally its value",
            "quote a value that holds blanks",
        )
        return
    value = words[1] if len(words) == 2 else None
    if ":" in words[0]:
        reader.problem(
            reader.place(line), "Variable name must not contain ':'", "choose another name"
        )
        return
    reader.variables.define(words[0], value)
    reader.definitions.append(Definition(words[0], value, reader.place(line)))


def _undefine(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    word = reader.one_word(line, expanded, at, "UnDefine")
    if word is not None:
        reader.variables.undefine(word)


def _load_module(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    words = [word.text for word in split_words(expanded.text, at)]
    if len(words) != 2:
        reader.problem(
            reader.place(line),
            "LoadModule takes two arguments, a module name and the name of a shared object file",
            "write LoadModule NAME_module PATH",
        )
        return
    reader.modules.load(LoadedModule(words[0], words[1], reader.place(line)))


def _set_server_root(
    reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int
) -> None:
    word = reader.one_word(line, expanded, at, "ServerRoot")
    if word is not None:
        reader.server_root = reader.server_path(word)


def _include(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    text = expanded.text
    optional = next_word(text, 0).text.lower().removesuffix(">") == "includeoptional"
    word = reader.one_word(line, expanded, at, "IncludeOptional" if optional else "Include")
    if word is None:
        return
    place = reader.place(line)
    if opened.depth >= INCLUDE_DEPTH:
        reader.looped = True
        reader.problem(
            place,
            f"Exceeded the maximum include directive nesting level of {INCLUDE_DEPTH}: "
            "the files include each other",
            "remove the Include that leads back",
            ProblemKind.UNREADABLE,
        )
        return
    chain = (*line.reading.included_from, Inclusion(place.file, place.line))
    try:
        for path in included_files(reader.source, reader.server_path(word), optional=optional):
            if reader.looped and path in reader.chain:
                continue
            if reader.readings > MOST_READINGS:
                reader.too_much(place, f"more than {MOST_READINGS} files are included")
                return
            reader.read(path, opened.parent, chain, opened.depth + 1, place)
    except IncludeFailed as error:
        kind = ProblemKind.INCLUDE_MISSING if error.missing else ProblemKind.UNREADABLE
        reader.problem(
            place, error.message,
            "create what it names, correct the path, or use IncludeOptional", kind,
        )  # fmt: skip


EXECUTED: dict[str, Handler] = {
    "define": _define,
    "undefine": _undefine,
    "include": _include,
    "includeoptional": _include,
    "loadmodule": _load_module,
    "loadfile": _nothing,
    "serverroot": _set_server_root,
    "defaultruntimedir": _nothing,
}
