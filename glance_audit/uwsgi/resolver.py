"""What uWSGI makes of its options: the list it builds, and the order in which they act."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from glance_audit.files import FileSource, Place, Unreadable
from glance_audit.uwsgi.build import Build
from glance_audit.uwsgi.entry import Entry
from glance_audit.uwsgi.expansion import Expansion
from glance_audit.uwsgi.facts import HostFacts
from glance_audit.uwsgi.fault import Faults
from glance_audit.uwsgi.load import Loader
from glance_audit.uwsgi.logic import ENDS, LOGIC, Surroundings, Undecided, rounds
from glance_audit.uwsgi.macro import Macro, expand, parse_macro
from glance_audit.uwsgi.magic import MagicTable
from glance_audit.uwsgi.option import Option
from glance_audit.uwsgi.options import load_options
from glance_audit.uwsgi.placeholder import Endless
from glance_audit.uwsgi.plugin import Plugins
from glance_audit.uwsgi.refusal import refusal
from glance_audit.uwsgi.syntax import OPTION_FORMATS
from glance_audit.uwsgi.values import is_true

MAX_DEPTH = 40  # declared options inside each other
MAX_OPTIONS = 100_000
MAX_ROUNDS = 10_000


class _Stop(Exception):
    """A bound on the whole was passed."""


class Resolver:
    """One start of uWSGI: add what it is given in order, then :meth:`finish`.

    core/config.c (add_exported_option_do, uwsgi_configure) tells how. After a fault at which uWSGI
    would end, the rest is read as if the fault were not there.
    """

    def __init__(
        self,
        source: FileSource,
        cwd: str,
        environment: Mapping[str, str],
        facts: HostFacts,
        *,
        positional: bool,
        build: Build | None = None,
    ) -> None:
        self.entries: list[Entry] = []
        self.applied: list[Entry] = []
        self.faults = Faults()
        magic = MagicTable(facts, cwd, first_file_counts=not positional)
        # uWSGI sets this one itself before it reads anything (core/init.c, uwsgi_setup_reload).
        variables = {"UWSGI_RELOADS": "0", **environment}
        self.loader = Loader(source, cwd, magic, self.faults, self._add, build)
        self._expansion = Expansion(variables, self.loader, self.first, self.faults)
        self._plugins = Plugins(source, cwd, facts)
        self._table = load_options()
        self._around = Surroundings(source, cwd, variables, facts, self.first, self._plugins.has)
        self._build = build
        self._macros: dict[str, Macro] = {}
        self._macro_depth = 0
        self._first_entries: dict[str, Entry] = {}
        self.asked: set[str] = set()
        self._logic: tuple[str, str] | None = None
        self._in_block = False
        self._strict = False
        self._lists: dict[str, str | None] = {}
        self._shared_sockets = 0
        self._stopped = False

    def first(self, key: str) -> str | None:
        """Return the first value of a key in the list."""
        self.asked.add(key)
        entry = self._first_entries.get(key)
        return None if entry is None else entry.value

    def give(self, option: Option) -> None:
        """Take an option of the command line or the environment."""
        if option.origin == "command-line" and not self._is_known(option.key):
            # getopt_long knows the options of plugins that are there by now, and no others.
            self.faults.refuse(f"uWSGI knows no option --{option.key} here", option.place)
        if not self._stopped:
            try:
                self._add(option)
            except _Stop:
                self._stopped = True

    def give_file(self, name: str, place: Place) -> None:
        """Take a file that is named without an option."""
        try:
            self.loader.load_by_name(name, place)
        except _Stop:
            self._stopped = True

    def finish(self) -> None:
        """Replace ``$()``, ``@()`` and ``%()`` in what has not acted yet, and let it act."""
        for symbol in Expansion.SYMBOLS:
            for entry in self.entries:
                if not entry.done:
                    entry.value = self._expansion.expand(symbol, entry.value, entry.value_place)
        index = 0
        try:
            # Options that inherit brings are appended, so the list grows while it is walked.
            while index < len(self.entries):
                entry = self.entries[index]
                index += 1
                if not entry.done:
                    self.applied.append(entry)
                    if self._knows(entry):
                        entry.done = True
                        self._act(entry)
        except _Stop:
            pass

    def _add(self, option: Option, *, placeholder: bool = False) -> None:
        if len(self.entries) >= MAX_OPTIONS:
            self.faults.incomplete(
                f"more than {MAX_OPTIONS} options: the rest is left out", option.place
            )
            raise _Stop
        self._check_lists(option)
        if not self._in_block:
            if option.key in ENDS:
                self._logic = None
            if self._logic is not None:
                self._add_in_block(option, *self._logic)
                return
        entry = Entry(option)
        self.entries.append(entry)
        self._first_entries.setdefault(entry.key, entry)
        if placeholder:
            entry.done = True
            if self._plugins.offers(self._table.get(entry.key)):
                self.faults.refuse(
                    f"{entry.key} is an option and cannot be a placeholder", entry.place
                )
        elif self._knows(entry) and self._immediate(entry.key):
            self.applied.append(entry)
            entry.done = True
            self._act(entry)

    def _add_in_block(self, option: Option, name: str, argument: str) -> None:
        self._in_block = True
        try:
            words = list(islice(rounds(name, argument, self._around), MAX_ROUNDS + 1))
            if len(words) > MAX_ROUNDS:
                self.faults.incomplete(
                    f"a loop of more than {MAX_ROUNDS} rounds: the rest is left out", option.place
                )
                words.pop()
            for word in words:
                value = option.value if word is None else option.value.replace("%(_)", word)
                self._add(
                    Option(
                        option.key,
                        value,
                        option.place,
                        option.key_place,
                        option.value_place,
                        option.origin,
                    )
                )
        except Undecided as question:
            self.faults.question(f"{name} asks for {question}: its block is left out", option.place)
        except Unreadable as error:
            self.faults.incomplete(f"{name}: {error}", option.place)
        finally:
            self._in_block = False

    def _check_lists(self, option: Option) -> None:
        words = self._lists.get("blacklist")
        if words is not None and option.key.lower() in words.lower().split(" "):
            self.faults.refuse(f"{option.key} is forbidden by blacklist", option.place)
        words = self._lists.get("whitelist")
        if words is not None and option.key.lower() not in words.lower().split(" "):
            self.faults.refuse(f"{option.key} is forbidden by whitelist", option.place)

    def _knows(self, entry: Entry) -> bool:
        """Whether the option exists; a missing one is fatal under ``strict``."""
        if not self._is_known(entry.key):
            if self._strict:
                self.faults.refuse(f"strict: unknown option {entry.key}", entry.place)
            return False
        return True

    def _is_known(self, key: str) -> bool:
        return key in self._macros or self._plugins.offers(self._table.get(key)) is not False

    def _immediate(self, key: str) -> bool:
        fact = self._table.get(key)
        if fact is not None and self._plugins.offers(fact) is not False:
            return fact.immediate
        return key in self._macros

    def _act(self, entry: Entry) -> None:
        key, value = entry.key, entry.value
        fact = self._table.get(key)
        if fact is None or self._plugins.offers(fact) is False:
            self._use_macro(entry)
            return
        reason = refusal(fact, key, value, self._shared_sockets)
        if reason is not None:
            self.faults.refuse(reason, entry.place)
        if (
            OPTION_FORMATS.get(key) == "json"
            and self._build is Build.PYPI
            and entry.origin == "file"
        ):
            # No option of that name was compiled in, so it is a placeholder.
            self.faults.ignored(
                f"uWSGI as pip builds it has no JSON: {key} is passed over", entry.place
            )
        elif key in LOGIC:
            if self._logic is not None:
                self.faults.refuse(f"{key} inside the block of {self._logic[0]}", entry.place)
            else:
                self._logic = (key, value)
        elif key in OPTION_FORMATS:
            entry.value = self.loader.load(
                OPTION_FORMATS[key], value, entry.value_place, first_file=True
            )
        elif key in ("include", "inherit", "config"):
            self.loader.load_by_name(value, entry.value_place, pluggable=key == "config")
        else:
            self._switch(entry)

    def _switch(self, entry: Entry) -> None:
        key, value = entry.key, entry.value
        if key in ("set", "set-ph", "set-placeholder"):
            name, equal, text = value.partition("=")
            if equal:
                self._add(entry.but(name, text), placeholder=key != "set")
            else:
                self.faults.refuse(f"{key} needs name=value", entry.place)
        elif key == "strict":
            self._strict = is_true(value)
        elif key == "declare-option":
            macro = parse_macro(value)
            if macro is None:
                self.faults.refuse("declare-option needs name=template", entry.place)
            else:
                self._macros.setdefault(macro.name, macro)
        elif key in ("blacklist", "whitelist"):
            self._lists[key] = value
        elif key in ("end-blacklist", "end-whitelist"):
            self._lists[key.removeprefix("end-")] = None
        elif key in ("plugins-dir", "plugin-dir"):
            self._plugins.search(value)
        elif key in ("plugins", "plugin", "need-plugins", "need-plugin"):
            missing = self._plugins.load(value)
            if missing and key.startswith("need-"):
                self.faults.refuse(f"the plugin {missing[0]} is not there", entry.place)
        elif key in ("shared-socket", "undeferred-shared-socket"):
            self._shared_sockets += 1
        elif key in ("inject-before", "inject-after"):
            self.loader.inject(key, value, entry.value_place)

    def _use_macro(self, entry: Entry) -> None:
        if self._macro_depth >= MAX_DEPTH:
            self.faults.endless(f"{entry.key} stands for itself without end", entry.place)
            return
        self._macro_depth += 1
        try:
            for key, value in expand(self._macros[entry.key], entry.value):
                made = Entry(entry.but(key, value))
                if len(self.applied) >= 2 * MAX_OPTIONS:
                    raise _Stop
                self.applied.append(made)
                if self._knows(made):
                    self._act(made)
        except Endless:
            self.faults.incomplete(f"{entry.key} stands for more than can be read", entry.place)
        finally:
            self._macro_depth -= 1
