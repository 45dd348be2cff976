"""The second reader: apacheconfig, an independent parser on PLY.

It gives no positions. Its loader keeps a state that a failure breaks, so each file gets its own.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from glance_audit.record import NamedTuple


class SecondReaderMissing(Exception):
    """apacheconfig is not installed; the message says how to get it."""


class SecondReaderFailed(Exception):
    """apacheconfig gives up on a file; the message is its own, on one line."""


class Node(NamedTuple):
    """A directive or section as the second reader has it; ``depth`` counts the sections around."""

    depth: int
    name: str
    args: str


def reader_name() -> str:
    """Return the second reader's name and version.

    Raises:
        SecondReaderMissing: it is not installed.
    """
    _load()
    return f"apacheconfig {version('apacheconfig')}"


def second_reading(text: str) -> list[Node]:
    """Return the nodes of a file, in its order; comments are left out.

    Raises:
        SecondReaderMissing: it is not installed.
        SecondReaderFailed: it cannot read the file.
    """
    make_loader, options = _load()
    nodes: list[Node] = []
    try:
        with make_loader(writable=True, **options) as loader:
            _flatten(loader.loads(text), 0, nodes)
    except RecursionError:
        raise SecondReaderFailed("sections or lines beyond its recursion") from None
    except Exception as error:  # it raises its own, and TypeError, KeyError and others by mistake
        raise SecondReaderFailed(" ".join(f"{type(error).__name__}: {error}".split())) from None
    return nodes


def _load() -> tuple[Any, dict[str, Any]]:
    try:
        from apacheconfig import flavors, make_loader  # type: ignore[import-untyped]
    except ImportError:
        raise SecondReaderMissing(
            "--cross-check needs apacheconfig: install glance-audit[cross-check]"
        ) from None
    return make_loader, flavors.NATIVE_APACHE


def _flatten(block: Any, depth: int, nodes: list[Node]) -> None:
    for item in block:
        kind = item.typestring
        if kind == "block":
            nodes.append(Node(depth, item.tag or "", item.arguments or ""))
            _flatten(item, depth + 1, nodes)
        elif kind != "comment":
            nodes.append(Node(depth, item.name or "", item.value or ""))
