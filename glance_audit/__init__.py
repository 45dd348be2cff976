"""glance-audit: a linter and auditor for OpenStack Glance behind Apache HTTPD and uWSGI."""

__version__ = "0.1.0"
