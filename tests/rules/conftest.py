"""What the tests of the rules share: see tests/rules/audited.py."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from glance_audit.report.result import AuditReport
from tests.rules.audited import APACHE, AuditTree, Content, audit_system, lay_out


@pytest.fixture
def audit_tree(tmp_path: Path) -> AuditTree:
    """Audit small systems; each call has a directory of its own."""
    numbers = count()

    def run(files: Mapping[str, Content], *, path: str = APACHE, **settings: object) -> AuditReport:
        root = tmp_path / f"system{next(numbers)}"
        lay_out(root, files)
        return audit_system(root, path, settings)

    return run
