"""What makes an experiment another one: evidence of the old one is stale then."""

from __future__ import annotations

import hashlib

from tests.lab.experiment import SIDES, Experiment

_SAID = ("README.md", "expect.toml")


def digest(experiment: Experiment) -> str:
    """Return what changes when the experiment or its deployments do; not what is said of them."""
    made = hashlib.sha256(_said(experiment._replace(what="", smoke=False, also=())).encode())
    for side in SIDES:
        tree = experiment.tree(side)
        for file in sorted(path for path in tree.rglob("*") if path.is_file()):
            if file.name not in _SAID:
                made.update(f"{file.relative_to(tree)}\0".encode())
                made.update(file.read_bytes())
    return made.hexdigest()[:16]


def _said(value: object) -> str:
    """Return a value in text; of a record what is not as it is by default."""
    defaults = getattr(value, "_field_defaults", None)
    if isinstance(value, tuple) and defaults is not None:
        fields = value._asdict().items()  # type: ignore[attr-defined]
        told = (f"{name}={_said(x)}" for name, x in fields if x != defaults.get(name, ()))
        return f"{type(value).__name__}({', '.join(told)})"
    return f"({', '.join(map(_said, value))})" if isinstance(value, tuple) else repr(value)
