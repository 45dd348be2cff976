"""The directives Apache carries out while it reads; they leave no trace in the tree."""

from __future__ import annotations

from glance_audit.apache import bound
from glance_audit.apache.config import Definition
from glance_audit.apache.include import IncludeFailed, included_files, merged_path
from glance_audit.apache.macro import length
from glance_audit.apache.modules import LoadedModule
from glance_audit.apache.reader import Executed, Reader
from glance_audit.apache.remark import StrayFile, is_stray
from glance_audit.apache.section import Line, OpenFile
from glance_audit.apache.variables import Expanded
from glance_audit.apache.words import arguments, lower_case, next_word
from glance_audit.files import Inclusion, Kind, ProblemKind

INCLUDE_DEPTH = 128  # AP_MAX_INCLUDE_DEPTH
# APR_PATH_MAX; apr_filepath_merge counts the root in, of an absolute path too, and four more.
LONGEST_PATH = 4096
_SLASHES = 4


def _nothing(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    """Leaves no trace in the tree."""


def _runtime_dir(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    """Count its argument only: the directory is made at boot and says nothing about the files."""
    reader.one_word(line, expanded, at, "DefaultRuntimeDir")


def _define(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    words = arguments(expanded.text, at, 1, 2)
    if words is None:
        reader.problem(
            reader.place(line),
            "Define takes one or two arguments, a variable name and optionally its value",
            "quote a value that holds blanks",
        )
        return
    value = words[1] if len(words) == 2 else None
    if _has_colon(reader, line, words[0]):
        return
    reader.variables.define(words[0], value)
    reader.definitions.append(Definition(words[0], value, reader.place(line)))


def _undefine(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    word = reader.one_word(line, expanded, at, "UnDefine")
    if word is not None and not _has_colon(reader, line, word):
        reader.variables.undefine(word)


def _has_colon(reader: Reader, line: Line, name: str) -> bool:
    if ":" not in name:
        return False
    reader.problem(reader.place(line), "Variable name must not contain ':'", "choose another name")
    return True


def _load_module(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    words = arguments(expanded.text, at, 2, 2)
    if words is None:
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
    if word is None:
        return
    path = merged_path("/", word)  # where a service is started; not below the ServerRoot before it
    if reader.source.kind(path) is Kind.DIRECTORY:
        reader.server_root = path
        return
    # What is relative is then looked for where it was so far: in a copied tree, it is there.
    reader.problem(
        reader.place(line), f"ServerRoot must be a valid directory, and {path} is none",
        "create it; for the copy of another system's files, give its top directory with --root",
    )  # fmt: skip


def _include(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    name = next_word(expanded.text, 0).text.removesuffix(">")
    optional = lower_case(name) == "includeoptional"
    word = reader.one_word(line, expanded, at, name)
    if word is None:
        return
    place = reader.place(line)
    if length(reader.server_root) + length(word) + _SLASHES > LONGEST_PATH:
        reader.problem(place, f"Invalid Include path {word}", "use a shorter path")
        return
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
        named = reader.server_path(word)
        for path in included_files(reader.source, named, optional=optional):
            if reader.stopped:
                return
            if reader.looped and path in reader.chain:
                continue
            if reader.readings >= bound.READINGS:
                reader.too_much(place, f"more than {bound.READINGS} files are included")
                return
            reader.read(path, opened.parent, chain, opened.depth + 1, place, opened.level)
            if path != named and is_stray(path) and reader.has_lines(path):
                reader.strays.append(StrayFile(path, word, place))
    except IncludeFailed as error:
        kind = ProblemKind.INCLUDE_MISSING if error.missing else ProblemKind.UNREADABLE
        reader.problem(
            place, error.message,
            "create what it names, correct the path, or use IncludeOptional", kind,
        )  # fmt: skip


EXECUTED: dict[str, Executed] = {
    "define": Executed(_define),
    "undefine": Executed(_undefine),
    "include": Executed(_include),
    "includeoptional": Executed(_include),
    "loadmodule": Executed(_load_module, "mod_so.c"),
    "loadfile": Executed(_nothing, "mod_so.c"),
    "serverroot": Executed(_set_server_root),
    "defaultruntimedir": Executed(_runtime_dir),
    "remoteipinternalproxylist": Executed(_nothing, "mod_remoteip.c"),
    "remoteiptrustedproxylist": Executed(_nothing, "mod_remoteip.c"),
}
