"""A small system of files."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A system at ``root`` beside a secret that must never be read."""
    (tmp_path / "secret").write_text("secret")
    inside = tmp_path / "root"
    (inside / "etc").mkdir(parents=True)
    (inside / "etc" / "file").write_text("file")
    (inside / "srv").mkdir()
    (inside / "secret").write_text("inside")
    return inside
