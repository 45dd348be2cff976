"""The catalogue: every rule shipped with the tool, in the order of its code."""

from __future__ import annotations

import posixpath
from importlib import import_module

from glance_audit.engine.cause import cycle
from glance_audit.engine.rule import Rule
from glance_audit.files import FileSource


def load() -> tuple[Rule, ...]:
    """Import the rule modules and return their rules, sorted by code.

    Raises:
        ValueError: two rules share a code, a module's name is not its rule's, or rules lead each
            other in a circle.
    """
    package = import_module("glance_audit.rules")
    rules: dict[str, Rule] = {}
    # The directory is listed by ourselves: pkgutil would import inspect, a tenth of a small audit.
    files = [file for path in package.__path__ for file in FileSource().names(path)]
    for file in files:
        name, ending = posixpath.splitext(file)
        if not name.startswith("ga") or ending != ".py":
            continue
        found = getattr(import_module(f"glance_audit.rules.{name}"), "check", None)
        if not isinstance(found, Rule):
            raise ValueError(f"rules/{name}.py declares no rule named check")
        if name != f"{found.code.lower()}_{found.slug.replace('-', '_')}":
            raise ValueError(f"rules/{name}.py holds {found.code} {found.slug}: rename it")
        if found.code in rules:
            raise ValueError(f"two rules are called {found.code}")
        rules[found.code] = found
    circle = cycle({code: rule.caused_by for code, rule in rules.items()})
    if circle:
        raise ValueError(f"caused_by goes round in a circle: {' -> '.join(circle)}")
    return tuple(rules[code] for code in sorted(rules))


def find(rules: tuple[Rule, ...], name: str) -> Rule | None:
    """Return the rule with that code or slug, in any case."""
    wanted = name.strip().lower()
    return next((r for r in rules if wanted in (r.code.lower(), r.slug)), None)
