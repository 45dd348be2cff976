"""Where Glance keeps images between their upload and their import."""

from __future__ import annotations

import posixpath

from glance_audit.deployment.glance_service import GlanceService
from glance_audit.oslo import Setting
from glance_audit.record import NamedTuple

SCHEME = "file://"
URI = "node_staging_uri"
DIRECTORY = "filesystem_store_datadir"
STORE = "os_glance_staging_store"
_DEFAULT = "file:///tmp/staging/"  # glance/common/config.py, 15.0.0 to 33.0.0


class Staging(NamedTuple):
    """A staging directory.

    ``path`` is None where a URI is none of a file. ``setting`` None: the default holds. ``sure`` is
    False where a drop-in that not every release reads says something else.
    """

    path: str | None
    setting: Setting | None
    sure: bool

    @property
    def below_tmp(self) -> bool:
        """Whether it lies in /tmp."""
        parts = posixpath.normpath(self.path).split("/") if self.path else []
        return parts[:2] == ["", "tmp"]


def uri_staging(service: GlanceService) -> Staging | None:
    """Return the directory of ``node_staging_uri``, which counts without enabled_backends."""
    setting = service.setting("DEFAULT", URI)
    sure = not service.uncertain("DEFAULT", URI)
    text = _DEFAULT if setting is None else service.config.expanded(setting)
    if text is None or (setting is None and not sure):
        return None
    path = text[len(SCHEME) :] if text.startswith(SCHEME) else None
    return Staging(path, setting, sure)


def store_staging(service: GlanceService) -> Staging | None:
    """Return the directory that is set for the reserved store, which counts with enabled_backends.

    By default it is /var/lib/glance/os_glance_staging_store (glance_store/multi_backend.py).
    """
    setting = service.setting(STORE, DIRECTORY)
    path = service.config.expanded(setting) if setting is not None else None
    if path is None:
        return None
    return Staging(path, setting, not service.uncertain(STORE, DIRECTORY))
