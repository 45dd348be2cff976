"""Options in uWSGI's files that no uWSGI has: to it they are placeholders, to people mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option, OptionTable, load_options

_PLACEHOLDERS = ("set-ph", "set-placeholder")
_END = "end"  # no option, yet it ends a block (core/config.c)
# What other servers and other parts of uWSGI call it.
_MEANT = {
    "so-timeout": "socket-timeout",
    "http-socket-timeout": "socket-timeout",
    "timeout": "socket-timeout",
    "tmpdir": "env = TMPDIR=...",
}
_CLOSE = 0.8  # of difflib's ratio: a letter or two
_MOST_COMPARED = 50  # in one file; each is held against all names


class UnknownOption(NamedTuple):
    """An option of a file that no release has.

    ``near`` is the name that was meant, as far as one can tell. ``development``: the branch that
    was never released has it.
    """

    option: Option
    near: str | None
    development: bool


@cache
def option_table() -> OptionTable:
    """Return uWSGI's options, read once."""
    return load_options()


def unknown_options(instance: UwsgiInstance) -> Iterator[UnknownOption]:
    """Yield each unknown option of the files once, but what ``%()`` uses or a placeholder sets."""
    config, table = instance.config, option_table()
    declared = {o.value.partition("=")[0].strip() for o in config.all("declare-option")}
    placed = {o.place for o in config.pairs if o.key in _PLACEHOLDERS}
    known = {"", _END, *declared, *config.asked}
    seen = set()
    for option in config.pairs:
        key = option.key
        if key in known or option.origin != "file" or option.place in seen:
            continue
        fact = table.get(key)
        if fact is not None and fact.released:
            continue
        if option.place in placed and key not in _PLACEHOLDERS:
            continue
        seen.add(option.place)
        near = _near(key, compare=len(seen) <= _MOST_COMPARED) if fact is None else None
        yield UnknownOption(option, near, fact is not None)


def _near(key: str, *, compare: bool) -> str | None:
    plain = key.lower().replace("_", "-").lstrip("-")
    for name in (plain, key.lower().lstrip("-")):
        fact = option_table().get(name)
        if fact is not None and fact.released:
            return name
    if plain in _MEANT:
        return _MEANT[plain]
    if not compare or len(key) >= 64:
        return None
    from difflib import get_close_matches  # for a misspelt option alone

    found = get_close_matches(plain, _released(), 1, _CLOSE)
    return found[0] if found else None


@cache
def _released() -> tuple[str, ...]:
    table = option_table()
    facts = (table.get(name) for name in table)
    return tuple(fact.name for fact in facts if fact is not None and fact.released)
