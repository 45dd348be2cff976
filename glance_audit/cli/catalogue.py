"""The rules that a command line speaks of: those shipped, and the operator's own."""

from __future__ import annotations

import os
from argparse import Namespace

from glance_audit.cli.status import Refused
from glance_audit.engine.catalogue import load
from glance_audit.engine.rule import Rule


def catalogue_of(options: Namespace) -> tuple[Rule, ...]:
    """Return all rules.

    Raises:
        Refused: the operator's own cannot be loaded.
    """
    if not options.rules_dir:
        return load()
    from glance_audit.audit.own_rules import with_own_rules
    from glance_audit.audit.settings import UsageError

    try:
        return with_own_rules(load(), options.rules_dir, os.getcwd())
    except UsageError as error:
        raise Refused(str(error)) from None
