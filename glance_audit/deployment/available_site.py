"""Files of Debian's sites-available and conf-available that nothing enables.

They are no part of the server's configuration: nothing in them is audited, and what is wrong with
them is nobody's problem yet.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from glance_audit.apache import resolve
from glance_audit.deployment.inputs import ApacheInput
from glance_audit.deployment.route import Route
from glance_audit.files import FileSource, Kind, ProblemKind, Unreadable
from glance_audit.record import NamedTuple

_DIRECTORIES = ("sites-available", "conf-available")
_ENDING = ".conf"  # a2ensite and a2enconf look for no other
_TRACE = re.compile(r"glance|/image|9292|60999", re.IGNORECASE)
_MOST = 500  # files looked at
_LONGEST = 200_000  # characters of one that is taken apart


class AvailableSite(NamedTuple):
    """A file that could be enabled, and its Glance routes.

    ``link`` is the name in sites-enabled or conf-enabled that should enable it, where that is there
    and the server does not read it.
    """

    file: str
    routes: tuple[Route, ...]
    link: str | None


def link_of(source: FileSource, file: str) -> str | None:
    """Return what a2ensite or a2enconf would make of a file, if it is there."""
    directory, name = posixpath.split(file)
    link = posixpath.join(directory.replace("-available", "-enabled"), name)
    return link if source.kind(link) is Kind.FILE else None


def available_sites(source: FileSource, apache: ApacheInput) -> Iterator[ApacheInput]:
    """Yield each file that may hold a Glance route, as if it were read alone.

    None where the server's own configuration could not be read as a whole: what was not read may
    enable them.
    """
    config = apache.config
    if apache.family != "debian" or any(
        problem.kind is not ProblemKind.SYNTAX for problem in config.problems
    ):
        return
    enabled = {source.real(file) for file in config.files}
    values = apache.environment.values() if apache.environment is not None else {}
    for file in _files(source, config.server_root):
        if source.real(file) in enabled:
            continue
        try:
            text = source.text(file)
        except Unreadable:
            continue
        if len(text) > _LONGEST or _TRACE.search(text) is None:
            continue
        alone = resolve(
            source,
            file,
            server_root=config.server_root,
            defines={name: value or None for name, value in config.defines.items()},
            environment=values,
            assume_modules=True,
        )
        yield ApacheInput(alone, "single", None, None)


def _files(source: FileSource, server_root: str) -> Iterator[str]:
    """Yield the files that could be enabled, up to a bound."""
    left = _MOST
    for name in _DIRECTORIES:
        directory = posixpath.join(server_root, name)
        if source.kind(directory) is not Kind.DIRECTORY:
            continue
        try:
            names = source.names(directory)
        except Unreadable:
            continue
        for one in names:
            file = posixpath.join(directory, one)
            if left and one.endswith(_ENDING) and source.kind(file) is Kind.FILE:
                left -= 1
                yield file
