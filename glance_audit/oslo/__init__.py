"""Glance's own configuration as oslo.config reads it, with the place of every value."""

from glance_audit.oslo.configuration import OsloConfig, Setting
from glance_audit.oslo.reader import read
from glance_audit.oslo.selection import find_glance_files

__all__ = ["OsloConfig", "Setting", "find_glance_files", "read"]
