"""The sample deployments: where they are and what their ``expect.toml`` says."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SAMPLES = PROJECT / "samples"
RULES = SAMPLES / "rules"

# pytest brings tomli where the standard library has no reader of its own.
_toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


@dataclass(frozen=True)
class Sample:
    """One system root; ``apache`` is None when the layout is not Debian's."""

    name: str
    root: Path
    codes: tuple[str, ...]
    options: tuple[str, ...]
    apache: str | None


def samples() -> list[Sample]:
    """Return every directory with an ``expect.toml``, by name."""
    return [_sample(file) for file in sorted(SAMPLES.rglob("expect.toml"))]


def rule_samples(code: str, kind: str) -> list[Sample]:
    """Return the ``bad`` or ``good`` sample of a rule: one, or none."""
    return [sample for sample in samples() if sample.root == RULES / code / kind]


def sample_at(root: Path) -> Sample:
    """Return the sample that a directory is."""
    return _sample(root / "expect.toml")


def deployments() -> list[Sample]:
    """Return the whole deployments."""
    return [sample for sample in samples() if RULES not in sample.root.parents]


def _sample(file: Path) -> Sample:
    settings = _toml.loads(file.read_text(encoding="utf-8"))
    unknown = set(settings) - {"codes", "options", "apache"}
    assert not unknown, f"{file} has unknown keys: {unknown}"
    return Sample(
        file.parent.relative_to(SAMPLES).as_posix(),
        file.parent,
        tuple(settings["codes"]),
        tuple(settings["options"]),
        settings.get("apache"),
    )
