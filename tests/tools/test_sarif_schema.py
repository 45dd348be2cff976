"""The schema of SARIF is the published one."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tools.sarif_schema import DIGEST, MEMBER, TARGET, schema


def wheel(directory: Path, data: bytes) -> Path:
    path = directory / "package.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MEMBER, data)
    return path


def test_the_file_of_the_tests_has_the_published_bytes() -> None:
    assert sha256(TARGET.read_bytes()).hexdigest() == DIGEST


def test_the_published_bytes_are_taken_from_a_package(tmp_path: Path) -> None:
    assert schema(wheel(tmp_path, TARGET.read_bytes())) == TARGET.read_bytes()


def test_any_other_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is not the schema that OASIS"):
        schema(wheel(tmp_path, TARGET.read_bytes() + b"\n"))
