"""``show``: the deployment as a tree, without the findings."""

from __future__ import annotations

from argparse import Namespace
from typing import TextIO

from glance_audit.audit.run import audit
from glance_audit.cli import status
from glance_audit.cli.output import deliver, look_of
from glance_audit.cli.request import settings_of


def run(options: Namespace) -> int:
    """Draw what the options name and return the exit status.

    Raises:
        Refused, UsageError, NothingToAudit: there is nothing to draw.
    """
    look = look_of(options, to_file=options.output is not None)
    report = audit(settings_of(options))

    def produce(stream: TextIO) -> None:
        if options.format == "json":
            from glance_audit.report import json_report

            json_report.dump(json_report.topology_to_json(report.topology), stream)
        else:
            from glance_audit.report import text

            text.write_topology(report, stream, look)

    deliver(produce, options.output)
    return status.INCOMPLETE if report.incomplete else status.CLEAN
