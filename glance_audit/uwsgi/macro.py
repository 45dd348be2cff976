"""Options that a configuration declares itself: ``declare-option = name=a=$1;b=$2``."""

from __future__ import annotations

from glance_audit.record import NamedTuple
from glance_audit.uwsgi.placeholder import MAX_LENGTH, Endless


class Macro(NamedTuple):
    """A declared option and the options it stands for."""

    name: str
    template: str


def parse_macro(value: str) -> Macro | None:
    """Return the macro a ``declare-option`` declares; None is a value uWSGI refuses."""
    name, equal, template = value.partition("=")
    return Macro(name, template) if equal else None


def expand(macro: Macro, value: str) -> list[tuple[str, str]]:
    """Return the options a use of a macro stands for (core/config.c, uwsgi_opt_custom).

    Arguments are separated by blanks; one that is not given stays ``$n``; ``$1`` is replaced
    inside ``$10`` too; the first part of the template without ``=`` ends it.

    Raises:
        Endless: arguments that hold ``$n`` themselves blow the result up beyond a megabyte.
    """
    # strtok joins neighbouring blanks; an empty value is one empty argument.
    given = [word for word in value.split(" ") if word] if value else [""]
    options = []
    for part in macro.template.split(";"):
        if not part:
            continue
        key, equal, text = part.partition("=")
        if not equal:
            break
        for number, argument in enumerate(given, 1):
            key = key.replace(f"${number}", argument)
            text = text.replace(f"${number}", argument)
            if len(key) + len(text) > MAX_LENGTH:
                raise Endless
        options.append((key, text))
    return options
