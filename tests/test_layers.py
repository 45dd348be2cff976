"""Only the ends of the program touch the machine (what the import contracts cannot see)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Where the machine may be touched: the layer that reads, the room on the live host's file systems,
# and the two layers that talk to the operator.
ENDS = (
    "glance_audit/files/",
    "glance_audit/storage/host.py",
    "glance_audit/audit/",
    "glance_audit/cli/",
)
# Modules that read a table or a schema shipped in the package, and nothing else.
PACKAGE_DATA = {
    "glance_audit/apache/modules.py",
    "glance_audit/deployment/milestone.py",
    "glance_audit/deployment/server_option.py",
    "glance_audit/deployment/threshold.py",
    "glance_audit/deployment/versions.py",
    "glance_audit/report/html/page.py",
    "glance_audit/uwsgi/options.py",
}

FUNCTIONS = {"open", "input", "print", "exec", "eval", "compile", "__import__"}
MODULES = {
    "datetime",
    "glob",
    "io",
    "pathlib",
    "random",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
}
# Of os only what computes on names: the rest asks or changes the machine.
PURE_MODULES = {"urllib.parse"}
PURE_OS = {"fsdecode", "fsencode", "path", "sep"}
PURE_OS_PATH = {"basename", "commonpath", "dirname", "isabs", "join", "normpath", "split"}
PURE_OS_PATH |= {"relpath", "splitext"}


def touches(source: str) -> Iterator[str]:
    """Yield what in a module's source asks or changes the machine it runs on."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                yield name
            case ast.Import(names=names):
                yield from (name.name for name in names if name.name.split(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in {"os", *MODULES}:
                if module not in PURE_MODULES:
                    yield module
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name not in PURE_OS:
                yield f"os.{name}"
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id="os"), attr="path"), attr=name
            ):
                if name not in PURE_OS_PATH:
                    yield f"os.path.{name}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("open('/etc/passwd')", "open"),
        ("import subprocess", "subprocess"),
        ("import urllib.request", "urllib.request"),
        ("from pathlib import Path", "pathlib"),
        ("from os import stat", "os"),
        ("import os\nos.environ['TMPDIR']", "os.environ"),
        ("import os\nos.path.exists('/tmp')", "os.path.exists"),
    ],
)
def test_what_touches_the_machine_is_recognised(source: str, found: str) -> None:
    assert list(touches(source)) == [found]


def test_computing_on_names_touches_nothing() -> None:
    assert list(touches("import os\nos.path.join('a', os.fsdecode(b'b'))")) == []
    assert list(touches("from urllib.parse import quote")) == []


def test_only_the_ends_of_the_program_touch_the_machine() -> None:
    modules = sorted([*(ROOT / "glance_audit").rglob("*.py"), *(ROOT / "rules").glob("*.py")])
    names = [str(module.relative_to(ROOT)) for module in modules]
    found = {
        name: list(touches((ROOT / name).read_text(encoding="utf-8")))
        for name in names
        if not name.startswith(ENDS) and name not in PACKAGE_DATA
    }

    assert {name: what for name, what in found.items() if what} == {}


def test_package_data_is_read_from_beside_the_module_that_reads_it() -> None:
    for name in sorted(PACKAGE_DATA):
        source = (ROOT / name).read_text(encoding="utf-8")

        assert set(touches(source)) == {"open"}, name
        assert "os.path.dirname(__file__)" in source, name
