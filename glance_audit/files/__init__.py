"""The bytes of the audited system and the places in them: the only layer that reads."""

from glance_audit.files.place import Inclusion, Place
from glance_audit.files.problem import Problem, ProblemKind
from glance_audit.files.source import FileSource, Kind, Limits, Unreadable

__all__ = [
    "FileSource",
    "Inclusion",
    "Kind",
    "Limits",
    "Place",
    "Problem",
    "ProblemKind",
    "Unreadable",
]
