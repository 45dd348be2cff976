"""Real shells that are asked what they complete."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

_PATIENCE = 30  # seconds; an answer takes some milliseconds

# Tab inserts all completions; the command that is then run is a function that writes them down.
_BASH = """\
PS1= PS2=
bind '"\\t": insert-completions'
glance-audit() { printf '%s\\n' "$@" >>"$ANSWERS"; echo end >>"$ANSWERS"; }
source "$SCRIPT"
"""

# Every completion goes through compadd. With -O, -A or -D it only computes.
_ZSH = """\
PS1= PS2=
setopt no_beep no_list_beep no_always_last_prompt
LISTMAX=1000 LINES=1000
fpath=("$HOME" $fpath)
autoload -Uz compinit && compinit -D -u
compadd() {
  local -a found
  if [[ -z ${(M)@[1,(i)(-|--)]:#-[a-zA-Z]#[OAD]} ]]; then
    builtin compadd -A found "$@"
    (( $#found )) && print -rl -- $found >>$ANSWERS
  fi
  builtin compadd "$@"
}
ask() { zle list-choices; zle kill-whole-line; print end >>$ANSWERS }
zle -N ask
bindkey '^I' ask
"""


class Shell:
    """An interactive shell behind a terminal, with a completion script loaded."""

    def __init__(
        self, name: str, script: str, directory: Path, cwd: Path, prepare: str = ""
    ) -> None:
        program = shutil.which(name)
        if program is None:
            if os.environ.get("CI"):
                pytest.fail(f"{name} is not installed: tools/install-servers.sh does, as root")
            pytest.skip(f"{name} is not installed")
        self._name = name
        self._program = program
        self._cwd = cwd
        self._prepare = prepare
        self._script = directory / {"bash": "glance-audit", "zsh": "_glance-audit"}.get(
            name, "glance-audit.fish"
        )
        self._script.write_text(script, encoding="utf-8")
        self._answers = directory / f"{name}.answers"
        self._answers.touch()
        self._environment = {
            "ANSWERS": str(self._answers),
            "HOME": str(directory),
            "LC_ALL": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "SCRIPT": str(self._script),
            "TERM": "dumb",
        }
        self._shell: subprocess.Popen[bytes] | None = None
        self._terminal = -1

    def ask(self, line: str) -> set[str]:
        """Return what the shell offers for the last word, or what follows its last = or comma."""
        offered = self._ask_fish(line) if self._name == "fish" else self._ask(line)
        return {re.split("[=,]", one.rstrip("/"))[-1].rpartition("/")[2] for one in offered}

    def _ask(self, line: str) -> list[str]:
        if self._shell is None:
            self._start()
        before = len(self._answers.read_text())
        self._type(f"{line}\t\n" if self._name == "bash" else f"{line}\t")
        deadline = time.monotonic() + _PATIENCE
        while True:
            said = self._answers.read_text()[before:]
            if said.endswith("end\n"):
                break
            assert time.monotonic() < deadline, f"{self._name} does not answer {line!r}: {said!r}"
            self._drain()
            time.sleep(0.002)
        offered = said.splitlines()[:-1]
        if self._name == "zsh":
            return offered
        # bash has written the whole command line down. What nothing completes stays as it is.
        words = line.split(" ")
        offered = offered[len(words) - 2 :]
        return [] if offered == [words[-1]] else offered

    def stop(self) -> None:
        """End the shell."""
        if self._shell is not None:
            self._shell.send_signal(signal.SIGHUP)
            self._shell.wait(_PATIENCE)
            os.close(self._terminal)

    def _start(self) -> None:
        options = ["--norc", "--noprofile", "-i"] if self._name == "bash" else ["-f", "-i"]
        self._terminal, inner = pty.openpty()
        self._shell = subprocess.Popen(
            [self._program, *options],
            stdin=inner,
            stdout=subprocess.DEVNULL,
            stderr=inner,
            cwd=self._cwd,
            env=self._environment,
            start_new_session=True,
        )
        os.close(inner)
        os.set_blocking(self._terminal, False)
        setup = self._answers.with_suffix(".setup")
        setup.write_text((_BASH if self._name == "bash" else _ZSH) + self._prepare)
        self._type(f"source {setup}\n")

    def _drain(self) -> None:
        """Read what would be on the screen, lest the shell wait for it to be read."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._terminal, 65536):
                pass

    def _type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def _ask_fish(self, line: str) -> list[str]:
        ran = subprocess.run(
            [self._program, "--no-config", "-c", 'source $SCRIPT; complete -C "$argv"', line],
            cwd=self._cwd,
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return [row.partition("\t")[0] for row in ran.stdout.splitlines()]
