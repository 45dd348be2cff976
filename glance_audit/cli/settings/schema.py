"""The JSON schema of the settings file, for editors: made from the same keys."""

from __future__ import annotations

from typing import Any

from glance_audit.cli.settings.keys import MINIMUM, OVERRIDES, REPORTS, SEVERITIES, Key, Kind, keys
from glance_audit.cli.settings.tables import OVERRIDE_KEYS, REPORT_KEYS, SEVERITY_NAMES

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.SWITCH: {"type": "boolean"},
    Kind.NUMBER: {"type": "integer"},
}


def schema() -> dict[str, Any]:
    """Return the schema, in the draft that editors of TOML understand."""
    severities = {
        "type": "object",
        "description": "the severity of a rule's findings, by code, start of codes or name",
        "additionalProperties": {"enum": list(SEVERITY_NAMES)},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The settings of glance-audit",
        **_table(_properties(severities)),
        "not": {
            "required": [REPORTS],
            "anyOf": [{"required": [name]} for name in REPORT_KEYS],
        },
    }


def _properties(severities: dict[str, Any]) -> dict[str, Any]:
    report = {name: _property(key) for name, key in REPORT_KEYS.items()}
    override = {name: _property(key) for name, key in OVERRIDE_KEYS.items()}
    override["paths"]["minItems"] = 1
    return {
        MINIMUM: {"type": "string", "description": "the oldest glance-audit that may read this"},
        **{name: _property(key) for name, key in keys().items()},
        SEVERITIES: severities,
        REPORTS: {
            "type": "array",
            "description": "several reports, in the place of format and output",
            "items": {**_table(report), "required": ["format"]},
        },
        OVERRIDES: {
            "type": "array",
            "description": "what holds for the findings in some files",
            "items": {
                **_table({**override, "severities": severities}),
                "required": ["paths"],
                "anyOf": [{"required": ["ignore", "reason"]}, {"required": ["severities"]}],
                "dependencies": {"ignore": ["reason"]},
            },
        },
    }


def _table(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _property(key: Key) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    if key.choices:
        text = {"enum": list(key.choices)}
    if key.kind is Kind.TEXTS:
        value: dict[str, Any] = {"type": "array", "items": text}
    else:
        value = dict(_TYPES.get(key.kind, text))
    return {"description": key.help, **value}
