"""What mod_wsgi loads for the Identity service."""

from keystone.wsgi.api import application  # noqa: F401
