"""The sdist and the wheel hold everything, and what is installed works."""

from __future__ import annotations

import ast
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from glance_audit import __version__

if TYPE_CHECKING:
    from tests.packaging.conftest import Distributions, Installation

ROOT = Path(__file__).resolve().parents[2]
DATA = {
    "glance_audit/apache/directives.json",
    "glance_audit/cli/completion.bash",
    "glance_audit/cli/completion.fish",
    "glance_audit/cli/completion.zsh",
    "glance_audit/deployment/milestones.json",
    "glance_audit/deployment/releases.json",
    "glance_audit/deployment/server_options.json",
    "glance_audit/deployment/thresholds.json",
    "glance_audit/py.typed",
    "glance_audit/report/html/page.css",
    "glance_audit/report/html/page.html.j2",
    "glance_audit/report/html/page.js",
    "glance_audit/report/merge-1.json",
    "glance_audit/report/schema-1.json",
    "glance_audit/uwsgi/options.json",
}


def modules_of_the_tree() -> set[str]:
    """Return every module of the project by the path at which it is installed."""
    package = {str(p.relative_to(ROOT)) for p in (ROOT / "glance_audit").rglob("*.py")}
    return package | {f"glance_audit/rules/{p.name}" for p in (ROOT / "rules").glob("*.py")}


def test_the_wheel_holds_every_module_and_data_file_and_nothing_else(
    distributions: Distributions,
) -> None:
    with zipfile.ZipFile(distributions.wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}

    manual = {name for name in names if name.endswith(".data/data/share/man/man1/glance-audit.1")}
    assert len(manual) == 1
    assert names - manual == modules_of_the_tree() | DATA


def test_the_wheel_carries_the_licence(distributions: Distributions) -> None:
    with zipfile.ZipFile(distributions.wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/LICENSE"))

        assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


def test_the_sdist_holds_what_the_wheel_is_built_from(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    rules = {f"rules/{path.name}" for path in (ROOT / "rules").glob("*.py")}

    assert rules | DATA | {"pyproject.toml", "README.md", "LICENSE"} <= names


def test_the_sdist_holds_the_ansible_collection(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    collection = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "integrations/ansible").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert "integrations/ansible/galaxy.yml" in collection
    assert collection <= names


def test_the_installed_program_tells_its_version(installed: Installation, tmp_path: Path) -> None:
    assert __version__ in installed.run("glance-audit", "--version", cwd=tmp_path)


def test_the_manual_page_is_installed_where_man_looks_for_that_of_a_program(
    installed: Installation,
) -> None:
    page = installed.bin.parent / "share/man/man1/glance-audit.1"

    assert page.read_bytes() == (ROOT / "man/glance-audit.1").read_bytes()


@pytest.mark.parametrize("environment", ["installed", "editable"])
def test_every_rule_of_the_tree_is_found(
    environment: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    installation: Installation = request.getfixturevalue(environment)
    printed = installation.run("glance-audit", "rules", cwd=tmp_path)
    codes = {path.name[:5].upper() for path in (ROOT / "rules").glob("ga*.py")}

    assert codes
    assert {code for code in codes if code not in printed} == set()


def test_an_editable_install_runs_the_rules_of_the_tree(
    editable: Installation, source_tree: Path, tmp_path: Path
) -> None:
    code = "import glance_audit.rules as rules; print(list(rules.__path__))"
    printed = editable.run("python", "-c", code, cwd=tmp_path)

    assert ast.literal_eval(printed) == [str(source_tree / "rules")]


def test_the_installed_rules_are_those_of_the_wheel(
    installed: Installation, tmp_path: Path
) -> None:
    code = "import glance_audit.rules as rules; print(list(rules.__path__))"
    printed = installed.run("python", "-c", code, cwd=tmp_path)

    assert ast.literal_eval(printed) == [str(installed.site / "glance_audit" / "rules")]
