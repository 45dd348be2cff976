"""``<Macro>``, ``Use`` and ``UndefMacro``: carried out while reading, when mod_macro is there."""

from __future__ import annotations

from glance_audit.apache.directive import Reading
from glance_audit.apache.macro import LONGEST_LINE, Macro, first_words
from glance_audit.apache.reader import MOST_DIRECTIVES, Handler, Reader
from glance_audit.apache.scanner import LogicalLine
from glance_audit.apache.section import Line, OpenFile
from glance_audit.apache.variables import Expanded
from glance_audit.apache.words import next_word


def _define_macro(
    reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int
) -> None:
    place = reader.place(line)
    argument = expanded.text[at:].rpartition(">")[0]
    words = first_words(argument)
    if not words:
        reader.problem(place, "<Macro> takes a name", "name the macro")
        return
    name = words[0].lower()
    body: list[tuple[int, LogicalLine]] = []
    nested = 1
    number = 0
    definition = f"macro '{name}' (defined on line {line.number} of \"{line.reading.dump_file}\")"
    while (inner := opened.next_line()) is not None:
        text = inner.logical.text
        number += 1
        first = next_word(text, 0).text.lower()
        if len(text) > LONGEST_LINE:
            break
        if first == "</macro>":
            nested -= 1
            if nested == 0:
                reader.macros[name] = Macro(
                    name, tuple(words[1:]), tuple(body), inner.reading.file, definition
                )
                return
        elif first in ("<macro", "<macro>"):
            nested += 1
        body.append((number, inner.logical))
    reader.problem(
        place, f"{definition}: expected token not found: </Macro>", "close it with </Macro>"
    )


def _undefine_macro(
    reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int
) -> None:
    word = reader.one_word(line, expanded, at, "UndefMacro")
    if word is not None and reader.macros.pop(word.lower(), None) is None:
        reader.problem(
            reader.place(line), f"cannot remove undefined macro '{word}'", "remove the line"
        )


def _use(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    place = reader.place(line)
    words = first_words(expanded.text[at:])
    macro = reader.macros.get(words[0].lower()) if words else None
    if macro is None:
        name = words[0].lower() if words else ""
        reader.problem(place, f"macro '{name}' undefined", "define it before it is used")
        return
    if opened.using(macro.name):
        reader.problem(
            place, f"recursive use of macro '{macro.name}' is invalid", "remove this Use"
        )
        return
    values = tuple(words[1:])
    if len(values) != len(macro.parameters):
        reader.problem(
            place,
            f"{macro.definition} used on line {line.number} of "
            f'"{line.reading.dump_file}" with {len(values)} argument(s) instead of '
            f"{len(macro.parameters)}",
            "give as many arguments as the macro takes",
        )
        return
    if reader.count > MOST_DIRECTIVES:
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


MACROS: dict[str, Handler] = {
    "<macro": _define_macro,
    "use": _use,
    "undefmacro": _undefine_macro,
}
