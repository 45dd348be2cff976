"""Where a report goes: standard output or a file that is replaced as a whole; its looks."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from glance_audit.cli.status import Refused
from glance_audit.cli.text_file import reason
from glance_audit.report.look import Look

_WIDTH = 100  # where nobody says and no terminal is
# Opened by these names, a file that it leads to would be emptied or replaced.
STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1")
_NARROWEST = 40
DRAFT = ".glance-audit-"  # what a file begins with that a report is written to first
_VTE_LINKS = 5000  # VTE_VERSION of 0.50.0


def look_of(namespace: Any, *, to_file: bool = False) -> Look:
    """Return how a text report is drawn on standard output, or in a file.

    Raises:
        Refused: a width that nothing can be drawn in.
    """
    terminal = not to_file and sys.stdout is not None and sys.stdout.isatty()
    color = colored(namespace.color, os.environ, terminal)
    encoding = "utf-8" if to_file else getattr(sys.stdout, "encoding", None) or "ascii"
    return Look(
        _width(namespace.width, os.environ, terminal),
        color,
        encoding.lower().replace("-", "").replace("_", "") in ("utf8", "utf16", "gb18030"),
        -1 if getattr(namespace, "quiet", False) else min(getattr(namespace, "verbose", 0), 1),
        linked(getattr(namespace, "hyperlinks", False), os.environ, terminal and color),
        terminal,
        getattr(namespace, "statistics", False),
    )


def colored(wish: str, environment: Mapping[str, str], terminal: bool) -> bool:
    """Decide about colours: the option, then NO_COLOR, FORCE_COLOR, then the terminal."""
    if wish != "auto":
        return wish == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] != "0"
    return terminal and environment.get("TERM", "dumb") not in ("dumb", "unknown", "")


def linked(wish: bool | None, environment: Mapping[str, str], capable: bool) -> bool:
    """Decide about hyperlinks: the option, then FORCE_HYPERLINK, then the terminal.

    ``capable``: it is a terminal, and it is written to in colours. Most that know no links pass
    over them; the consoles of Linux and VTE before 0.50 do not.
    """
    if wish is not None:
        return wish
    if environment.get("FORCE_HYPERLINK"):
        return environment["FORCE_HYPERLINK"] != "0"
    if not capable or environment.get("TERM") == "linux":
        return False
    vte = environment.get("VTE_VERSION", "")
    return not (vte.isascii() and vte.isdigit() and int(vte) < _VTE_LINKS)


def _width(wish: int | None, environment: Mapping[str, str], terminal: bool) -> int:
    if wish is not None:
        if wish < _NARROWEST:
            raise Refused(f"--width {wish}: at least {_NARROWEST} columns are needed")
        return wish
    said = environment.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and int(said) > 0:
        return max(int(said), _NARROWEST)
    if terminal:
        try:
            return max(os.get_terminal_size(sys.stdout.fileno()).columns, _NARROWEST)
        except (OSError, ValueError):
            pass
    return _WIDTH


def deliver(produce: Callable[[TextIO], object], path: str | None = None) -> None:
    """Let ``produce`` write to standard output, or to a file that changes only as a whole.

    What an encoding cannot express is written as an escape. A reader that went away is no error.

    Raises:
        Refused: the file, or standard output, cannot be written.
    """
    if path is not None and path not in STANDARD_OUTPUT:
        _to_file(produce, path)
        return
    stream = sys.stdout
    if stream is None:
        raise Refused("standard output is closed; name a file with --output")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    try:
        produce(stream)
        stream.flush()
    except BrokenPipeError:
        # What is left in the buffer must not be tried again at the interpreter's end.
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, stream.fileno())
        os.close(quiet)
    except OSError as error:
        raise Refused(f"standard output cannot be written: {reason(error)}") from None


def _to_file(produce: Callable[[TextIO], object], path: str) -> None:
    if not path:
        raise Refused("--output: name a file, or - for standard output")
    import tempfile  # with what it needs, for an output file alone

    try:
        mode = os.stat(path).st_mode if os.path.exists(path) else None
        if mode is not None and not stat.S_ISREG(mode):
            # As it is named: what /dev/fd/63 links to, a shell's pipe, has no name.
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as stream:
                produce(stream)
            return
        target = os.path.realpath(path)
        handle, draft = tempfile.mkstemp(prefix=DRAFT, dir=os.path.dirname(target))
        try:
            with open(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
                produce(stream)
            os.chmod(draft, stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
            os.replace(draft, target)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        raise Refused(f"--output {path}: cannot be written: {reason(error)}") from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
