"""Why a file could not be read."""

from __future__ import annotations

import pytest

from glance_audit.files import FileSource, Unreadable


def reason(source: FileSource, path: str) -> str:
    with pytest.raises(Unreadable) as caught:
        source.read(path)
    assert caught.value.path == path
    return caught.value.reason
