"""The findings that are known and accepted: a file of them, and what an audit finds beyond it."""

from glance_audit.baseline.compare import Compared, compare
from glance_audit.baseline.file import BaselineError, Entry, dump, entries_of, parse

__all__ = ["BaselineError", "Compared", "Entry", "compare", "dump", "entries_of", "parse"]
