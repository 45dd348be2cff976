"""Reading files into the tree, line by line (server/config.c ``ap_build_config``)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from glance_audit.apache.config import Definition
from glance_audit.apache.directive import Directive, Reading
from glance_audit.apache.macro import Macro
from glance_audit.apache.modules import Modules
from glance_audit.apache.scanner import LogicalLine, logical_lines
from glance_audit.apache.section import Conditional, Line, OpenFile
from glance_audit.apache.variables import Expanded, Variables
from glance_audit.apache.words import next_word, split_words
from glance_audit.files import FileSource, Inclusion, Place, Problem, ProblemKind, Unreadable

MOST_READINGS = 200_000  # files read, repeats counted; far above any real tree
MOST_DIRECTIVES = 5_000_000

_PLAIN_NAME = re.compile(r"([^ \t\n\v\f\r\"'\\][^ \t\n\v\f\r\\]*)(?:[ \t\n\v\f\r]+|\Z)")

# Carries out one directive: the reader, the open file, the line, its text and where its
# arguments start in it.
Handler = Callable[["Reader", OpenFile, Line, Expanded, int], None]


class Reader:
    """The state of one reading: what is defined, loaded and open, and the tree so far."""

    def __init__(
        self,
        source: FileSource,
        main_file: str,
        server_root: str,
        defines: Mapping[str, str | None],
        environment: Mapping[str, str],
        version: tuple[int, int, int],
        modules: Modules,
        handlers: Mapping[str, Handler],
        macro_handlers: Mapping[str, Handler],
    ) -> None:
        self.directives: list[Directive] = []
        self.problems: list[Problem] = []
        self.definitions: list[Definition] = []
        self.files: dict[str, list[LogicalLine]] = {}
        self.modules = modules
        self.variables = Variables(defines, environment)
        self.source = source
        self.server_root = server_root
        self.version = version
        self.macros: dict[str, Macro] = {}
        self.readings = 0
        self.count = 0
        self.chain: list[str] = []
        self.looped = False
        self._handlers = handlers
        self._macro_handlers = macro_handlers

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
                text = self.source.text(path)
            except Unreadable as error:
                place = includer or Place(path)
                self.problem(
                    place, f"{path} cannot be read: {error.reason}",
                    "make it readable for the user who audits, or audit as one who may read it",
                    ProblemKind.UNREADABLE,
                )  # fmt: skip
                return
            lines = logical_lines(text, blanks="macro" in text or "Macro" in text)
            self.files[path] = lines
        self.readings += 1
        self.chain.append(path)
        opened = OpenFile(lines, Reading(path, chain), outer, depth)
        while (line := opened.next_line()) is not None:
            if line.logical.text:
                self._line(opened, line)
        self.chain.pop()
        for entry in opened.stack:
            if isinstance(entry, Conditional):
                break  # the end of the file closes it silently, and all inside it
            self.problem(
                entry.place,
                f"<{entry.name}> was not closed.",
                f"add </{entry.name}> in the same file",
            )

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
        if handler is None and key in self._macro_handlers and self.modules.has("mod_macro.c"):
            handler = self._macro_handlers[key]
        if handler is not None:
            handler(self, opened, line, expanded, at)
            return
        self.count += 1
        if self.count > MOST_DIRECTIVES:
            if self.count == MOST_DIRECTIVES + 1:
                self.too_much(self.place(line), f"more than {MOST_DIRECTIVES} directives")
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
            self.problem(
                self.place(line), f"{name}> directive missing closing '>'",
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
        self.problem(self.place(line), message, "close sections in the order they were opened")
        for index in range(len(stack) - 1, -1, -1):
            entry = stack[index]
            opener = entry.key if isinstance(entry, Directive) else entry.closer[2:-1]
            if opener == closes:
                del stack[index:]
                return

    def server_path(self, path: str) -> str:
        """Return a path made absolute with the ServerRoot of this moment."""
        return posixpath.normpath(posixpath.join(self.server_root, path))

    def one_word(self, line: Line, expanded: Expanded, at: int, name: str) -> str | None:
        """Return the only argument; another number of them is a problem and None."""
        words = split_words(expanded.text, at)
        if len(words) == 1:
            return words[0].text
        self.problem(
            self.place(line), f"{name} takes one argument",
            "quote an argument that holds blanks; Apache has no comments behind a directive",
        )  # fmt: skip
        return None

    def place(self, line: Line) -> Place:
        """Return a line's place; for one out of a macro, that of the Use."""
        return line.reading.use or line.reading.place(line.logical)

    def too_much(self, place: Place, what: str) -> None:
        """Note that a bound was reached."""
        self.problem(
            place, f"{what}; the rest is left out", "audit a part of the tree",
            ProblemKind.UNREADABLE,
        )  # fmt: skip

    def problem(
        self, place: Place, message: str, advice: str, kind: ProblemKind = ProblemKind.SYNTAX
    ) -> None:
        """Note a fault that makes Apache refuse the tree."""
        self.problems.append(Problem(kind, message, place, advice))
