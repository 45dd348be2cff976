"""Names that no module can give a directive.

Whether a directive exists is for the modules to say, third-party ones too, and not judged here. A
name with other characters than these is one of none: a binary file, or a template's marker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.apache.config import ApacheConfig
from glance_audit.files import Problem, ProblemKind

_NAME = re.compile(r"[A-Za-z0-9_.:-]+")


def invalid_commands(config: ApacheConfig) -> Iterator[Problem]:
    """Yield the first directive of each file whose name is none, as Apache refuses it."""
    seen: set[str] = set()
    invalid = [key for key in config.all.keys if not _NAME.fullmatch(key)]
    for directive in config.all.of(*invalid):
        name = directive.name
        if directive.place.file not in seen:
            seen.add(directive.place.file)
            yield Problem(
                ProblemKind.SYNTAX,
                f"Invalid command '{name}', perhaps misspelled or defined by a module not included "
                "in the server configuration",
                directive.place,
                "no module has a directive of this name: the file is no Apache configuration, or "
                "a template that has yet to be rendered",
            )
