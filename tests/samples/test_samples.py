"""Every sample yields what it says, and every rule has a bad sample and a look-alike good one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from glance_audit.cli.main import main
from glance_audit.engine.catalogue import load
from tests.samples.sample import RULES, SAMPLES, Sample, deployments, rule_samples, samples

CODES = tuple(rule.code for rule in load())

each_sample = pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
each_deployment = pytest.mark.parametrize("sample", deployments(), ids=lambda sample: sample.name)


def audit(
    sample: Sample, path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any]]:
    status = main(["--format", "json", "--no-host", *sample.options, str(path)])
    printed = capsys.readouterr()
    assert printed.err == ""
    report: dict[str, Any] = json.loads(printed.out)
    return status, report


def reported(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [finding for finding in report["findings"] if finding["suppressed"] is None]


def codes(report: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted({finding["code"] for finding in reported(report)}))


@each_sample
def test_a_sample_yields_exactly_its_codes(
    sample: Sample, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = audit(sample, sample.root, capsys)
    assert codes(report) == sample.codes


@each_sample
def test_the_exit_status_tells_clean_from_bad_and_from_incomplete(
    sample: Sample, capsys: pytest.CaptureFixture[str]
) -> None:
    status, report = audit(sample, sample.root, capsys)
    serious = any(finding["severity"] != "info" for finding in reported(report))
    incomplete = bool({"GA901", "GA902", "GA903", "GA911"} & set(sample.codes))
    assert status == (3 if incomplete else 1 if serious else 0)
    assert bool(report["incomplete"]) == incomplete


@each_deployment
def test_a_deployment_yields_the_same_when_the_servers_directory_is_named(
    sample: Sample, capsys: pytest.CaptureFixture[str]
) -> None:
    server = next(
        sample.root / p for p in ("etc/apache2", "etc/httpd") if (sample.root / p).exists()
    )
    _, report = audit(sample, server, capsys)
    assert codes(report) == sample.codes


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_a_bad_sample_with_its_code_and_a_good_one_without(code: str) -> None:
    (bad,) = rule_samples(code, "bad")
    (good,) = rule_samples(code, "good")
    assert code in bad.codes
    assert set(good.codes) <= set(bad.codes) - {code}
    assert good.options == bad.options


def test_every_rule_sample_belongs_to_a_rule() -> None:
    assert sorted(path.name for path in RULES.iterdir()) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_other_codes_in_a_rules_sample_come_with_their_reason(code: str) -> None:
    for sample in (*rule_samples(code, "bad"), *rule_samples(code, "good")):
        text = (sample.root / "expect.toml").read_text(encoding="utf-8")
        comments = "\n".join(line for line in text.split("\n") if line.startswith("#"))
        for other in set(sample.codes) - {code}:
            assert other in comments


def test_nothing_is_listed_that_yields_nothing() -> None:
    (clean,) = [sample for sample in samples() if sample.name == "recommended"]
    assert (clean.codes, clean.options) == ((), ())


def test_every_sample_is_explained() -> None:
    explained = {RULES / code for code in CODES} | {sample.root for sample in deployments()}
    missing = [path for path in explained if not (path / "README.md").is_file()]
    assert not missing
    index = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert not [sample.name for sample in deployments() if f"]({sample.name})" not in index]


def test_every_link_stays_inside_its_sample() -> None:
    links = [path for path in SAMPLES.rglob("*") if path.is_symlink()]
    assert len(links) >= len(samples()) - 1  # all but Red Hat's layout enable a site by a link
    for link in links:
        assert not os.path.isabs(os.readlink(link))
        (root,) = [sample.root for sample in samples() if sample.root in link.parents]
        assert root in link.resolve().parents
        assert link.exists()
