"""Making a case that shows a difference as small as it gets."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.oracle.fuzz.verdict import Files


def shrunk(files: Files, differs: Callable[[Files], bool], seconds: float = 40) -> dict[str, bytes]:
    """Take away files, lines and bytes while the difference stays, and no longer than this."""
    end = time.monotonic() + seconds
    small = dict(files)

    def takes(candidate: dict[str, bytes]) -> bool:
        nonlocal small
        if time.monotonic() > end or not differs(candidate):
            return False
        small = candidate
        return True

    for name in list(small)[1:]:
        takes({key: data for key, data in small.items() if key != name})
    for separator in (b"\n", b""):
        for name in list(small):
            size = max(1, len(_cut(small[name], separator)) // 2)
            while size:
                at = 0
                while at < len(parts := _cut(small[name], separator)):
                    kept = separator.join(parts[:at] + parts[at + size :])
                    if not takes({**small, name: kept}):
                        at += size
                size //= 2
    return small


def _cut(data: bytes, separator: bytes) -> list[bytes]:
    if separator:
        return data.split(separator)
    return [data[index : index + 1] for index in range(len(data))]
