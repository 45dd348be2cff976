"""The placements of ``placements.conf``, and what Apache does with the uploads in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).with_name("placements.conf")
REQUESTS = ("a/glance", "a/other", "b/glance", "b/other")
ROUTES = ('ProxyPass "/glance" "@BACKEND@/glance"', 'ProxyPass "/other" "@BACKEND@/other"')


@dataclass
class Placement:
    """``spooled`` and ``depends`` are requests; ``server``, ``a`` and ``b`` are directives."""

    name: str
    spooled: frozenset[str]
    depends: frozenset[str] = frozenset()
    because: str = ""
    routed: bool = True
    server: list[str] = field(default_factory=list)
    a: list[str] = field(default_factory=list)
    b: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.name

    def predicted(self, request: str) -> bool | None:
        """Return what can be known from the files: spooled, streamed, or None."""
        return None if request in self.depends else request in self.spooled

    def main_server(self, port: int) -> str:
        """Return the directives outside of virtual hosts; the backend listens on ``port``."""
        return _filled(self.server, port)

    def virtual_hosts(self, address: str, names: dict[str, str], port: int) -> str:
        """Return ``a`` and ``b`` with the given server names."""
        return "".join(
            f"<VirtualHost {address}>\n"
            f"ServerName {names[letter]}\n"
            f"{_filled([*lines, *(ROUTES if self.routed else ())], port)}"
            "</VirtualHost>\n"
            for letter, lines in (("a", self.a), ("b", self.b))
        )


def _filled(lines: list[str], port: int) -> str:
    text = "".join(line + "\n" for line in lines)
    return text.replace("@BACKEND@", "http://127.0.0.1:@PORT@").replace("@PORT@", str(port))


def _requests(words: str) -> frozenset[str]:
    named = frozenset(words.split())
    assert named <= set(REQUESTS), words
    return named


def _read() -> tuple[Placement, ...]:
    found: list[Placement] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("=== "):
            name, _, spooled = line[4:].partition(":")
            found.append(Placement(name, _requests(spooled)))
        elif line.startswith("depends:"):
            requests, _, because = line[8:].partition(";")
            found[-1].depends, found[-1].because = _requests(requests), because.strip()
        elif line == "unrouted":
            found[-1].routed = False
        else:
            where, bar, directive = line.partition("|")
            assert bar, line
            lines: list[str] = {"server": found[-1].server, "a": found[-1].a, "b": found[-1].b}[
                where
            ]
            lines.append(directive[1:])
    assert len({placement.name for placement in found}) == len(found)
    return tuple(found)


PLACEMENTS = _read()
