"""What mod_wsgi loads: glance-wsgi-api was removed in 2026.1, so this file takes its place."""

from glance.wsgi.api import application  # noqa: F401
