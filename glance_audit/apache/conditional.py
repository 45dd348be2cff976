"""Entering a conditional section, or skipping it."""

from __future__ import annotations

from functools import lru_cache

from glance_audit.apache.conditions import CONDITIONALS, Refused, holds
from glance_audit.apache.reader import Executed, Reader
from glance_audit.apache.section import Conditional, Line, OpenFile
from glance_audit.apache.variables import Expanded
from glance_audit.apache.words import lower_case, next_word


def _conditional(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    text = expanded.text
    written, name = _names(text[:at])
    try:
        result = holds(name, text[at:] or ">", reader.state)
    except Refused as refused:
        reader.problem(reader.place(line), str(refused), f"see the documentation of {written}>")
        result = True  # what stands inside is at least looked at
    if result:
        opened.stack.append(Conditional(f"</{name[1:]}>", line))
    else:
        skip(reader, opened, line, written)


@lru_cache(maxsize=1000)  # the same few in most files
def _names(start: str) -> tuple[str, str]:
    """Return the section's name with its ``<``, as it is written and in lower case."""
    written = next_word(start, 0).text.removesuffix(">")
    return written, lower_case(written)


def skip(reader: Reader, opened: OpenFile, opener: Line, name: str) -> None:
    """Skip a false conditional: only first words are looked at (ap_soak_end_container).

    Apache reports what is wrong inside on the line that opened the conditional. The last
    character of a closing tag is dropped unseen, whatever it is.
    """
    names = [name[1:]]
    for line in opened:
        if "<" not in line.text:
            continue
        word = next_word(line.text, 0)
        if not word.text.startswith("<"):
            continue
        if word.text[1:2] != "/":
            alone = not line.text[word.end :]
            names.append(word.text[1:].removesuffix(">") if alone else word.text[1:])
            continue
        closes = lower_case(word.text[2:-1])
        if closes != lower_case(names[-1]):
            reader.problem(
                reader.place(opener),
                f"Expected </{names[-1]}> but saw {word.text} on line {opened.number}",
                "close sections in the order they were opened, also where they are skipped",
            )
            while len(names) > 1 and lower_case(names[-1]) != closes:
                names.pop()
        names.pop()
        if not names:
            return
    reader.problem(
        reader.place(opener), f"Expected </{names[-1]}> before end of configuration",
        f"add </{names[-1]}> in the same file",
    )  # fmt: skip


CONDITIONAL: dict[str, Executed] = {
    name: Executed(_conditional, "mod_version.c" if name == "<ifversion" else "core.c")
    for name in CONDITIONALS
}
