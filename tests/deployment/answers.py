"""The configurations of ``answers.conf``, and which backend Apache lets answer in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from glance_audit.deployment.route import UPLOAD

FILE = Path(__file__).with_name("answers.conf")
BACKENDS = ("one", "two", "socket", "uwsgi", "wsgi", "script")


@dataclass
class Configuration:
    """``unsure`` names who may answer besides, ``gap`` whom the model names.

    ``seen``: the variable is in force there.
    """

    name: str
    answers: str
    seen: bool
    path: str = "/glance" + UPLOAD
    unsure: str = ""
    gap: str = ""
    modules: tuple[str, ...] = ()
    server: list[str] = field(default_factory=list)
    host: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.name

    @property
    def alone(self) -> bool:
        """Whether it takes a server of its own: what the main server says reaches all hosts."""
        outermost = [line for line in self.server if line[:1] not in (" ", "<")]
        return bool(self.modules) or any("glance" not in line for line in outermost)

    def apart(self, name: str) -> Configuration:
        """Return the same under another name than glance, to be asked of a shared server."""
        return replace(
            self,
            path=self.path.replace("glance", name),
            server=[line.replace("glance", name) for line in self.server],
            host=[line.replace("glance", name) for line in self.host],
        )

    def main_server(self, backends: Mapping[str, str]) -> str:
        """Return the directives outside of the virtual host."""
        return filled("".join(line + "\n" for line in self.server), backends)

    def virtual_host(self, address: str, name: str, backends: Mapping[str, str]) -> str:
        """Return the virtual host; ``backends`` maps each one's name to what stands for it."""
        lines = "".join(f"    {line}\n" for line in self.host)
        head = f"<VirtualHost {address}>\n    ServerName {name}\n"
        return filled(f"{head}{lines}</VirtualHost>\n", backends)


def filled(text: str, backends: Mapping[str, str]) -> str:
    """Put the backends into a text."""
    for name, address in backends.items():
        text = text.replace(f"@{name.upper()}@", address)
    return text


def _read() -> tuple[Configuration, ...]:
    found: list[Configuration] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("=== "):
            name, _, rest = line[4:].partition(":")
            answers, *seen = rest.split()
            assert answers in (*BACKENDS, "none"), line
            assert seen in ([], ["seen"]), line
            found.append(Configuration(name, answers, bool(seen)))
        elif line.startswith("ask:"):
            found[-1].path = line[4:].strip()
        elif line.startswith("unsure:"):
            found[-1].unsure = line[7:].partition(";")[0].strip()
        elif line.startswith("gap:"):
            found[-1].gap = line[4:].partition(";")[0].strip()
        elif line.startswith("modules:"):
            found[-1].modules = tuple(line[8:].split())
        else:
            where, bar, directive = line.partition("|")
            assert bar, line
            lines: list[str] = {"server": found[-1].server, "host": found[-1].host}[where]
            lines.append(directive[1:])
    assert len({one.name for one in found}) == len(found)
    return tuple(found)


CONFIGURATIONS = _read()
