"""``explain``: a rule's page."""

from __future__ import annotations

from argparse import Namespace

from glance_audit.cli import status
from glance_audit.cli.catalogue import catalogue_of
from glance_audit.cli.output import deliver, look_of
from glance_audit.cli.status import Refused
from glance_audit.engine.catalogue import find
from glance_audit.report import explain


def run(options: Namespace) -> int:
    """Print the page of the rule that the options name.

    Raises:
        Refused: there is no such rule.
    """
    rules = catalogue_of(options)
    rule = find(rules, options.rule)
    if rule is None:
        from difflib import get_close_matches

        names = [name for rule in rules for name in (rule.code, rule.slug)]
        close = get_close_matches(options.rule.upper(), names, n=1) or get_close_matches(
            options.rule.lower(), names, n=1
        )
        hint = f"did you mean {close[0]}?" if close else "`glance-audit rules` lists them"
        raise Refused(f"no rule is called {options.rule}: {hint}")
    look = look_of(options)
    deliver(lambda stream: explain.write(rule, stream, look.width, color=look.color))
    return status.CLEAN
