"""How a text report looks: its width, its colours and its detail."""

from __future__ import annotations

from glance_audit.record import NamedTuple


class Look(NamedTuple):
    """How a text report is drawn.

    ``width`` is in columns. ``unicode``: more than ASCII can be shown. ``detail`` -1 is a line for
    each finding and nothing else, 0 the usual, 1 shows other services' routes and what is
    suppressed. ``links``: a rule's code leads to its page. ``hints``: a person watches, who may be
    told the next step. ``statistics``: what is found is counted by rule.
    """

    width: int = 80
    color: bool = False
    unicode: bool = True
    detail: int = 0
    links: bool = False
    hints: bool = False
    statistics: bool = False
