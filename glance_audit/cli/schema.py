"""``schema``: what ``--format json`` promises, as it is shipped."""

from __future__ import annotations

from argparse import Namespace
from importlib.resources import files

from glance_audit.cli.output import deliver
from glance_audit.cli.status import CLEAN


def run(options: Namespace) -> int:
    """Print the schema."""
    text = (files("glance_audit.report") / "schema-1.json").read_text("utf-8")
    deliver(lambda stream: stream.write(text), options.output)
    return CLEAN
