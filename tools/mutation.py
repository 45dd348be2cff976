"""Lay out the project for mutmut: ``mutation.py DIRECTORY``.

mutmut mutates functions in place and leaves decorated ones out, which here are all the rules and
every property. In the directory made here ``rules/`` lies inside the package, as it is installed,
and a decorator is a statement behind its function instead: ``check = rule(…)(check)``. That is the
same program.
"""

from __future__ import annotations

import ast
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".hypothesis")


def lay_out(directory: Path) -> None:
    """Replace ``directory`` by a copy of the project that mutmut can work on."""
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(ROOT / "glance_audit", directory / "glance_audit", ignore=_LEFT_OUT)
    shutil.copytree(ROOT / "rules", directory / "glance_audit" / "rules", ignore=_LEFT_OUT)
    (directory / "tests").mkdir()
    for name in ("rules", "deployment"):
        shutil.copytree(ROOT / "tests" / name, directory / "tests" / name, ignore=_LEFT_OUT)
    shutil.copy(ROOT / "tests" / "conftest.py", directory / "tests")
    shutil.copy(ROOT / "pyproject.toml", directory)
    for part in ("rules", "deployment"):
        for file in sorted((directory / "glance_audit" / part).glob("*.py")):
            file.write_text(without_decorators(file.read_text(encoding="utf-8")), encoding="utf-8")


def without_decorators(text: str) -> str:
    """Return a module whose rules and properties are decorated by a statement of their own."""
    lines = text.split("\n")
    found = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1
    ]
    for node in sorted(found, key=lambda node: node.lineno, reverse=True):
        (decorator,) = node.decorator_list
        written = ast.unparse(decorator)
        if written != "property" and not written.startswith("rule("):
            continue
        lines.insert(
            node.end_lineno or node.lineno,
            f"{' ' * node.col_offset}{node.name} = {written}({node.name})",
        )
        del lines[decorator.lineno - 1 : node.lineno - 1]
    return "\n".join(lines)


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]))
