"""Resolving a configuration as Apache's reading phase does (server/config.c, mod_macro, mod_so).

Everything after that phase, such as whether a directive exists at all, is not judged here. After
a fault the reading goes on with what is left, so that the rest can be audited; the fault is a
problem with its place.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from glance_audit.apache.conditions import CONDITIONALS, State, holds
from glance_audit.apache.config import ApacheConfig, Definition
from glance_audit.apache.directive import Directive, Reading
from glance_audit.apache.include import IncludeFailed, included_files
from glance_audit.apache.macro import LONGEST_LINE, Macro, first_words
from glance_audit.apache.modules import DEBIAN_STATIC, LoadedModule, Modules
from glance_audit.apache.scanner import LogicalLine, logical_lines
from glance_audit.apache.section import Conditional, Line, OpenFile
from glance_audit.apache.variables import Expanded, Variables
from glance_audit.apache.words import next_word, split_words
from glance_audit.files import FileSource, Inclusion, Place, Problem, ProblemKind, Unreadable

INCLUDE_DEPTH = 128  # AP_MAX_INCLUDE_DEPTH
MOST_READINGS = 200_000  # files read, repeats counted; far above any real tree
MOST_DIRECTIVES = 5_000_000

_PLAIN_NAME = re.compile(r"([^ \t\n\v\f\r\"'\\][^ \t\n\v\f\r\\]*)(?:[ \t\n\v\f\r]+|\Z)")


def resolve(
    source: FileSource,
    main_file: str,
    *,
    server_root: str,
    defines: Mapping[str, str | None] | None = None,
    environment: Mapping[str, str] | None = None,
    httpd_version: tuple[int, int, int] = (2, 4, 71),
    compiled_modules: tuple[str, ...] = DEBIAN_STATIC,
    assume_modules: bool = False,
) -> ApacheConfig:
    """Resolve a server's configuration from its main file.

    ``defines`` are the names given with ``-D`` and their values, None for none. ``environment`` is
    the server's own. ``assume_modules`` lets every ``<IfModule>`` hold: for a fragment that is
    read without the server around it.
    """
    resolver = _Resolver(
        source, main_file, server_root, defines or {}, environment or {}, httpd_version,
        Modules(compiled_modules, assumed=assume_modules),
    )  # fmt: skip
    resolver.read(main_file, None, (), 0, None)
    return ApacheConfig(
        server_root,
        main_file,
        tuple(resolver.directives),
        tuple(dict.fromkeys(resolver.problems)),
        tuple(resolver.modules.loaded),
        resolver.variables.all(),
        tuple(resolver.definitions),
        tuple(resolver.files),
        compiled_modules,
    )


class _Resolver:
    def __init__(
        self,
        source: FileSource,
        main_file: str,
        server_root: str,
        defines: Mapping[str, str | None],
        environment: Mapping[str, str],
        version: tuple[int, int, int],
        modules: Modules,
    ) -> None:
        self.directives: list[Directive] = []
        self.problems: list[Problem] = []
        self.definitions: list[Definition] = []
        self.files: dict[str, list[LogicalLine]] = {}
        self.modules = modules
        self.variables = Variables(defines, environment)
        self._source = source
        self._server_root = server_root
        self._version = version
        self._macros: dict[str, Macro] = {}
        self._readings = 0
        self._count = 0
        self._chain: list[str] = []
        self._looped = False
        self._handlers: dict[str, Callable[[OpenFile, Line, Expanded, int], None]] = {
            "define": self._define,
            "undefine": self._undefine,
            "include": self._include,
            "includeoptional": self._include,
            "loadmodule": self._load_module,
            "loadfile": self._nothing,
            "serverroot": self._set_server_root,
            "defaultruntimedir": self._nothing,
            **dict.fromkeys(CONDITIONALS, self._conditional),
            "<macro": self._define_macro,
            "use": self._use,
            "undefmacro": self._undefine_macro,
        }

    # -- files

    def read(
        self,
        path: str,
        outer: Directive | None,
        chain: tuple[Inclusion, ...],
        depth: int,
        includer: Place | None,
    ) -> None:
        """Read one file into the tree; ``includer`` is the directive that brought it in."""
        lines = self.files.get(path)
        if lines is None:
            try:
                text = self._source.text(path)
            except Unreadable as error:
                place = includer or Place(path)
                self._problem(
                    place, f"{path} cannot be read: {error.reason}",
                    "make it readable for the user who audits, or audit as one who may read it",
                    ProblemKind.UNREADABLE,
                )  # fmt: skip
                return
            lines = logical_lines(text, blanks="macro" in text or "Macro" in text)
            self.files[path] = lines
        self._readings += 1
        self._chain.append(path)
        opened = OpenFile(lines, Reading(path, chain), outer, depth)
        while (line := opened.next_line()) is not None:
            if line.logical.text:
                self._line(opened, line)
        self._chain.pop()
        for entry in opened.stack:
            if isinstance(entry, Conditional):
                break  # the end of the file closes it silently, and all inside it
            self._problem(
                entry.place, f"<{entry.name}> was not closed.", f"add </{entry.name}> in the same file"
            )

    # -- lines

    def _line(self, opened: OpenFile, line: Line) -> None:
        text = line.logical.text
        stack = opened.stack
        if stack and text[0] == "<" and text[1:2] == "/":
            top = stack[-1]
            if isinstance(top, Conditional) and text.lower() == top.closer:
                stack.pop()
                return
        expanded = self.variables.expand(text) if "$" in text else Expanded(text)
        text = expanded.text
        match = _PLAIN_NAME.match(text)
        if match is not None:
            name, at = match[1], match.end()
        else:
            word = next_word(text, 0)
            name, at = word.text, next_word(text, word.end).start
        if not name:
            return
        if name[1:2] == "/" and name[0] == "<":
            self._close(opened, line, name)
            return
        if name[-1] == ">":
            name = name[:-1]
            if not name:
                return
        key = name.lower()
        handler = self._handlers.get(key)
        if handler is not None and (
            key not in ("<macro", "use", "undefmacro") or self.modules.has("mod_macro.c")
        ):
            handler(opened, line, expanded, at)
            return
        self._count += 1
        if self._count > MOST_DIRECTIVES:
            if self._count == MOST_DIRECTIVES + 1:
                self._too_much(self._place(line), f"more than {MOST_DIRECTIVES} directives")
            return
        parent = opened.parent
        section = name[0] == "<"
        args = text[at:]
        if section:
            name = name[1:]
            args = args.removesuffix(">")
        directive = Directive(
            name, args, section, parent, line.reading, line.logical, expanded, at, line.number
        )
        if parent is None:
            self.directives.append(directive)
        else:
            parent.adopt(directive)
        if section:
            stack.append(directive)

    def _close(self, opened: OpenFile, line: Line, name: str) -> None:
        stack = opened.stack
        if not name.endswith(">"):
            self._problem(
                self._place(line), f"{name}> directive missing closing '>'",
                "write the closing tag as one word, without a blank before the >",
            )  # fmt: skip
            name += ">"
        closes = name[2:-1].lower()
        top = stack[-1] if stack else None
        if isinstance(top, Directive) and top.key == closes:
            stack.pop()
            return
        if isinstance(top, Directive):
            message = f"Expected </{top.name}> but saw {name}"
        else:
            message = f"{name} without matching <{name[2:-1]}> section"
        self._problem(self._place(line), message, "close sections in the order they were opened")
        for index in range(len(stack) - 1, -1, -1):
            entry = stack[index]
            opener = entry.key if isinstance(entry, Directive) else entry.closer[2:-1]
            if opener == closes:
                del stack[index:]
                return

    # -- what is carried out while reading

    def _nothing(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        """Leaves no trace in the tree."""

    def _define(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        words = [word.text for word in split_words(expanded.text, at)]
        if not 1 <= len(words) <= 2:
            self._problem(
                self._place(line),
                "Define takes one or two arguments, a variable name and optionally its value",
                "quote a value that holds blanks",
            )
            return
        value = words[1] if len(words) == 2 else None
        if ":" in words[0]:
            self._problem(
                self._place(line), "Variable name must not contain ':'", "choose another name"
            )
            return
        self.variables.define(words[0], value)
        self.definitions.append(Definition(words[0], value, self._place(line)))

    def _undefine(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        word = self._one_word(line, expanded, at, "UnDefine")
        if word is not None:
            self.variables.undefine(word)

    def _load_module(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        words = [word.text for word in split_words(expanded.text, at)]
        if len(words) != 2:
            self._problem(
                self._place(line),
                "LoadModule takes two arguments, a module name and the name of a shared object file",
                "write LoadModule NAME_module PATH",
            )
            return
        self.modules.load(LoadedModule(words[0], words[1], self._place(line)))

    def _set_server_root(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        word = self._one_word(line, expanded, at, "ServerRoot")
        if word is not None:
            self._server_root = self._server_path(word)

    def _conditional(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        text = expanded.text
        written = next_word(text, 0).text.removesuffix(">")
        name = written.lower()
        argument, bracket, _ = text[at:].rpartition(">")
        if not bracket and not text.rstrip().endswith(">"):
            self._problem(
                self._place(line), f"{name}> directive missing closing '>'", "add the >"
            )
            return
        state = State(
            self.modules, self.variables, self._source, self._server_path, self._version
        )
        result = holds(name, argument, state)
        if result is None:
            self._problem(
                self._place(line), f"{name}> cannot be evaluated: {argument.strip()!r}",
                "see the httpd documentation of this section for what it takes",
            )  # fmt: skip
        if result:
            opened.stack.append(Conditional(f"</{name[1:]}>", line))
        else:
            self._soak(opened, line, written)

    def _soak(self, opened: OpenFile, opener: Line, name: str) -> None:
        """Skip a false conditional: only first words are looked at (ap_soak_end_container).

        Apache reports what is wrong inside on the line that opened the conditional.
        """
        names = [name[1:]]
        while (line := opened.next_line()) is not None:
            word = next_word(line.logical.text, 0).text
            if not word.startswith("<"):
                continue
            if word[1:2] != "/":
                names.append(word[1:].removesuffix(">"))
                continue
            closes = word[2:].removesuffix(">")
            if not word.endswith(">") or closes.lower() != names[-1].lower():
                self._problem(
                    self._place(opener),
                    f"Expected </{names[-1]}> but saw {word} on line {line.number}",
                    "close sections in the order they were opened, also where they are skipped",
                )
                while len(names) > 1 and names[-1].lower() != closes.lower():
                    names.pop()
            names.pop()
            if not names:
                return
        self._problem(
            self._place(opener), f"Expected </{names[0]}> before end of configuration",
            f"add </{names[0]}> in the same file",
        )  # fmt: skip

    # -- includes

    def _include(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        text = expanded.text
        optional = next_word(text, 0).text.lower().removesuffix(">") == "includeoptional"
        word = self._one_word(line, expanded, at, "IncludeOptional" if optional else "Include")
        if word is None:
            return
        place = self._place(line)
        if opened.depth >= INCLUDE_DEPTH:
            self._looped = True
            self._problem(
                place,
                f"Exceeded the maximum include directive nesting level of {INCLUDE_DEPTH}: "
                "the files include each other",
                "remove the Include that leads back",
                ProblemKind.UNREADABLE,
            )
            return
        chain = (*line.reading.included_from, Inclusion(place.file, place.line))
        try:
            for path in included_files(self._source, self._server_path(word), optional=optional):
                if self._looped and path in self._chain:
                    continue
                if self._readings > MOST_READINGS:
                    self._too_much(place, f"more than {MOST_READINGS} files are included")
                    return
                self.read(path, opened.parent, chain, opened.depth + 1, place)
        except IncludeFailed as error:
            kind = ProblemKind.INCLUDE_MISSING if error.missing else ProblemKind.UNREADABLE
            self._problem(
                place, error.message,
                "create what it names, correct the path, or use IncludeOptional", kind,
            )  # fmt: skip

    def _server_path(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._server_root, path))

    # -- macros

    def _define_macro(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        place = self._place(line)
        argument = expanded.text[at:].rpartition(">")[0]
        words = first_words(argument)
        if not words:
            self._problem(place, "<Macro> takes a name", "name the macro")
            return
        name = words[0].lower()
        body: list[tuple[int, LogicalLine]] = []
        nested = 1
        number = 0
        definition = (
            f"macro '{name}' (defined on line {line.number} of \"{line.reading.dump_file}\")"
        )
        while (inner := opened.next_line()) is not None:
            text = inner.logical.text
            number += 1
            first = next_word(text, 0).text.lower()
            if len(text) > LONGEST_LINE:
                break
            if first == "</macro>":
                nested -= 1
                if nested == 0:
                    self._macros[name] = Macro(
                        name, tuple(words[1:]), tuple(body), inner.reading.file, definition
                    )
                    return
            elif first in ("<macro", "<macro>"):
                nested += 1
            body.append((number, inner.logical))
        self._problem(
            place, f"{definition}: expected token not found: </Macro>", "close it with </Macro>"
        )

    def _undefine_macro(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        word = self._one_word(line, expanded, at, "UndefMacro")
        if word is not None and self._macros.pop(word.lower(), None) is None:
            self._problem(
                self._place(line), f"cannot remove undefined macro '{word}'", "remove the line"
            )

    def _use(self, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
        place = self._place(line)
        words = first_words(expanded.text[at:])
        macro = self._macros.get(words[0].lower()) if words else None
        if macro is None:
            name = words[0].lower() if words else ""
            self._problem(place, f"macro '{name}' undefined", "define it before it is used")
            return
        if opened.using(macro.name):
            self._problem(
                place, f"recursive use of macro '{macro.name}' is invalid", "remove this Use"
            )
            return
        values = tuple(words[1:])
        if len(values) != len(macro.parameters):
            self._problem(
                place,
                f"{macro.definition} used on line {line.number} of "
                f'"{line.reading.dump_file}" with {len(values)} argument(s) instead of '
                f"{len(macro.parameters)}",
                "give as many arguments as the macro takes",
            )
            return
        if self._count > MOST_DIRECTIVES:
            return
        used = f'used on line {line.number} of "{line.reading.dump_file}"'
        reading = Reading(
            macro.file,
            line.reading.included_from,
            f"{macro.definition} {used}",
            line.reading.use or place,
        )
        opened.splice(
            [macro.line(body, values) for _, body in macro.body],
            [number for number, _ in macro.body],
            reading,
            macro.name,
        )

    # -- problems

    def _one_word(self, line: Line, expanded: Expanded, at: int, name: str) -> str | None:
        words = split_words(expanded.text, at)
        if len(words) == 1:
            return words[0].text
        self._problem(
            self._place(line), f"{name} takes one argument",
            "quote an argument that holds blanks; Apache has no comments behind a directive",
        )  # fmt: skip
        return None

    def _place(self, line: Line) -> Place:
        return line.reading.use or line.reading.place(line.logical)

    def _too_much(self, place: Place, what: str) -> None:
        self._problem(
            place, f"{what}; the rest is left out", "audit a part of the tree",
            ProblemKind.UNREADABLE,
        )  # fmt: skip

    def _problem(
        self, place: Place, message: str, advice: str, kind: ProblemKind = ProblemKind.SYNTAX
    ) -> None:
        self.problems.append(Problem(kind, message, place, advice))
