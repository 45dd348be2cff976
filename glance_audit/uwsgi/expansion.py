"""What ``$()``, ``@()`` and ``%()`` stand for when uWSGI has read all files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from glance_audit.files import Place
from glance_audit.uwsgi.fault import Faults
from glance_audit.uwsgi.load import Loader
from glance_audit.uwsgi.placeholder import Endless, Substitution, evaluate


class Expansion:
    """The three passes over the values of the options that have not acted yet."""

    SYMBOLS = "$@%"  # in this order, each over the whole list

    def __init__(
        self,
        environment: Mapping[str, str],
        loader: Loader,
        first: Callable[[str], str | None],
        faults: Faults,
    ) -> None:
        self._environment = environment
        self._loader = loader
        self._first = first
        self._faults = faults
        self._substitute = Substitution()

    def expand(self, symbol: str, value: str, place: Place) -> str:
        """Return a value after the pass of one symbol."""

        def variable(key: str) -> str | None:
            found = self._environment.get(key)
            if found is None:
                self._faults.undefined_name("$", key, place)
                self._faults.question(
                    f"$({key}): this variable is not known here, the text stays as it is written",
                    place,
                )
            return found

        def content(name: str) -> str | None:
            return self._at(name, place)

        def first(key: str) -> str | None:
            found = self._first(key)
            if found is None:
                self._faults.undefined_name("%", key, place)
            return found

        def placeholder(key: str) -> str | None:
            return evaluate(key, first)

        hook = {"$": variable, "@": content, "%": placeholder}[symbol]
        try:
            return self._substitute(value, symbol, hook)
        except Endless as endless:
            if endless.certain:
                message = f"{symbol}() in this value has no end: uWSGI never starts"
                self._faults.endless(message, place)
            else:
                message = f"{symbol}() in this value has no end, or one too far to follow it here"
                self._faults.incomplete(message, place)
            return value

    def _at(self, name: str, place: Place) -> str | None:
        """Return what ``@(name)`` reads; commands, addresses and symbols are only reported."""
        text = self._loader.content(name, f"@({name})", place)
        if text is None:
            return None
        if text[-1:] in ("\n", "\r"):
            text = text[:-1]
        return text.partition("\0")[0]
