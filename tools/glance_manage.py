"""Run ``glance-manage`` of an old release with a newer Python.

Glance 20 registers one subcommand twice, which argparse refuses from Python 3.11 on: the last one
counts here, as it did before. Run with the Python of the environment that holds Glance.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Any

_ADD = argparse._SubParsersAction.add_parser


def _add_parser(self: Any, name: str, **settings: Any) -> Any:
    self._name_parser_map.pop(name, None)
    return _ADD(self, name, **settings)


if __name__ == "__main__":
    argparse._SubParsersAction.add_parser = _add_parser  # type: ignore[method-assign]
    sys.exit(importlib.import_module("glance.cmd.manage").main())
