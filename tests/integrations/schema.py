"""The schemas that SchemaStore and GitLab publish, as check-jsonschema ships them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema


def faults(name: str, what: Any) -> list[str]:
    """Return what a schema has against a document."""
    vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json"
    schema = json.loads(vendored.read_text("utf-8"))
    made = jsonschema.validators.validator_for(schema)(schema)
    return [error.message for error in made.iter_errors(what)]
