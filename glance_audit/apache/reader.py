"""Reading files into the tree, line by line (server/config.c ``ap_build_config``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from glance_audit.apache import bound
from glance_audit.apache.command import Command, Commands, KnownLines, Meaning
from glance_audit.apache.conditions import State
from glance_audit.apache.config import Definition
from glance_audit.apache.directive import Directive, Reading
from glance_audit.apache.include import merged_path
from glance_audit.apache.macro import Macro
from glance_audit.apache.modules import Modules
from glance_audit.apache.remark import StrayFile, UndefinedVariable
from glance_audit.apache.scanner import FileLines, LogicalLine, logical_lines
from glance_audit.apache.section import Conditional, Line, OpenFile
from glance_audit.apache.variables import Expanded, Segment, TooLong, Unset, Variables
from glance_audit.apache.words import arguments, lower_case
from glance_audit.files import FileSource, Inclusion, Place, Problem, ProblemKind, Unreadable
from glance_audit.record import NamedTuple

# Carries out one directive: the reader, the open file, the line, its text and where its
# arguments start in it.
Handler = Callable[["Reader", OpenFile, Line, Expanded, int], None]


class Executed(NamedTuple):
    """A directive carried out while reading, once the module that brings it is there."""

    handler: Handler
    module: str = "core.c"


class Scanned(NamedTuple):
    """A file's lines, and the number of its last one when no line end follows it, else 0."""

    lines: FileLines
    unended: int


class Reader:
    """The state of one reading: what is defined, loaded and open, and the tree so far."""

    def __init__(
        self,
        source: FileSource,
        server_root: str,
        variables: Variables,
        version: tuple[int, int, int],
        modules: Modules,
        executed: Mapping[str, Executed],
    ) -> None:
        self.directives: list[Directive] = []
        self.every: list[Directive] = []
        self.problems: list[Problem] = []
        self.definitions: list[Definition] = []
        self.undefined: list[UndefinedVariable] = []
        self.strays: list[StrayFile] = []
        self.files: dict[str, Scanned] = {}
        self.modules = modules
        self.variables = variables
        self.source = source
        self.server_root = server_root
        self.macros: dict[str, Macro] = {}
        self.readings = 0
        self.chain: list[str] = []
        self.looped = False
        self.stopped = False
        # All that it holds is looked at when a condition is met, and may have changed by then.
        self.state = State(modules, variables, source, self.server_path, version)
        self.names_left = bound.NAMES
        self._lines = 0
        self._commands = Commands(executed)
        self._known = KnownLines(self._commands)

    def read(
        self,
        path: str,
        outer: Directive | None,
        chain: tuple[Inclusion, ...],
        depth: int,
        includer: Place | None,
        level: int = 0,
    ) -> None:
        """Read one file into the tree; ``includer`` is the directive that brought it in.

        ``outer`` is the section that directive stands in, ``level`` how many sections deep.
        """
        scanned = self.files.get(path)
        if scanned is None:
            try:
                text = self.source.text(path)
            except Unreadable as error:
                self.problem(
                    includer or Place(path), f"{path} cannot be read: {error.reason}",
                    "make it readable for the user who audits, or audit as one who may read it",
                    ProblemKind.UNREADABLE, fatal=not error.ours,
                )  # fmt: skip
                return
            lines = logical_lines(text, self._known, bound.LINES + 1)
            unended = 0 if text.endswith("\n") else text.count("\n") + 1
            self.files[path] = scanned = Scanned(lines, unended)
        self.readings += 1
        self.chain.append(path)
        lines = self.afford(scanned.lines)
        opened = OpenFile(
            lines, Reading(path, chain), outer, self.directives, level, depth, scanned.unended
        )
        self._read_lines(opened)
        if len(lines) < len(scanned.lines) and not self.stopped:
            self.too_much(includer or Place(path), f"more than {bound.LINES} lines")
        self.chain.pop()
        if self.stopped:
            return
        for entry in opened.stack:
            if isinstance(entry, Conditional):
                break  # the end of the file closes it silently, and all inside it
            self.problem(
                entry.place,
                f"<{entry.name}> was not closed.",
                f"add </{entry.name}> in the same file",
            )

    def _read_lines(self, opened: OpenFile) -> None:
        while not self.stopped and opened.more():
            self._read_stretch(opened)

    def _read_stretch(self, opened: OpenFile) -> None:
        """Carry out lines one by one, until one takes others or lets a macro's come next.

        Here the time of an audit is spent.
        """
        lines, numbers, reading = opened.lines, opened.numbers, opened.reading
        parent, siblings = opened.parent, opened.siblings
        every, modules, new = self.every, self.modules, tuple.__new__
        stack, expanded = opened.stack, ""
        for index in range(opened.at, len(lines)):
            line = lines[index]
            if line is None:
                continue
            meaning = line.meaning
            segments: tuple[Segment, ...] = ()
            if meaning is None:
                if not line.text:
                    continue
                opened.take(index)
                taken = self._expanded(opened, line)
                if taken is None:
                    if self.stopped:
                        return
                    continue
                meaning, expanded, segments = taken
            command, at, args = meaning
            number = index + 1 if numbers is None else numbers[index]
            if command.plain:
                directive = new(Directive, (
                    command.key, args, parent, (), number, command, reading, line, segments, at,
                ))  # fmt: skip
                every.append(directive)
                siblings.append(directive)
                continue
            executed = command.executed
            if command.closes is not None:
                top = stack[-1] if stack else None
                if isinstance(top, Directive) and top.key == command.closes:
                    opened.close()
                else:
                    opened.take(index)
                    self._close(opened, line, command)
                    if self.stopped:
                        return
                parent, siblings = opened.parent, opened.siblings
                continue
            if executed is not None and modules.has(executed.module):
                opened.take(index)
                said = Expanded(line.text if line.meaning else expanded, segments)
                executed.handler(self, opened, Line(line, number, reading), said, at)
                if self.stopped or opened.lines is not lines or opened.at != index + 1:
                    return
                parent, siblings = opened.parent, opened.siblings
                continue
            inner: list[Directive] = []
            directive = new(Directive, (
                command.key, args, parent, inner if command.section else (), number,
                command, reading, line, segments, at,
            ))  # fmt: skip
            every.append(directive)
            siblings.append(directive)
            if command.section:
                opened.enter(directive, inner)
                if opened.level > bound.SECTIONS_DEEP:
                    self.too_much(
                        directive.place, f"sections are nested deeper than {bound.SECTIONS_DEEP}"
                    )
                    return
                parent, siblings = directive, inner
        opened.at = len(lines)

    def _expanded(
        self, opened: OpenFile, line: LogicalLine
    ) -> tuple[Meaning, str, tuple[Segment, ...]] | None:
        """Take a line with its variables: what it says, its text and the segments of that.

        None for an empty quoted word, which Apache passes over.
        """
        text = line.text
        segments: tuple[Segment, ...] = ()
        if "${" in text:
            try:
                text, segments, unset = self.variables.expand(text)
            except TooLong:
                self.too_much(self._here(opened, line), "variables bring in too much text")
                return None
            if unset:
                self._note_undefined(opened, line, unset)
        meaning = self._commands.meaning(text)
        return None if meaning is None else (meaning, text, segments)

    def _note_undefined(
        self, opened: OpenFile, line: LogicalLine, unset: tuple[Unset, ...]
    ) -> None:
        reading = opened.reading
        for name, start, end in unset:
            if len(self.undefined) < bound.PROBLEMS:
                place = reading.use or reading.place(line, opened.number, start, end)
                self.undefined.append(UndefinedVariable(name, line.text, place))

    def _close(self, opened: OpenFile, logical: LogicalLine, command: Command) -> None:
        stack = opened.stack
        top = stack[-1] if stack else None
        # The end of a conditional is told by the whole line.
        if isinstance(top, Conditional) and lower_case(logical.text) == top.closer:
            opened.close()
            return
        line, name = opened_line(opened, logical), command.name
        if not name.endswith(">"):
            self.problem(
                self.place(line), f"{name}> directive missing closing '>'",
                "write the closing tag as one word, without a blank before the >",
            )  # fmt: skip
            name += ">"
        closes = lower_case(name[2:-1])
        if isinstance(top, Directive) and top.key == closes:
            opened.close()
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
                while len(stack) > index:
                    opened.close()
                return

    def afford(self, lines: FileLines) -> FileLines:
        """Return as many of the lines to come as may still be carried out."""
        left = bound.LINES - self._lines
        self._lines += len(lines)
        return lines if len(lines) <= left else lines[: max(left, 0)]

    def has_lines(self, path: str) -> bool:
        """Whether a file was read and is more than comments."""
        scanned = self.files.get(path)
        return scanned is not None and any(line and line.text for line in scanned.lines)

    def server_path(self, path: str) -> str:
        """Return a path made absolute with the ServerRoot of this moment."""
        return merged_path(self.server_root, path)

    def one_word(self, line: Line, expanded: Expanded, at: int, name: str) -> str | None:
        """Return the only argument; another number of them is a problem and None."""
        words = arguments(expanded.text, at, 1, 1)
        if words is not None:
            return words[0]
        self.problem(
            self.place(line), f"{name} takes one argument",
            "quote an argument that holds blanks; Apache has no comments behind a directive",
        )  # fmt: skip
        return None

    def place(self, line: Line) -> Place:
        """Return a line's place; for one out of a macro, that of the Use."""
        return line.reading.use or line.reading.place(line.logical, line.number)

    def _here(self, opened: OpenFile, logical: LogicalLine) -> Place:
        return self.place(opened_line(opened, logical))

    def too_much(self, place: Place, what: str) -> None:
        """Note that a bound of ours was reached, and stop."""
        self.stopped = True
        message = f"{what}; the rest is left out"
        self.problems.append(
            Problem(ProblemKind.UNREADABLE, message, place, "audit a part of the tree")
        )

    def problem(
        self,
        place: Place,
        message: str,
        advice: str,
        kind: ProblemKind = ProblemKind.SYNTAX,
        *,
        fatal: bool = True,
    ) -> None:
        """Note a fault, one that makes Apache refuse the tree unless it is not ``fatal``."""
        self.problems.append(Problem(kind, message, place, advice, fatal))
        if len(self.problems) >= bound.PROBLEMS and not self.stopped:
            self.too_much(place, f"more than {bound.PROBLEMS} faults")


def opened_line(opened: OpenFile, logical: LogicalLine) -> Line:
    """Return the line taken last, with its number and reading."""
    return Line(logical, opened.number, opened.reading)
