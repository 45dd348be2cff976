"""What a rule says: a finding with its place, its related places and the way out."""

from __future__ import annotations

from enum import Enum

from glance_audit.files import Place
from glance_audit.record import NamedTuple


class Severity(Enum):
    """How bad it is for an upload, worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Confidence(Enum):
    """How sure the files make us: the whole version range, part of it, or a hint only."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return list(Confidence).index(self)


class Basis(Enum):
    """What a rule stands on: real servers, their source, or upstream's documentation."""

    MEASURED = "measured"
    SOURCE = "source"
    DOCUMENTED = "documented"


class Related(NamedTuple):
    """Another place that matters for a finding, with what it has to do with it.

    ``same``: what stands there is what the finding is about, as the line of a macro's body is.
    """

    message: str
    place: Place
    same: bool = False


class Finding(NamedTuple):
    """One thing that is wrong.

    ``code`` and ``suppressed``, the reason to let it pass, are stamped by the engine, never by the
    rule. ``context`` names the enclosing sections,
    outermost first (``("VirtualHost *:80", "Location /image")``): it is part of the identity that
    survives moved lines. ``message`` is one sentence about the cause and the effect; ``help`` is
    the next step.
    """

    place: Place
    message: str
    help: str = ""
    severity: Severity | None = None
    confidence: Confidence = Confidence.HIGH
    related: tuple[Related, ...] = ()
    context: tuple[str, ...] = ()
    code: str = ""
    suppressed: str | None = None
