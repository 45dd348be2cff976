"""``schema``: what ``--format json`` promises, as it is shipped, and what settings may say."""

from __future__ import annotations

from argparse import Namespace
from importlib.resources import files

from glance_audit.cli.output import deliver
from glance_audit.cli.status import CLEAN


def run(options: Namespace) -> int:
    """Print the schema."""
    if options.of == "settings":
        text = _settings()
    else:
        name = "schema-1.json" if options.of == "audit" else f"{options.of}-1.json"
        text = (files("glance_audit.report") / name).read_text("utf-8")
    deliver(lambda stream: stream.write(text), options.output)
    return CLEAN


def _settings() -> str:
    import json

    from glance_audit.cli.settings.schema import schema

    return json.dumps(schema(), indent=2) + "\n"
