"""What the given paths mean: which system is audited, where in it, and whether it is this one."""

from __future__ import annotations

import os

from glance_audit.audit.settings import AuditSettings, NothingToAudit, UsageError
from glance_audit.files import FileSource, Kind, Unreadable
from glance_audit.record import NamedTuple

# A path that ends like this lies at its final place below an implied root.
SERVER_ROOTS = ("/etc/apache2", "/etc/httpd")
SYSTEM_SIGNS = (*SERVER_ROOTS, "/etc/uwsgi", "/etc/glance")


class AuditedPaths(NamedTuple):
    """The source to read from, the paths inside it, and the base of reported file names.

    ``base`` is the directory (absolute on this machine) that file names are relative to.
    ``live`` is true when the host may be asked for facts: by default when the configuration is
    the one of the machine the audit runs on. ``whole`` is true when the paths lie in a system as
    a whole, so that its other files belong to them; a lone file or a copied directory says
    nothing of the machine it happens to lie on.
    """

    source: FileSource
    inside: tuple[str, ...]
    base: str
    live: bool
    whole: bool
    cwd: str

    def map(self, path: str) -> str:
        """Return the place of a path inside the audited system.

        Raises:
            UsageError: it lies outside the root.
        """
        return _inside(self.source.root, os.path.join(self.cwd, path), path)


def find_paths(settings: AuditSettings) -> AuditedPaths:
    """Make sense of the paths.

    With ``--root`` an absolute path is one of the audited system, unless it already starts with
    the root. Without it, ``x/etc/apache2`` and ``x`` with an ``etc/apache2`` in it mean the system
    below ``x``: a container's or a collected tree.

    Raises:
        UsageError: no path, a missing one, or one outside the root.
        NothingToAudit: an empty directory.
    """
    if not settings.paths:
        raise UsageError("name a path: glance-audit /etc/apache2")
    given = tuple(_named(path, settings) for path in settings.paths)
    if settings.root is not None:
        root = os.path.join(settings.cwd, settings.root)
        if not os.path.isdir(root):
            raise UsageError(f"--root {settings.root}: is not a directory")
        root = os.path.normpath(root)
        inside = tuple(_inside(root, path, path) for path in given)
        source = FileSource(root)
        found = _checked(source, inside, settings)
        return AuditedPaths(source, found, root, settings.host is True, True, settings.cwd)
    absolute = tuple(os.path.normpath(os.path.join(settings.cwd, p)) for p in given)
    first = absolute[0]
    root = _implied_root(first)
    for path, name in zip(absolute, settings.paths, strict=True):
        if root != "/" and path != root and not path.startswith(root + "/"):
            raise UsageError(
                f"{name}: lies outside {root}, the system that {settings.paths[0]} is of; audit "
                "one system at a time, or say with --root where its files are"
            )
    inside = tuple(_inside(root, path, path) for path in absolute)
    source = FileSource(root)
    found = _checked(source, inside, settings)
    base = first if os.path.isdir(first) else os.path.dirname(first)
    live = root == "/" and any(
        path == place or path.startswith(place + "/") for path in found for place in SYSTEM_SIGNS
    )
    host = live if settings.host is None else settings.host
    whole = root != "/" or live or first == "/" or host
    return AuditedPaths(source, found, base, host, whole, settings.cwd)


def _named(path: str, settings: AuditSettings) -> str:
    """Return the path that ``-`` stands for."""
    if path != "-":
        return path
    if settings.stdin_filename is None:
        raise UsageError("-: say which file standard input is, with --stdin-filename FILE")
    return settings.stdin_filename


def _implied_root(path: str) -> str:
    for end in SERVER_ROOTS:
        if path.endswith(end):
            return path[: -len(end)] or "/"
    if any(os.path.isdir(path + sign) for sign in SYSTEM_SIGNS):
        return path
    return "/"


def _inside(root: str, path: str, given: str) -> str:
    if root == "/":
        return os.path.normpath(path)
    path = os.path.normpath(path)
    if path == root:
        return "/"
    if path.startswith(root + "/"):
        return path[len(root) :]
    if os.path.isabs(path):
        return path
    below = os.path.normpath(os.path.join(root, path))
    if below.startswith(root + "/"):
        return below[len(root) :]
    raise UsageError(f"{given}: lies outside --root {root}")


def _checked(
    source: FileSource, inside: tuple[str, ...], settings: AuditSettings
) -> tuple[str, ...]:
    """Refuse what is not there; open a system root into the configurations it holds."""
    opened: list[str] = []
    for path, given in zip(inside, settings.paths, strict=True):
        if given == "-":
            source.put(path, settings.stdin_text or "")
        kind = source.kind(path)
        if kind is Kind.MISSING:
            raise UsageError(_missing(source, path, given))
        if kind is Kind.OTHER:
            raise UsageError(f"{given}: is neither a file nor a directory")
        if kind is Kind.DIRECTORY:
            try:
                empty = not source.names(path)
            except Unreadable as error:
                raise UsageError(f"{given}: cannot be listed: {error.reason}") from None
            if empty:
                raise NothingToAudit(f"{given}: is an empty directory; name a server's directory")
        servers = [
            place for place in SERVER_ROOTS if path == "/" and source.kind(place) is Kind.DIRECTORY
        ]
        opened += servers or [path]
    return tuple(dict.fromkeys(opened))


def _missing(source: FileSource, path: str, given: str) -> str:
    where = "" if source.root == "/" else f" below {source.root}"
    if source.is_link(path):
        return f"{given}: is a dangling link, or may not be reached{where}"
    return f"{given}: does not exist{where}; name a server's directory such as /etc/apache2"
