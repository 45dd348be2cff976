"""In place of keystone's filter in Glance's pipeline: everybody is the same member and admin.

Lies beside Debian's Python modules in the machines of the laboratory.
"""

from __future__ import annotations

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

    def wrapped(app: App) -> App:
        def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ.update(WHO)
            return app(environ, start_response)

        return call

    return wrapped
