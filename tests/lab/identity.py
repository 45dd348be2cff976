"""In place of keystone's filter in Glance's pipeline: everybody is the same member and admin.

Lies beside Debian's Python modules in the machines of the laboratory.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import Any

WHO = {
    "HTTP_X_IDENTITY_STATUS": "Confirmed",
    "HTTP_X_USER_ID": "u1",
    "HTTP_X_PROJECT_ID": "p1",
    "HTTP_X_TENANT_ID": "p1",
    "HTTP_X_ROLES": "admin,member,reader",
}

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def filter_factory(_globals: dict[str, str], **_settings: str) -> Callable[[App], App]:
    """Return the filter, as PasteDeploy asks for it."""
    _register_options()

    def wrapped(app: App) -> App:
        def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ.update(WHO)
            return app(environ, start_response)

        return call

    return wrapped


def _register_options() -> None:
    """Know the options of ``[keystone_authtoken]`` as keystone's filter does: Glance reads some.

    It registers its own where it is imported, and those of its way to authenticate when it is made.
    """
    loading = importlib.import_module("keystoneauth1.loading")  # of the machines alone
    options = importlib.import_module("keystonemiddleware.auth_token._opts")

    group = "keystone_authtoken"
    way = loading.get_plugin_loader("password")
    options.CONF.register_opts(loading.get_auth_plugin_conf_options(way), group=group)
