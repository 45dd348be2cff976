"""Entering a conditional section, or skipping it."""

from __future__ import annotations

from glance_audit.apache.conditions import CONDITIONALS, State, holds
from glance_audit.apache.reader import Handler, Reader
from glance_audit.apache.section import Conditional, Line, OpenFile
from glance_audit.apache.variables import Expanded
from glance_audit.apache.words import next_word


def _conditional(reader: Reader, opened: OpenFile, line: Line, expanded: Expanded, at: int) -> None:
    text = expanded.text
    written = next_word(text, 0).text.removesuffix(">")
    name = written.lower()
    argument, bracket, _ = text[at:].rpartition(">")
    if not bracket and not text.rstrip().endswith(">"):
        reader.problem(reader.place(line), f"{name}> directive missing closing '>'", "add the >")
        return
    state = State(
        reader.modules, reader.variables, reader.source, reader.server_path, reader.version
    )
    result = holds(name, argument, state)
    if result is None:
        reader.problem(
            reader.place(line), f"{name}> cannot be evaluated: {argument.strip()!r}",
            "see the httpd documentation of this section for what it takes",
        )  # fmt: skip
    if result:
        opened.stack.append(Conditional(f"</{name[1:]}>", line))
    else:
        skip(reader, opened, line, written)


def skip(reader: Reader, opened: OpenFile, opener: Line, name: str) -> None:
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
            reader.problem(
                reader.place(opener),
                f"Expected </{names[-1]}> but saw {word} on line {line.number}",
                "close sections in the order they were opened, also where they are skipped",
            )
            while len(names) > 1 and names[-1].lower() != closes.lower():
                names.pop()
        names.pop()
        if not names:
            return
    reader.problem(
        reader.place(opener), f"Expected </{names[0]}> before end of configuration",
        f"add </{names[0]}> in the same file",
    )  # fmt: skip


CONDITIONAL: dict[str, Handler] = dict.fromkeys(CONDITIONALS, _conditional)
