"""The sample of an operator's own rule fires on its bad deployment, and not on its good one."""

from __future__ import annotations

import json

import jsonschema
import pytest

from glance_audit.cli.main import main
from tests.samples.sample import PROJECT, SAMPLES

OWN = SAMPLES / "own-rules"
SCHEMA = json.loads((PROJECT / "glance_audit/report/schema-1.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("kind", "codes"), [("bad", ["XX001"]), ("good", [])])
def test_the_rule_finds_the_bad_deployment_alone(
    kind: str, codes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    rules = str(OWN / "rules")
    status = main(["--format", "json", "--no-host", "--rules-dir", rules, str(OWN / kind)])
    report = json.loads(capsys.readouterr().out)

    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert status == len(codes)
    assert [finding["code"] for finding in report["findings"]] == codes
    assert all(finding["url"] == "" for finding in report["findings"])


@pytest.mark.parametrize("kind", ["bad", "good"])
def test_without_it_both_are_clean(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--no-host", "-q", str(OWN / kind)]) == 0
    assert capsys.readouterr().out == ""
