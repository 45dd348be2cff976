"""Lay out the package as it is installed, as links: ``whole_package.py DIRECTORY``.

``rules/`` lies beside ``glance_audit/`` and is installed as ``glance_audit.rules``. At run time an
editable install's import hook knows that; mypy and import-linter read directories and do not.
In the directory made here every entry of ``glance_audit/`` is a link and ``rules`` is one more,
so both tools see one package.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def lay_out(directory: Path) -> None:
    """Replace ``directory`` by one that holds the whole package as links."""
    shutil.rmtree(directory, ignore_errors=True)
    package = directory / "glance_audit"
    package.mkdir(parents=True)
    for entry in sorted((ROOT / "glance_audit").iterdir()):
        if entry.name != "__pycache__":
            (package / entry.name).symlink_to(entry)
    (package / "rules").symlink_to(ROOT / "rules")


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]))
