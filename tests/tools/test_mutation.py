"""What mutmut works on is the same program, with its decorators as statements."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.mutation import without_decorators

ROOT = Path(__file__).parents[2]
MODULES = [*sorted((ROOT / "rules").glob("ga*.py")), ROOT / "glance_audit/deployment/model.py"]


def test_a_rule_is_declared_behind_its_function() -> None:
    text = (
        '@rule(\n    "GA201",\n    versions="all",\n)\n'
        'def check(one):\n    """Page."""\n    yield one\n'
    )

    assert without_decorators(text) == (
        'def check(one):\n    """Page."""\n    yield one\n'
        "check = rule('GA201', versions='all')(check)\n"
    )


def test_a_property_keeps_its_indentation_and_other_decorators_stay() -> None:
    text = (
        "@dataclass\nclass A:\n    @property\n    def b(self):\n        return 1\n\n"
        "    @classmethod\n    def c(cls):\n        return 2\n"
    )

    assert without_decorators(text) == (
        "@dataclass\nclass A:\n    def b(self):\n        return 1\n    b = property(b)\n\n"
        "    @classmethod\n    def c(cls):\n        return 2\n"
    )


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_no_rule_and_no_property_is_left_decorated(module: Path) -> None:
    tree = ast.parse(without_decorators(module.read_text(encoding="utf-8")))
    left = [
        ast.unparse(decorator)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    ]

    assert [one for one in left if one == "property" or one.startswith("rule(")] == []
