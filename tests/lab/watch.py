"""Where the bytes of an upload are while it is under way, and what became of the image."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import NamedTuple

from tests.lab.machine import Machine

SPOOLERS = ("apache2", "uwsgi")
_DELETED, _APACHES = " (deleted)", "modproxy.tmp."


class Spool(NamedTuple):
    """A temporary file with an upload in it: who has it open, its directory and file system."""

    program: str
    directory: str
    filesystem: str


class Image(NamedTuple):
    """What Glance's data base has of an image."""

    status: str
    size: int | None
    sha512: str | None
    disk_format: str


def spool(machine: Machine, least: int) -> Spool | None:
    """Return a file in which a server keeps at least so many bytes, if there is one.

    Apache's has the name ``modproxy.tmp.XXXXXX`` until it is closed; uWSGI's is from ``tmpfile()``,
    an open file that has no name any more.
    """
    for program in SPOOLERS:
        for pid in processes(program):
            for name in _temporary(pid, least):
                inside = _inside(machine, name)
                if inside is not None:
                    directory = os.path.dirname(inside)
                    return Spool(program, directory, filesystem(machine.path(directory)))
    return None


def processes(program: str) -> list[int]:
    """Return the processes of a program; those of other machines are not seen here."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if (process / "comm").read_text().strip() == program:
                found.append(int(process.name))
    return found


def _temporary(pid: int, least: int) -> list[str]:
    """Return the names of a process's temporary files that hold at least so many bytes."""
    found = []
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                name = os.readlink(entry)
                whole = name.removesuffix(_DELETED)
                temporary = whole != name or os.path.basename(whole).startswith(_APACHES)
                if temporary and entry.stat().st_size >= least:
                    found.append(whole)
    return found


def stored(machine: Machine, directory: str, identity: str) -> int:
    """Return how many bytes of an image lie in a directory of Glance's."""
    file = machine.path(f"/var/lib/glance/{directory}/{identity}")
    return file.stat().st_size if file.is_file() else 0


def filesystem(directory: Path) -> str:
    """Return the type of the file system that a directory is on, as the kernel names it."""
    at = os.stat(directory).st_dev
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[2] == f"{os.major(at)}:{os.minor(at)}":
            return words[words.index("-") + 1]
    return ""


def owner(machine: Machine, directory: str, identity: str) -> str:
    """Return the user whose an image's file is in a directory of Glance's; none without a file."""
    file = machine.path(f"/var/lib/glance/{directory}/{identity}")
    if not file.exists():
        return ""
    users = machine.path("/etc/passwd").read_text(encoding="utf-8").splitlines()
    names = {line.split(":")[2]: line.split(":")[0] for line in users}
    return names.get(str(file.stat().st_uid), "?")


def image(machine: Machine, identity: str) -> Image:
    """Return an image's row; Glance itself is not asked, it may be what is broken."""
    data = machine.path("/var/lib/glance/base/glance.db")
    with sqlite3.connect(f"file:{data}?mode=ro", uri=True, timeout=30) as base:
        row = base.execute(
            "select status, size, os_hash_value, disk_format from images where id = ?",
            (identity,),
        ).fetchone()
    return Image(*row) if row else Image("", None, None, "")


def _inside(machine: Machine, name: str) -> str | None:
    """Return a path as the machine has it; None for what is not in its file systems."""
    root = str(machine.root)
    return name.removeprefix(root) if name.startswith(root + "/") else None
