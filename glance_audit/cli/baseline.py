"""``baseline``: write down what an audit finds, for ``--baseline`` of later ones."""

from __future__ import annotations

import sys
from argparse import Namespace

from glance_audit.audit.run import audit
from glance_audit.baseline import dump, entries_of
from glance_audit.cli.output import deliver
from glance_audit.cli.request import settings_of
from glance_audit.cli.status import CLEAN, INCOMPLETE


def run(options: Namespace) -> int:
    """Audit what the options name, write its findings, and return the exit status.

    Raises:
        Refused, UsageError, NothingToAudit: nothing was written.
    """
    report = audit(settings_of(options))
    entries = entries_of(report)
    deliver(lambda stream: stream.write(dump(entries)), options.output)
    if report.incomplete:
        first = report.incomplete[0]
        more = len(report.incomplete) - 1
        print(
            f"glance-audit: the audit is incomplete, and so is the baseline: {first.file}: "
            f"{first.reason}{f' (and {more} more)' if more else ''}",
            file=sys.stderr,
        )
        return INCOMPLETE
    return CLEAN
