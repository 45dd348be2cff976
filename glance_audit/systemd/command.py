"""The commands of ExecStart=, as ``config_parse_exec`` of systemd splits them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from glance_audit.files import Place, Problem, ProblemKind
from glance_audit.record import NamedTuple
from glance_audit.systemd.specifier import UnknownSpecifier, expand
from glance_audit.systemd.unit_file import BLANK, UnitSetting
from glance_audit.systemd.word import Unbalanced, Word, next_word

if TYPE_CHECKING:
    from collections.abc import Mapping

_BRACED = re.compile(r"\$(?:(\$)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_ALONE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)\Z")


class Command(NamedTuple):
    """One command line.

    ``path`` is the program without ``prefixes`` (of ``@-:+!|``); ``argv[0]`` differs from it only
    after ``@``. Variables are not replaced: see :meth:`arguments`. A specifier that depends on
    the host is left as written.
    """

    path: str
    argv: tuple[str, ...]
    prefixes: str
    place: Place

    def arguments(self, environment: Mapping[str, str]) -> tuple[str, ...]:
        """Return ``argv`` with ``${X}`` and ``$X`` words replaced as systemd.service(5) says.

        ``$X`` alone is split into words; a variable that is not set is empty.
        """
        if ":" in self.prefixes:
            return self.argv
        done: list[str] = []
        for word in self.argv:
            alone = _ALONE.match(word)
            if alone is not None:
                done += _split(environment.get(alone[1], ""))
                continue
            done.append(_BRACED.sub(lambda m: m[1] or environment.get(m[2], ""), word))
        return tuple(done)


def commands(
    setting: UnitSetting, known: dict[str, str]
) -> tuple[tuple[Command, ...], tuple[Problem, ...]]:
    """Return the commands of one ExecStart= line; a refused line has none and a problem."""
    value = setting.value
    found: list[Command] = []
    words: list[Word] = []
    at = 0
    try:
        while True:
            rest = value[at:].lstrip(BLANK)
            here = len(value) - len(rest)
            separator = rest[:1] == ";" and (len(rest) == 1 or rest[1] in BLANK)
            if (separator or not rest) and words:
                found.append(_command(setting, words, known))
                words = []
            if not rest:
                return tuple(found), ()
            if separator:
                at = here + 1
                continue
            if rest.startswith("\\;") and (len(rest) == 2 or rest[2] in BLANK):
                words.append(Word(";", here, here + 2))
                at = here + 2
                continue
            word = next_word(value, here, lenient=True)
            if word is None:
                return tuple(found), ()
            words.append(word)
            at = word.end
    except (Unbalanced, UnknownSpecifier) as error:
        what = "An unclosed quote" if isinstance(error, Unbalanced) else f"An unknown {error}"
        forgiven = "-" in value[: len(value) - len(value.lstrip("@-:+!|"))]
        message = f"{what}: " + ("the command is ignored" if forgiven else "the unit does not load")
        problem = Problem(ProblemKind.SYNTAX, message, setting.place, fatal=not forgiven)
        return tuple(found), (problem,)


def _command(setting: UnitSetting, words: list[Word], known: dict[str, str]) -> Command:
    texts = [_expanded(word.text, known) for word in words]
    path = texts[0].lstrip("@-:+!|")
    prefixes = texts[0][: len(texts[0]) - len(path)]
    named = "@" in prefixes and len(texts) > 1
    argv = tuple(texts[1:]) if named else (path, *texts[1:])
    return Command(path, argv, prefixes, setting.part(words[0].start, words[-1].end))


def _expanded(text: str, known: dict[str, str]) -> str:
    found = expand(text, known)
    return text if found is None else found


def _split(value: str) -> list[str]:
    words: list[str] = []
    at = 0
    while True:
        try:
            word = next_word(value, at, lenient=True)
        except Unbalanced:
            return [*words, *value[at:].split()]
        if word is None:
            return words
        words.append(word.text)
        at = word.end
