"""The schema for editors agrees with what is taken and refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from glance_audit.cli.main import main
from glance_audit.cli.settings.schema import schema
from tests.cli.settings.examples import BEYOND_A_SCHEMA, EVERYTHING, REFUSED

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def valid(table: dict[str, Any]) -> bool:
    return jsonschema.Draft7Validator(schema()).is_valid(table)


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(schema())


def test_what_is_taken_is_valid() -> None:
    assert valid(tomllib.loads(EVERYTHING))
    assert valid({"minimum-version": "0.1", "reports": [{"format": "sarif", "output": "x"}]})
    assert valid({})


@pytest.mark.parametrize(
    "text",
    [text for text, message in REFUSED if not any(one in message for one in BEYOND_A_SCHEMA)],
)
def test_what_is_refused_is_invalid(text: str) -> None:
    assert not valid(tomllib.loads(text))


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "settings"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


def test_the_published_one_is_current() -> None:
    published = Path(__file__).parents[3] / "docs/glance-audit.schema.json"
    assert json.loads(published.read_text()) == schema()
