"""Write the versions installed in this environment as pip constraints: ``lock.py FILE``.

They hold from the Python version they were made with on; on an older one the lower bounds of
``pyproject.toml`` decide, because a locked version may not exist for it.
"""

from __future__ import annotations

import sys
from importlib.metadata import distributions
from pathlib import Path

UNPINNED = {"glance-audit", "pip"}

HEAD = """\
# The versions the tests were last run with; made by `make lock`.
"""


def constraints() -> str:
    """Return one ``name==version`` line for each installed distribution, sorted by name."""
    since = "{}.{}".format(*sys.version_info)
    pins = {
        found.metadata["Name"].lower().replace("_", "-"): found.version for found in distributions()
    }
    lines = [
        f'{name}=={version} ; python_version >= "{since}"\n'
        for name, version in sorted(pins.items())
        if name not in UNPINNED
    ]
    return HEAD + "".join(lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(constraints(), encoding="utf-8")
