"""A resolved configuration as data: ``resolve PATH --format json``."""

from __future__ import annotations

from typing import Any

from glance_audit.uwsgi.config import UwsgiConfig


def to_json(config: UwsgiConfig) -> dict[str, Any]:
    """Return ``{"kind": "uwsgi", "pairs": [[key, value], …], "errors": [{…}, …]}``.

    ``pairs`` are in uWSGI's order; an error has ``file``, ``line`` (0 is the whole file) and
    ``message``. Errors are the problems with which uWSGI refuses to start.
    """
    return {
        "kind": "uwsgi",
        "pairs": [[option.key, option.value] for option in config.pairs],
        "errors": [
            {"file": problem.place.file, "line": problem.place.line, "message": problem.message}
            for problem in config.problems
            if problem.fatal
        ],
    }
