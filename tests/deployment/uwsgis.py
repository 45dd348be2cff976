"""uWSGI configurations from their text, as instances."""

from __future__ import annotations

from pathlib import Path

from glance_audit.deployment.instance import UwsgiInstance
from tests.deployment.trees import deploy

INI = "/etc/glance/glance-uwsgi.ini"


def instance(root: Path, *lines: str) -> UwsgiInstance:
    """Return the instance of a [uwsgi] section with these lines."""
    text = "[uwsgi]\n" + "".join(line + "\n" for line in lines)
    (found,) = deploy(root, {INI: text}, INI).instances
    return found
