"""Include and IncludeOptional: which files a path or glob brings in, in Apache's order.

server/util.c ``ap_dir_fnmatch`` and ``ap_dir_nofnmatch``: the pattern is taken component by
component, entries are sorted by bytes, a directory is included with everything in it, hidden files
too.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from glance_audit.apache.fnmatch import Pattern, has_wildcard
from glance_audit.files import FileSource, Kind, Unreadable

DIRECTORY_DEPTH = 20  # AP_MAX_FNMATCH_DIR_DEPTH
_NOTHING = "/dev/null"  # the one file that need not be a regular one (ap_pcfg_openfile)


class IncludeFailed(Exception):
    """An include that Apache refuses; ``missing`` tells an absent target from other reasons."""

    def __init__(self, message: str, *, missing: bool) -> None:
        super().__init__(message)
        self.message = message
        self.missing = missing


def merged_path(root: str, path: str) -> str:
    """Make a path absolute as ``apr_filepath_merge``: a slash at its end stays."""
    joined = path if path.startswith("/") else f"{root}/{path}"
    parts: list[str] = []
    steps = joined.split("/")
    for step in steps:
        if step == "..":
            del parts[-1:]
        elif step not in ("", "."):
            parts.append(step)
    slash = "/" if parts and steps[-1] in ("", ".", "..") and path else ""
    return "/" + "/".join(parts) + slash


def included_files(source: FileSource, path: str, *, optional: bool) -> Iterator[str]:
    """Yield the files an absolute path or glob stands for.

    Raises:
        IncludeFailed: nothing matches and it is not optional, or a directory cannot be read.
    """
    if has_wildcard(path):
        yield from _matching(source, "/", path.lstrip("/"), optional)
    else:
        yield from _plain(source, path, optional, 0)


def _plain(source: FileSource, path: str, optional: bool, depth: int) -> Iterator[str]:
    if path == _NOTHING:
        return
    kind = source.kind(path)
    if kind is Kind.DIRECTORY:
        if depth >= DIRECTORY_DEPTH:
            raise IncludeFailed(
                f"Directory '{path}' exceeds the maximum include directory nesting level of "
                f"{DIRECTORY_DEPTH}",
                missing=False,
            )
        for name in _names(source, path):
            yield from _plain(source, posixpath.join(path, name), optional, depth + 1)
    elif kind is Kind.MISSING or path.endswith("/"):
        if not optional:
            reason = "No such file or directory" if kind is Kind.MISSING else "Not a directory"
            raise IncludeFailed(f"Could not open configuration file {path}: {reason}", missing=True)
    else:
        yield path


def _matching(source: FileSource, base: str, pattern: str, optional: bool) -> Iterator[str]:
    component, slash, rest = pattern.partition("/")
    while slash and not has_wildcard(component):
        base = posixpath.join(base, component)
        component, slash, rest = rest.partition("/")
    if not has_wildcard(component):
        yield from _plain(source, posixpath.join(base, component), optional, 0)
        return
    if optional and source.kind(base) is Kind.MISSING:
        return
    compiled = Pattern(component)
    start = posixpath.join(base, "")
    matches = [start + name for name in _names(source, base) if compiled.matches(name)]
    if slash:
        # A link in the middle is not a directory to readdir, so Apache passes it over.
        matches = [p for p in matches if source.kind(p) is Kind.DIRECTORY and not source.is_link(p)]
    if not matches and not optional:
        raise IncludeFailed(
            f"No matches for the wildcard '{component}' in '{base}', failing "
            "(use IncludeOptional if required)",
            missing=True,
        )
    for path in matches:  # as sorted as the names are
        if slash:
            yield from _matching(source, path, rest, optional)
        elif source.kind(path) is Kind.FILE:
            yield path
        else:
            yield from _plain(source, path, optional, 0)


def _names(source: FileSource, path: str) -> list[str]:
    try:
        return source.names(path)
    except Unreadable as error:
        raise IncludeFailed(
            f"Could not open directory {path}: {error.reason}",
            missing=source.kind(path) is Kind.MISSING,
        ) from None
