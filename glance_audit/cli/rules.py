"""``rules``: the list of the rules."""

from __future__ import annotations

from argparse import Namespace
from typing import TextIO

from glance_audit.cli import status
from glance_audit.cli.catalogue import catalogue_of
from glance_audit.cli.output import deliver, look_of
from glance_audit.report import rules_table
from glance_audit.report.text import write_lines


def run(options: Namespace) -> int:
    """Print the rules in the format that the options name."""
    rules = catalogue_of(options)
    look = look_of(options)

    def produce(stream: TextIO) -> None:
        if options.format == "json":
            from glance_audit.report import json_report

            json_report.dump(rules_table.to_json(rules), stream)
        elif options.format == "markdown":
            stream.write(rules_table.markdown(rules))
        else:
            write_lines(rules_table.lines(rules, look.width), stream, look)

    deliver(produce)
    return status.CLEAN
