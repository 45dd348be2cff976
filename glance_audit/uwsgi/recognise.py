"""Which files are uWSGI's."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^[ \t\r\ufeff]*\[uwsgi\]", re.MULTILINE)


def is_uwsgi_ini(text: str) -> bool:
    """Whether a text has a ``[uwsgi]`` header, also one that a BOM or a comment hides from uWSGI.

    Cheap: the text is searched, not parsed.
    """
    return _HEADER.search(text) is not None
