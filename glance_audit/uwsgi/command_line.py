"""The command line of uWSGI, split as ``getopt_long`` of the C library splits it.

core/init.c (uwsgi_commandline_config): options are taken in their order, a long name may be cut
short while it stays unambiguous, and words without a dash are files, loaded after all options.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from glance_audit.files import Place, Problem, ProblemKind
from glance_audit.record import NamedTuple
from glance_audit.uwsgi.option import Option
from glance_audit.uwsgi.options import OptionFact, OptionTable, load_options
from glance_audit.uwsgi.start import given

# The first option of each letter in core/uwsgi.c and plugins/python/python_plugin.c.
SHORT: Mapping[str, str] = {
    "A": "sharedarea",
    "C": "chmod-socket",
    "H": "home",
    "J": "test",
    "L": "disable-logging",
    "M": "master",
    "O": "optimize",
    "Q": "spooler",
    "R": "max-requests",
    "S": "set",
    "T": "enable-threads",
    "a": "abstract-socket",
    "b": "buffer-size",
    "c": "cgi-mode",
    "d": "daemonize",
    "h": "help",
    "i": "single-interpreter",
    "j": "json",
    "l": "listen",
    "m": "memory-report",
    "p": "processes",
    "r": "reaper",
    "s": "socket",
    "t": "harakiri",
    "v": "max-vars",
    "w": "module",
    "x": "xmlconfig",
    "y": "yaml",
    "z": "socket-timeout",
}
_LOADING = ("plugin", "plugins", "need-plugin", "need-plugins", "declare-option")


class CommandLine(NamedTuple):
    """``options`` in their order, the ``files`` named without one, and what uWSGI refuses."""

    options: tuple[Option, ...]
    files: tuple[tuple[str, Place], ...]
    problems: tuple[Problem, ...]


def parse_command_line(words: Iterable[str], place: Place) -> CommandLine:
    """Split the words behind the program's name; all that is in them stands at ``place``.

    uWSGI keeps no value for an option that is given none: it is ``true``, or 1 for a number, as
    the option then acts.
    """
    parser = _Parser([*words], place)
    parser.run()
    return CommandLine(tuple(parser.options), tuple(parser.files), tuple(parser.problems))


class _Parser:
    def __init__(self, words: list[str], place: Place) -> None:
        self.options: list[Option] = []
        self.files: list[tuple[str, Place]] = []
        self.problems: list[Problem] = []
        self._words = words[::-1]
        self._place = place
        self._table = load_options()

    def run(self) -> None:
        while self._words:
            word = self._words.pop()
            if word == "--":
                self.files += [(name, self._place) for name in reversed(self._words)]
                return
            if word.startswith("--"):
                self._long(word[2:])
            elif len(word) > 1 and word[0] == "-":
                self._short(word[1:])
            elif not word.startswith("["):  # uwsgi_commandline_config passes these over
                self.files.append((word, self._place))

    def _long(self, word: str) -> None:
        name, equal, value = word.partition("=")
        fact = long_option(self._table, name)
        if fact is None:
            self._unknown(f"--{name}")
        elif fact.argument == "none" and equal:
            self._refuse(f"--{fact.name} takes no value")
        else:
            self._take(fact, value if equal else None)

    def _short(self, letters: str) -> None:
        """Take ``-MT`` as two switches and ``-p4`` as one option with its value."""
        for index, letter in enumerate(letters):
            fact = self._table.get(SHORT.get(letter, ""))
            if fact is None:
                self._unknown(f"-{letter}")
                return
            if fact.argument != "none":
                self._take(fact, letters[index + 1 :] or None)
                return
            self._take(fact, None)

    def _take(self, fact: OptionFact, value: str | None) -> None:
        if value is None and fact.argument == "required":
            if not self._words:
                self._refuse(f"--{fact.name} needs a value")
                return
            value = self._words.pop()
        if value is None:
            value = "1" if fact.value_type.startswith(("int", "uint")) else "true"
        self.options.append(given(fact.name, value, "command-line", self._place))

    def _unknown(self, shown: str) -> None:
        """Without a plugin that may bring it, an unknown option ends uWSGI."""
        brought = any(option.key in _LOADING for option in self.options)
        self._refuse(f"uWSGI knows no option {shown}", fatal=not brought)

    def _refuse(self, message: str, *, fatal: bool = True) -> None:
        self.problems.append(
            Problem(ProblemKind.SYNTAX, f"command line: {message}", self._place, fatal=fatal)
        )


def long_option(table: OptionTable, name: str) -> OptionFact | None:
    """Return the option of a long name, also one cut short that only one released name begins."""
    fact = table.get(name)
    if fact is not None or not name:
        return fact
    longer = [one for one in map(table.get, table) if one and one.name.startswith(name)]
    found = [one for one in longer if one.released]
    core = [one for one in found if one.plugin == "core"]
    if len(core) == 1:
        return core[0]  # which plugins are there is not known yet
    return found[0] if len(found) == 1 else None
