"""The servers of a machine: Apache and what the sample's systemd units start."""

from __future__ import annotations

import configparser
import os
import shlex
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.lab.machine import Machine

PATIENCE = 90.0  # seconds for a server to start, on a machine that is busy
_ROOT = "root:root"
_CLEAN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
# What uWSGI says when a worker has loaded the application, or will never have one.
_LOADED = ("WSGI app 0 (mountpoint", "no python application found", "no app loaded")


class Server(NamedTuple):
    """A process that was started, and the file with what it says."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def wait(ready: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Return whether a condition came true in time; it is asked twenty times a second."""
    end = time.monotonic() + patience
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def start(machine: Machine, *, apache: bool = True) -> list[Server]:
    """Start what the machine's files ask for, and return when it answers or has given up.

    Without ``apache``, what the units start alone.

    Raises:
        RuntimeError: a server did neither in time.
    """
    units = sorted(machine.path("/etc/systemd/system").glob("*.service"))
    servers = [server for unit in units for server in _unit(machine, unit)]
    for server in servers:
        _await(server.name, lambda server=server: _started(server))  # type: ignore[misc]
    if apache and machine.path("/etc/apache2/apache2.conf").exists():
        httpd = _apache(machine)
        _await("apache2", lambda: _ended(httpd) or _listens(80) or _listens(443))
        servers.append(httpd)
    return servers


def _await(name: str, ready: Callable[[], bool]) -> None:
    if not wait(ready):
        raise RuntimeError(f"{name} neither answers nor ends in {PATIENCE:.0f} s")


def _ended(server: Server) -> bool:
    return server.process.poll() is not None


def lines(machine: Machine, servers: list[Server]) -> tuple[str, ...]:
    """Return what the servers and Apache's error logs say."""
    files = [server.log for server in servers]
    files += sorted(machine.path("/var/log/apache2").glob("*error*.log"))
    return tuple(line for file in files for line in file.read_text("utf-8", "replace").splitlines())


def _unit(machine: Machine, file: Path) -> list[Server]:
    """Start a unit as systemd would: its user, its environment, its runtime directory."""
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(file, encoding="utf-8")
    service = unit["Service"]
    who = service.get("User", "root")
    group = service.get("Group", who)
    for name in service.get("RuntimeDirectory", "").split():
        directory = f"/run/{name}"
        machine.path(directory).mkdir(exist_ok=True)
        subprocess.run(["chroot", machine.root, "chown", f"{who}:{group}", directory], check=True)
        machine.path(directory).chmod(int(service.get("RuntimeDirectoryMode", "755"), 8))
    environment = dict(pair.split("=", 1) for pair in shlex.split(service.get("Environment", "")))
    words = shlex.split(service["ExecStart"])
    if not os.path.exists(machine.path(words[0])):
        return []
    return [_run(machine, file.stem, words, environment, f"{who}:{group}")]


def _apache(machine: Machine) -> Server:
    """Start Apache as apache2ctl does: with the environment of its ``envvars``."""
    script = ". /etc/apache2/envvars; exec /usr/sbin/apache2 -DFOREGROUND"
    return _run(machine, "apache2", ["/bin/sh", "-c", script], {}, _ROOT)


def _run(
    machine: Machine, name: str, words: list[str], environment: dict[str, str], who: str
) -> Server:
    log = machine.work / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["chroot", f"--userspec={who}", str(machine.root), *words],
            env=_CLEAN | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Server(name, process, log)


def _started(server: Server) -> bool:
    said = server.log.read_text("utf-8", "replace")
    standalone = _listens(9292)
    return standalone or _ended(server) or any(x in said for x in _LOADED)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
