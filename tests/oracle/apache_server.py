"""Asking the real Apache how it sees a configuration. Only for trees that are trusted.

``apache2 -t -D DUMP_CONFIG`` is mod_info's; the module is loaded from the command line, where
Apache only warns when the tree loads it too. Loading modules runs their code.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

MOD_INFO = "/usr/lib/apache2/modules/mod_info.so"
INJECTED = "-c/-C directives"

_FILE = re.compile(r"# In file: (.*)")
_LINE = re.compile(r"( *)# *(\d+):")


@dataclass(frozen=True)
class View:
    """What Apache says: its tree (None when it refuses) and its messages."""

    tree: list[dict[str, Any]] | None
    messages: list[str]


def binary() -> str:
    """Return the path of the installed server; system directories may not be in PATH."""
    found = shutil.which("apache2", path="/usr/sbin:/sbin:" + os.environ.get("PATH", ""))
    assert found is not None, "require_server comes first"
    return found


def view(
    root: str,
    conf: str,
    defines: list[str] | None = None,
    environment: dict[str, str] | None = None,
) -> View:
    """Return Apache's own view of a tree, in a clean environment."""
    command = [binary(), "-d", root, "-f", conf]
    for name in defines or []:
        command += ["-D", name]
    command += ["-C", f"LoadModule info_module {MOD_INFO}"]
    # Read after the file: without it a missing log directory of the main server ends the dump.
    command += ["-c", "ErrorLog /dev/null", "-t", "-D", "DUMP_CONFIG"]
    done = subprocess.run(
        command,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C", "LC_ALL": "C"}
        | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    text = done.stdout.decode("utf-8", "surrogateescape")
    messages = done.stderr.decode("utf-8", "surrogateescape").splitlines()
    if not text.lstrip("\n").startswith("# In file:"):
        return View([] if done.returncode == 0 else None, messages)
    return View([n for n in _parse(text) if n["file"] != INJECTED], messages)


def shell_environment(envvars: str) -> dict[str, str]:
    """Return what a shell exports after sourcing a trusted envvars file."""
    done = subprocess.run(
        ["sh", "-c", 'set -a; . "$1"; env -0', "sh", envvars],
        env={"PATH": "/usr/bin:/bin", "APACHE_CONFDIR": os.path.dirname(envvars)},
        capture_output=True,
        check=True,
    )
    pairs = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def _parse(text: str) -> list[dict[str, Any]]:
    """Build the tree from the dump; nesting is the indentation of the line markers.

    Close tags say nothing: a section without children is printed without one.
    """
    top: list[dict[str, Any]] = []
    levels: list[list[dict[str, Any]]] = [top]
    file, number, depth = "", None, 0
    for line in text.split("\n"):
        found = _FILE.match(line)
        if found:
            file = found[1]
            continue
        marker = _LINE.fullmatch(line)
        if marker:
            number, depth = int(marker[2]), len(marker[1]) // 2
            continue
        if number is None or not line.strip():
            continue
        name, _, args = line[2 * depth :].partition(" ")
        section = name.startswith("<")
        node: dict[str, Any] = {
            "directive": name.removeprefix("<"),
            "section": section,
            "args": args.removesuffix(">") if section else args,
            "file": file,
            "line": number,
        }
        del levels[depth + 1 :]
        levels[depth].append(node)
        node["children"] = []
        levels.append(node["children"])
        number = None
    return top
