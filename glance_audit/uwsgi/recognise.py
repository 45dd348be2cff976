"""Which files are uWSGI's."""

from __future__ import annotations

import re

from glance_audit.uwsgi.syntax import format_by_name

_MARKS = {
    "ini": re.compile(r"^[ \t\r\ufeff]*\[uwsgi\]", re.MULTILINE),
    "yaml": re.compile(r"""^\ufeff?[ ]*(["']?)uwsgi\1[ \t]*:(?=\s|\Z)""", re.MULTILINE),
    "json": re.compile(r'"uwsgi"\s*:\s*\{'),
    "xml": re.compile(r"<(?:[A-Za-z_][\w.-]*:)?uwsgi[\s/>]"),
}
# The endings uWSGI goes by, but for programs.
UWSGI_ENDINGS = (".ini", ".yaml", ".yml", ".json", ".js", ".xml")


def is_uwsgi_ini(text: str) -> bool:
    """Whether a text has a ``[uwsgi]`` header, also one that a BOM or a comment hides from uWSGI.

    Cheap: the text is searched, not parsed.
    """
    return _MARKS["ini"].search(text) is not None


def is_uwsgi_file(name: str, text: str) -> bool:
    """Whether a file holds a ``uwsgi`` section, block, object or element, by its ending's format.

    A file with another ending is one when it could be given to ``--ini``.
    """
    mark = _MARKS.get(format_by_name(name) or "ini")
    return mark is not None and mark.search(text) is not None
