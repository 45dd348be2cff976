"""Write ``glance_audit/uwsgi/options.json`` from the full table of uWSGI's options.

``compact_uwsgi_options.py TABLE [TARGET]``: TABLE is a JSON list of objects with the keys name,
argument, plugin, versions, value_type, repeatable, immediate, forces_master and released, one for
each ``struct uwsgi_option`` entry of core/ and plugins/ of the uWSGI trees the versions name.

The target maps every name to four small numbers: indexes into its lists of plugins, value types
and version sets, and a sum of flags. It loads several times faster than the objects.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "glance_audit" / "uwsgi" / "options.json"
FLAGS = ("repeatable", "immediate", "forces_master", "released")
ARGUMENTS = ("required", "none", "optional")


def compact(table: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the compact form of the full table."""
    plugins = sorted({entry["plugin"] for entry in table})
    types = sorted({entry["value_type"] for entry in table})
    versions = sorted({tuple(entry["versions"]) for entry in table})
    options = {}
    for entry in sorted(table, key=lambda entry: str(entry["name"])):
        flags = sum(1 << bit for bit, flag in enumerate(FLAGS) if entry[flag])
        flags |= ARGUMENTS.index(entry["argument"]) << len(FLAGS)
        options[entry["name"]] = [
            plugins.index(entry["plugin"]),
            types.index(entry["value_type"]),
            versions.index(tuple(entry["versions"])),
            flags,
        ]
    return {"plugins": plugins, "types": types, "versions": versions, "options": options}


def main(arguments: list[str]) -> int:
    """Convert the table the arguments name."""
    source = Path(arguments[0])
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    data = compact(json.loads(source.read_text(encoding="utf-8")))
    target.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
