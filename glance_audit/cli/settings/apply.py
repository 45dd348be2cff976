"""A command line together with the settings file that holds where it is given."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from glance_audit.cli.parser import Parser
from glance_audit.cli.settings.find import find
from glance_audit.record import NamedTuple

# The words that heed the settings file.
SETTLED = ("check", "hook", "baseline", "show")


class Applied(NamedTuple):
    """The parsed options over the file's settings, and what of them the file says where.

    ``file`` is None where no settings file holds.
    """

    options: Namespace
    file: str | None = None
    places: Mapping[str, Callable[[], str]] = {}

    def placed(self, message: str) -> str:
        """Return a message about an option with the place in the file that it came from."""
        about = message.partition(": ")[0].partition(" ")[0]
        place = self.places.get(about)
        return message if place is None else place() + message[len(about) :]


def apply(word: str, parser: Parser, arguments: Sequence[str]) -> Applied:
    """Parse the arguments; what they leave open, the settings file says, if the word heeds it.

    Raises:
        Refused: the command line or the file makes no sense.
    """
    options = parser.parse_intermixed_args(list(arguments))
    if word not in SETTLED:
        return Applied(options)
    options.paths = vars(options).get("paths", [])  # a hook is given changed files
    path = options.config
    if path is None and not options.isolated:
        cwd = os.getcwd()
        found = find(cwd)
        path = None if found is None else os.path.relpath(found, cwd)
    if path is None:
        return Applied(options)
    from glance_audit.cli.settings.check import settings_in  # few audits have such a file
    from glance_audit.cli.settings.document import read

    trusted = options.config is not None
    document = read(path)
    settings = settings_in(document, os.getcwd(), trusted=trusted)
    paths = settings.defaults.get("paths", [])
    known = {action.dest for action in parser._actions} - {"paths"} | {"severities", "overrides"}
    said = {name: value for name, value in settings.defaults.items() if name in known}
    parser.set_defaults(**said)
    options = parser.parse_intermixed_args(list(arguments))
    options.paths = vars(options).get("paths") or paths
    options.settings_file = document.name
    given = {argument.partition("=")[0] for argument in arguments}
    places = {about: place for about, place in settings.places.items() if about not in given}
    return Applied(options, document.name, places)
