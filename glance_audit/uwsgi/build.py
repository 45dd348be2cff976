"""The two builds of uWSGI that deployments use."""

from __future__ import annotations

from enum import Enum


class Build(Enum):
    """Which formats a uWSGI reads, and how, was decided when it was compiled.

    Debian links libyaml, yajl and libxml2. What pip compiles has a YAML reader of its own, no JSON
    and, where its headers were installed, libxml2 (measured with 2.0.21-debian and 2.0.31).
    """

    DEBIAN = "debian"
    PYPI = "pypi"
