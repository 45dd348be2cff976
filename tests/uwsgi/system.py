"""A small audited system written for one test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glance_audit.files import FileSource, Place
from glance_audit.uwsgi import UwsgiConfig, resolve

CWD = "/etc/uwsgi"


def write(root: Path, files: Mapping[str, str]) -> FileSource:
    """Write files below a root; relative names lie in ``/etc/uwsgi``."""
    for name, text in files.items():
        path = root / (name[1:] if name.startswith("/") else f"etc/uwsgi/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return FileSource(str(root))


def resolved(
    root: Path, text: str, more: Mapping[str, str] | None = None, **how: Any
) -> UwsgiConfig:
    """Resolve ``glance.ini`` with this text; more files lie beside it."""
    source = write(root, {"glance.ini": text, **(more or {})})
    return resolve(source, f"{CWD}/glance.ini", **{"cwd": CWD, **how})


def values(config: UwsgiConfig, key: str) -> list[str]:
    """Return all values of a key, in the order of the list."""
    return [option.value for option in config.pairs if option.key == key]


def written(root: Path, place: Place) -> str:
    """Return the text a place covers."""
    text = (root / place.file[1:]).read_bytes().decode("utf-8", "surrogateescape")
    lines = text.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)
