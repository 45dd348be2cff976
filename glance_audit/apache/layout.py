"""Finding a server's main file from its directory: Debian's, Red Hat's, or a lone file."""

from __future__ import annotations

import posixpath

from glance_audit.files import FileSource, Kind
from glance_audit.record import NamedTuple


class ServerLayout(NamedTuple):
    """Where a server's configuration starts.

    ``family`` is "debian", "redhat" or "single". ``environment_files`` are the files that set the
    process environment; they need not exist.
    """

    main_file: str
    server_root: str
    family: str
    environment_files: tuple[str, ...] = ()


def find_layout(source: FileSource, path: str) -> ServerLayout | None:
    """Recognise a server's directory or main file; None when there is no server configuration."""
    kind = source.kind(path)
    if kind is Kind.FILE:
        directory = posixpath.dirname(path)
        name = posixpath.basename(path)
        if name == "apache2.conf":
            return _debian(directory)
        if name == "httpd.conf" and posixpath.basename(directory) == "conf":
            return _redhat(posixpath.dirname(directory))
        if name == "httpd.conf":
            return ServerLayout(path, directory, "single")
        return None
    if kind is not Kind.DIRECTORY:
        return None
    if source.kind(posixpath.join(path, "apache2.conf")) is Kind.FILE:
        return _debian(path)
    if source.kind(posixpath.join(path, "conf/httpd.conf")) is Kind.FILE:
        return _redhat(path)
    main_file = posixpath.join(path, "httpd.conf")
    if source.kind(main_file) is Kind.FILE:
        return ServerLayout(main_file, path, "single")
    return None


def _debian(directory: str) -> ServerLayout:
    return ServerLayout(
        posixpath.join(directory, "apache2.conf"),
        directory,
        "debian",
        (posixpath.join(directory, "envvars"),),
    )


def _redhat(directory: str) -> ServerLayout:
    system = posixpath.dirname(directory)
    return ServerLayout(
        posixpath.join(directory, "conf/httpd.conf"),
        directory,
        "redhat",
        (posixpath.join(system, "sysconfig/httpd"),),
    )
