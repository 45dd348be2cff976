"""``<Macro>``, ``Use`` and ``UndefMacro``: carried out while reading, when mod_macro is there."""

from __future__ import annotations

from glance_audit.apache import bound
from glance_audit.apache.directive import Reading
from glance_audit.apache.macro import LONGEST_LINE, Macro, SubstitutionTooLong, length
from glance_audit.apache.reader import Executed, Reader
from glance_audit.apache.scanner import FileLines, LogicalLine
from glance_audit.apache.section import Line, OpenFile
from glance_audit.apache.variables import Expanded
from glance_audit.apache.words import lower_case, next_word, split_words

_SOURCE = "mod_macro.c"


def _define_macro(
    reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int
) -> None:
    argument, bracket, _ = expanded.text[at:].rpartition(">")
    words = [word.text for word in split_words(argument)]
    name = lower_case(words[0]) if words else ""
    definition = f"macro '{name}' (defined on line {line.number} of \"{line.reading.dump_file}\")"
    message = ""
    if not bracket and expanded.text[at:]:
        message = "<Macro> directive missing closing '>'"
    elif not name:
        message = "<Macro macro definition: name not found"
    elif "" in words[1:]:
        message = f"{definition}: empty argument #{words.index('', 1)} name"
    elif len(set(words[1:])) < len(words) - 1:
        message = f"argument name conflict in {definition}"
    if message:
        reader.problem(reader.place(line), message, "see the documentation of <Macro>")
    body = _body(opened)
    if body is None:
        reader.problem(
            reader.place(line), f"{definition}: contents error: expected token not found: </Macro>",
            "close it with </Macro>",
        )  # fmt: skip
    elif not message:
        file = line.reading.file
        lines = tuple(one for one, _ in body)
        numbers = tuple(number for _, number in body)
        reader.macros[name] = Macro(name, tuple(words[1:]), lines, numbers, file, definition)


def _body(opened: OpenFile) -> list[tuple[LogicalLine, int]] | None:
    """Take a macro's lines, empty ones too, with their numbers in the file."""
    body: list[tuple[LogicalLine, int]] = []
    nested = 1
    for line in opened:
        if line.width - len(line.text) + length(line.text) > LONGEST_LINE:
            return None
        first = lower_case(next_word(line.text, 0).text)
        if first == "</macro>":
            nested -= 1
            if nested == 0:
                return body
        elif first == "<macro":
            nested += 1
        body.append((line, opened.reading.file_line(opened.number)))
    return None


def _undefine_macro(
    reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int
) -> None:
    word = reader.one_word(line, expanded, at, "UndefMacro")
    if word is not None and reader.macros.pop(lower_case(word), None) is None:
        reader.problem(
            reader.place(line), f"cannot remove undefined macro '{word}'", "remove the line"
        )


def _use(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    place = reader.place(line)
    name, *values = [word.text for word in split_words(expanded.text, at)] or [""]
    name = lower_case(name)
    macro = reader.macros.get(name)
    if macro is None:
        reader.problem(place, f"macro '{name}' undefined", "define it before it is used")
        return
    # mod_macro finds a recursion by the macro's name in the name of what it is reading.
    if f"macro '{name}'" in line.reading.dump_file:
        reader.problem(place, f"recursive use of macro '{name}' is invalid", "remove this Use")
        return
    if len(values) != len(macro.parameters):
        reader.problem(
            place,
            f"{macro.definition} used with {len(values)} arguments instead of "
            f"{len(macro.parameters)}",
            "give as many arguments as the macro takes",
        )
        return
    named = f'{macro.definition} used on line {line.number} of "{line.reading.dump_file}"'
    reader.names_left -= len(named)
    if len(named) > bound.NAME_LENGTH or reader.names_left < 0:
        reader.too_much(place, "macros are nested too deep, or used too often")
        return
    try:
        lines = list(macro.expansion(tuple(values)))
    except SubstitutionTooLong:
        reader.problem(
            place, f"{named}: cannot substitute, buffer size too small", "give a shorter value"
        )
        return
    if lines and lines[-1][1].text.endswith("\\"):
        _, open_end = lines.pop()
        opened.join_next(open_end.text[:-1], reader.source.text(line.reading.file))
    bodies: FileLines = [body for _, body in lines]
    if len(reader.afford(bodies)) < len(bodies):
        reader.too_much(place, f"more than {bound.LINES} lines")
        return
    use = line.reading.use or place
    reading = Reading(macro.file, line.reading.included_from, named, use, macro.numbers)
    opened.splice(bodies, [number for number, _ in lines], reading)


MACROS: dict[str, Executed] = {
    "<macro": Executed(_define_macro, _SOURCE),
    "use": Executed(_use, _SOURCE),
    "undefmacro": Executed(_undefine_macro, _SOURCE),
}
