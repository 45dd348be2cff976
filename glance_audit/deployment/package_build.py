"""Which packages of Glance lack the module ``glance.wsgi.api``, though their release has it.

glance/wsgi had no ``__init__.py`` at first, and the builds of Debian and Ubuntu left it out
(Launchpad bug 2136411); the wheels on PyPI have it.
"""

from __future__ import annotations

from glance_audit.deployment.model import Versions
from glance_audit.deployment.versions import Holds
from glance_audit.record import NamedTuple

_BUILDS = (("wsgi-module", "wsgi-package-30"), ("wsgi-package-missing", "wsgi-package-31"))


class LackingBuild(NamedTuple):
    """A release whose packages lack the module.

    ``mended`` is the milestone of the first one that has it. ``packaged`` False: the release was
    told by the user, and pip may have installed it. ``sure`` False: it may be a later one.
    """

    mended: str
    packaged: bool
    sure: bool


def lacking_build(versions: Versions) -> LackingBuild | None:
    """Return what is known of a release whose packages lack the module; None: they have it."""
    glance = versions.glance
    packaged = glance.source.startswith("dpkg") or "/dist-packages/" in glance.source
    if not packaged and glance.source != "option":
        return None
    for since, mended in _BUILDS:
        holds = versions.holds(since=since, before=mended)
        if holds is not Holds.NONE:
            return LackingBuild(mended, packaged, holds is Holds.ALL)
    return None
