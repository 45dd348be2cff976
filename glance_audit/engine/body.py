"""The line of a macro's body behind a finding that stands at its ``Use``."""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.engine.finding import Related


def macro_body(directive: Directive) -> tuple[Related, ...]:
    """Return the body's line as a related place, for a directive out of a macro."""
    place = directive.macro_place
    return () if place is None else (Related("the line of the macro", place, same=True),)
