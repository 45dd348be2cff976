"""Asking Apache's own reader for its tree, through a module built against the installed headers.

Many files are read by one process with nothing carried out, or one whole server with everything
that is carried out while reading. Only for files that are trusted, as in ``apache_server``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tests.oracle.apache_server import INJECTED, binary

SOURCE = Path(__file__).with_name("mod_treedump.c")
_SYSTEM = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C", "LC_ALL": "C"}
_INNERMOST = re.compile(r"Syntax error on line (\d+) of ((?:(?!: ).)+?)(?::|\Z)")
_USED = re.compile(r'used on line (\d+) of "(/[^"]*)"')


class Node(NamedTuple):
    """A directive: ``name`` in lower case, a section's with ``<``, its ``args`` without ``>``."""

    depth: int
    name: str
    args: str
    file: str
    line: int


@dataclass(frozen=True)
class Reading:
    """What Apache made of a file: its directives, and where and why it refused it, if it did."""

    nodes: tuple[Node, ...]
    refused_at: tuple[str, int] | None = None
    message: str = ""


@dataclass(frozen=True)
class Treedump:
    """The built module."""

    module: Path

    def files(self, paths: Sequence[Path], environment: Mapping[str, str]) -> list[Reading]:
        """Read each file by itself, carrying nothing out; the answers are in the same order."""
        names = self.module.with_name("list")
        empty = self.module.with_name("empty.conf")
        names.write_text("".join(f"{path}\n" for path in paths))
        empty.touch()
        done = self._run(str(empty), f'TreedumpFiles "{names}"', (), environment)
        readings = list(_readings(done.stdout))
        assert len(readings) == len(paths), (done.returncode, done.stderr)
        return readings

    def server(
        self, root: str, conf: str, defines: Sequence[str], environment: Mapping[str, str]
    ) -> Reading | None:
        """Read a server's tree with all that is carried out while reading.

        None when Apache refuses it for something else than what is read: no MPM, for instance.
        """
        options = ["-d", root, *(word for name in defines for word in ("-D", name))]
        done = self._run(conf, "TreedumpServer On", options, environment)
        said = done.stderr.decode("utf-8", "surrogateescape")
        place = refusal(said.splitlines())
        if place is not None:
            return Reading((), place, said)
        if done.returncode:
            return None
        reading = next(_readings(done.stdout + b"end\0" + b"0\0" * 5))
        return Reading(tuple(node for node in reading.nodes if node.file != INJECTED))

    def _run(
        self, conf: str, command: str, options: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        load = f'LoadModule treedump_module "{self.module}"'
        return subprocess.run(
            [binary(), "-f", conf, *options, "-C", load, "-C", command, "-t"],
            env=_SYSTEM | dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )


def missing() -> str:
    """Return which program of those that build the module is not there, empty when all are."""
    return ", ".join(name for name in ("gcc", "apxs") if shutil.which(name) is None)


def build(directory: Path) -> Treedump:
    """Compile the module into a directory."""
    module = directory / "mod_treedump.so"
    apr = _output("apxs", "-q", "APR_CONFIG").strip()
    flags = [f"-I{_output('apxs', '-q', 'INCLUDEDIR').strip()}"]
    flags += _output(apr, "--includes", "--cppflags").split()
    command = ["gcc", "-shared", "-fPIC", "-O1", "-w", *flags, "-o", str(module), str(SOURCE)]
    subprocess.run(command, check=True)
    return Treedump(module)


def refusal(messages: Sequence[str]) -> tuple[str, int] | None:
    """Return the file and line at which the reading phase ended, None when it came through.

    What is judged after reading is told in another form. A line of a macro is that of the first
    Use, in a file.
    """
    first = next((m for m in messages if m.startswith("apache2: Syntax error on line ")), None)
    if first is None:
        return None
    line, file = _INNERMOST.findall(first)[-1]
    used = _USED.findall(first[first.rindex(" of " + file) :]) if file.startswith("macro '") else []
    if used:
        line, file = used[-1]
    return file, int(line)


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _readings(output: bytes) -> Iterator[Reading]:
    fields = iter(output.decode("utf-8", "surrogateescape").split("\0"))
    nodes: list[Node] = []
    refused_at, message = None, ""
    while len(record := tuple(islice(fields, 6))) == 6:
        kind, depth, line, file, name, args = record
        if kind == "directive":
            args = args.removesuffix(">") if name.startswith("<") else args
            nodes.append(Node(int(depth), lower(name), args, file, int(line)))
        elif kind == "refused":
            refused_at, message = (file, int(line)), args
        else:
            yield Reading(tuple(nodes), refused_at, message)
            nodes, refused_at, message = [], None, ""


def text(value: str) -> str:
    """Return the text of the same bytes: a character may have been put together out of pieces."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def lower(name: str) -> str:
    """Return a name in lower case as C has it: its letters are those of ASCII."""
    return text(name).translate({code: code + 32 for code in range(65, 91)})
