"""One side of an experiment as files below a root, and what glance-audit is asked about them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.lab.experiment import Edit, Experiment
from tests.samples.sample import sample_at

_NOT_COPIED = ("expect.toml", "README.md", ".gitkeep")


def lay(tree: Path, edits: Iterable[Edit], root: Path) -> None:
    """Lay a sample's files and links below a root; one that is in the way goes.

    Raises:
        ValueError: a sample does not have the text that an edit changes.
    """
    _copy(tree, root)
    for edit in edits:
        file = root / edit.file
        text = file.read_text(encoding="utf-8")
        if edit.old not in text:
            raise ValueError(f"{tree}/{edit.file} has no {edit.old!r}")
        file.write_text(text.replace(edit.old, edit.new), encoding="utf-8")


def question(experiment: Experiment, side: str, release: str, root: Path) -> list[str]:
    """Return the arguments of glance-audit that ask for its report of a deployment."""
    options = [*sample_at(experiment.tree(side)).options]
    if "--glance-release" in options:
        at = options.index("--glance-release")
        del options[at : at + 2]
    options += ["--glance-release", release, *experiment.asked(side)]
    paths = [path for path in ("/etc/apache2", "/etc/glance") if (root / path[1:]).exists()]
    form = ("--format", "json", "--fail-on", "never")
    return ["--root", str(root), *form, *options, *paths]


def _copy(tree: Path, root: Path) -> None:
    for source in sorted(tree.rglob("*")):
        there = root / source.relative_to(tree)
        if source.is_symlink():
            there.unlink(missing_ok=True)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.symlink_to(os.readlink(source))
        elif source.is_dir():
            there.mkdir(parents=True, exist_ok=True)
        elif source.name not in _NOT_COPIED:
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, there)
