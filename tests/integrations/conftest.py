"""The collection as users have it, built and installed away from the checkout, and its Ansible."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = ROOT / "integrations/ansible"
NAME = "glance_audit.glance_audit"
BIN = Path(sysconfig.get_path("scripts"))
RECAP = re.compile(r"^(\S+) +: ok=(\d+) +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", re.M)


class Recap(NamedTuple):
    """What ansible-playbook counts for a host."""

    ok: int
    changed: int
    unreachable: int
    failed: int


class Played(NamedTuple):
    """A run of ansible-playbook."""

    printed: str
    recap: dict[str, Recap]
    results: dict[str, Any]  # what a playbook of `keeping` wrote, by host


class Ansible:
    """The real programs, with nothing of the user's configuration."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "ansible.cfg").write_text("")
        self.environment = {
            "ANSIBLE_COLLECTIONS_PATH": str(home / "collections"),
            "ANSIBLE_CONFIG": str(home / "ansible.cfg"),
            "ANSIBLE_DEVEL_WARNING": "false",
            "ANSIBLE_HOME": str(home / "ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "true",
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{BIN}:{os.environ['PATH']}",
        }

    def run(self, program: str, *arguments: str | Path, status: int = 0) -> str:
        """Run a program that must end with the status; return its standard output."""
        command = [str(BIN / program), *map(str, arguments)]
        ran = subprocess.run(
            command, cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == status, f"{command}:\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def play(
        self, hosts: dict[str, dict[str, Any]], tasks: list[Any], *options: str, status: int = 0
    ) -> Played:
        """Run tasks on hosts that are all this machine, and read what `kept` told of them."""
        place = self.home / "play"
        place.mkdir(exist_ok=True)
        told = place / "told.json"
        told.unlink(missing_ok=True)
        shared = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "told": str(told),
        }
        (place / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": shared}}))
        play = {"hosts": "all", "gather_facts": False, "tasks": tasks}
        (place / "play.json").write_text(json.dumps([play]))
        printed = self.run(
            "ansible-playbook", "--forks=4", *options, "-i", place / "hosts.json",
            place / "play.json", status=status,
        )  # fmt: skip
        recap = {host: Recap(*map(int, counts)) for host, *counts in RECAP.findall(printed)}
        return Played(printed, recap, json.loads(told.read_text()) if told.exists() else {})


def kept(variables: Sequence[str]) -> dict[str, Any]:
    """Return a task that writes the hosts' variables of these names, for the test to read."""
    values = ", ".join(f"'{name}': hostvars[host]['{name}']" for name in variables)
    return {
        "name": "Tell the test",
        "ansible.builtin.copy": {
            "dest": "{{ told }}",
            "mode": "0600",
            "content": "{% set all = {} %}{% for host in ansible_play_hosts %}"
            "{% set _ = all.update({host: {" + values + "}}) %}{% endfor %}{{ all | to_json }}",
        },
        "run_once": True,
        "check_mode": False,
        "diff": False,
        "changed_when": False,
    }


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the collection's archive, made by ansible-galaxy."""
    out = tmp_path_factory.mktemp("ansible-dist")
    Ansible(out).run("ansible-galaxy", "collection", "build", COLLECTION, "--output-path", out)
    (archive,) = out.glob("*.tar.gz")
    return archive


@pytest.fixture(scope="session")
def ansible(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    """Return an Ansible that has the collection from its archive."""
    home = tmp_path_factory.mktemp("ansible")
    made = Ansible(home)
    made.run(
        "ansible-galaxy", "collection", "install", "--offline", "-p", home / "collections", built
    )
    return made
