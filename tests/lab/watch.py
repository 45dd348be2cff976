"""Where the bytes of an upload are while it is under way, and what became of the image."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import NamedTuple

from tests.lab.experiment import KIB
from tests.lab.machine import Machine

SPOOLERS = ("apache2", "uwsgi")
_DELETED, _APACHES = " (deleted)", "modproxy.tmp."
_SMALL = 64 * KIB  # below it lies in memory: nobody's spool


class Spool(NamedTuple):
    """A temporary file with an upload in it: who has it open, and its directory."""

    program: str
    directory: str


class Image(NamedTuple):
    """What Glance's data base has of an image."""

    status: str
    size: int | None
    sha512: str | None


def spool(machine: Machine) -> Spool | None:
    """Return the file that a server keeps the bytes of an upload in, if there is one.

    Apache's has the name ``modproxy.tmp.XXXXXX`` until it is closed; uWSGI's is from ``tmpfile()``,
    an open file that has no name any more.
    """
    for program in SPOOLERS:
        for pid in processes(program):
            for name in _temporary(pid):
                inside = _inside(machine, name)
                if inside is not None:
                    return Spool(program, os.path.dirname(inside))
    return None


def processes(program: str) -> list[int]:
    """Return the processes of a program; those of other machines are not seen here."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if (process / "comm").read_text().strip() == program:
                found.append(int(process.name))
    return found


def _temporary(pid: int) -> list[str]:
    """Return the names of a process's temporary files that hold more than a little."""
    found = []
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                name = os.readlink(entry)
                whole = name.removesuffix(_DELETED)
                temporary = whole != name or os.path.basename(whole).startswith(_APACHES)
                if temporary and entry.stat().st_size >= _SMALL:
                    found.append(whole)
    return found


def stored(machine: Machine, directory: str) -> int:
    """Return how many bytes lie in a directory of Glance's."""
    files = machine.path(f"/var/lib/glance/{directory}").glob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def image(machine: Machine, identity: str) -> Image:
    """Return an image's row; Glance itself is not asked, it may be what is broken."""
    data = machine.path("/var/lib/glance/glance.db")
    with sqlite3.connect(f"file:{data}?mode=ro", uri=True, timeout=30) as base:
        row = base.execute(
            "select status, size, os_hash_value from images where id = ?", (identity,)
        ).fetchone()
    return Image(*row) if row else Image("", None, None)


def _inside(machine: Machine, name: str) -> str | None:
    """Return a path as the machine has it; None for what is not in its file systems."""
    root = str(machine.root)
    return name.removeprefix(root) if name.startswith(root + "/") else None
