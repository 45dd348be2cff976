"""How a message names a directive: without what may be secret in its arguments."""

from __future__ import annotations

from glance_audit.apache import Directive

_LOCATIONS = frozenset({"location", "locationmatch", "directory", "directorymatch", "files"})


def named(directive: Directive) -> str:
    """Name a directive by what it is for: ``ProxyPass /image``, ``ProxyPass in <Location /x>``.

    A URL, which may hold a password, is never part of it.
    """
    words = [word.text for word in directive.words[:3]]
    suffix = " !" if "!" in words else ""
    section = directive.parent
    if section is not None and section.key != "virtualhost":
        return f"{directive.name}{suffix} in <{section.name} {section.args}>"
    shown = next((word for word in words if word[:1] in "/^~" or word[:2] == "!^"), "")
    return f"{directive.name} {shown}{suffix}" if shown else f"{directive.name}{suffix}"
