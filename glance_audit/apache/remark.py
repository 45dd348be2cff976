"""What Apache accepts without a word and nobody means: strays among the files, open variables."""

from __future__ import annotations

import re

from glance_audit.files import Place
from glance_audit.record import NamedTuple

# What editors, dpkg, ucf, rpm and people with a copy in mind put behind a file's name.
_STRAY = re.compile(
    r"(?:~|#|\.(?:dpkg|ucf)-[a-z]+|\.rpm(?:new|save|orig)|\.sw[a-p]"
    r"|\.(?:bak|backup|old|orig|save|copy|prev|rej|tmp|disabled|off)(?:[0-9._-][^/]*)?)\Z"
    r"|/\.[^/]*\Z"
)
_USUAL = (".conf", ".load")


class StrayFile(NamedTuple):
    """A backup, a package's or a hidden file that a wildcard or a directory took in.

    ``pattern`` is the argument of the Include at ``place``.
    """

    path: str
    pattern: str
    place: Place


class UndefinedVariable(NamedTuple):
    """A ``${name}`` without a value, which stays in ``line`` as it is written."""

    name: str
    line: str
    place: Place


def is_stray(path: str) -> bool:
    """Whether a file's name says that it is none that a server should read."""
    if path.endswith(_USUAL) and "/." not in path:
        return False
    return _STRAY.search(path) is not None
