"""Two builds of uWSGI asked what they make of a configuration; they never get to serve."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from glance_audit.uwsgi import Build, HostFacts

# tools/build-pypi-uwsgi.sh puts it into the virtual environment.
BINARIES = {
    Build.DEBIAN: shutil.which("uwsgi") or "uwsgi",
    Build.PYPI: str(Path(sys.prefix) / "pypi-uwsgi" / "bin" / "uwsgi"),
}
SHIM_SOURCE = Path(__file__).with_name("uwsgi_shim.c")
_BEGIN, _END = ";uWSGI instance configuration", ";end of configuration"
_RESOLVED = 77  # what the shim leaves with
_SECONDS = 5
_PLUGIN = re.compile(r"^(?:\d+: )?(\w+)$", re.MULTILINE)  # behind the number of its modifier


@dataclass(frozen=True)
class Answer:
    """``pairs`` is uWSGI's option list, None when it refused; ``log`` is what it said before."""

    pairs: list[list[str]] | None
    log: str


@dataclass(frozen=True)
class UwsgiServer:
    """A uWSGI binary with the shim that stops it once its options are resolved."""

    shim: Path
    build: Build

    @property
    def binary(self) -> str:
        """Return the path of the executable."""
        return BINARIES[self.build]

    @cached_property
    def facts(self) -> HostFacts:
        """Return what it knows of this machine and of itself."""
        return HostFacts(
            hostname=socket.gethostname(),
            cpus=os.cpu_count(),
            uid=os.getuid(),
            user=pwd.getpwuid(os.getuid()).pw_name,
            gid=os.getgid(),
            group=grp.getgrgid(os.getgid()).gr_name,
            binary=os.path.realpath(self.binary),
            version=self._say("--version").strip(),
            embedded_plugins=frozenset(_PLUGIN.findall(self._say("--plugins-list"))),
        )

    def _say(self, option: str) -> str:
        """Return what it prints on being asked; it has no socket and ends by itself."""
        done = subprocess.run(
            [self.binary, option], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        return (done.stdout + done.stderr).decode()

    def resolve(
        self,
        name: str,
        cwd: Path,
        *,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        positional: bool = False,
        option: str = "ini",
    ) -> Answer:
        """Return what uWSGI makes of ``--ini name`` or another format's option, or of the name.

        Raises:
            TimeoutError: it came to no end.
        """
        words = [*arguments, *([name] if positional else [f"--{option}", name])]
        return self.start(words, cwd, environment=environment)

    def start(
        self, words: Sequence[str], cwd: Path, *, environment: Mapping[str, str] | None = None
    ) -> Answer:
        """Return what uWSGI makes of a command line.

        Raises:
            TimeoutError: it came to no end.
        """
        command = [self.binary, "--show-config", *words]
        variables = {
            "PATH": os.environ["PATH"],
            "LD_PRELOAD": str(self.shim),
            **(environment or {}),
        }
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=variables,
                cwd=cwd,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TimeoutError(*words) from None
        log, *records = done.stdout.decode("utf-8", "surrogateescape").split("\x1e")
        if done.returncode != _RESOLVED:
            return Answer(None, log)
        # Dated logs put the same words before every record.
        prefix = records[0].partition("\n" + _BEGIN)[0]
        pairs = []
        for record in records[1:]:
            if _END in record:
                break
            key, _, value = record[len(prefix) :].removesuffix("\n").partition(" = ")
            pairs.append([key, value])
        pairs.remove(["show-config", "true"])
        return Answer(pairs, log)


def prepared(directory: Path, build: Build = Build.DEBIAN) -> UwsgiServer:
    """Compile the shim into a directory."""
    shim = directory / "uwsgi_shim.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", str(shim), str(SHIM_SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return UwsgiServer(shim, build)
