"""The reports of many hosts as one: which finding is on which of them."""

from glance_audit.fleet.document import documents
from glance_audit.fleet.merge import Merger
from glance_audit.fleet.names import host_names
from glance_audit.fleet.shape import ReportError

__all__ = ["Merger", "ReportError", "documents", "host_names"]
