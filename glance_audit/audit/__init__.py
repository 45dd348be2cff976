"""One audit from settings to report: reads, models, runs the rules, fills in the places."""

from glance_audit.audit.run import audit
from glance_audit.audit.settings import AuditSettings, NothingToAudit, UsageError

__all__ = ["AuditSettings", "NothingToAudit", "UsageError", "audit"]
