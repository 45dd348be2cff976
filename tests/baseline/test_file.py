"""The baseline file: written to be reviewed, read with one clear complaint."""

from __future__ import annotations

import pytest

from glance_audit.baseline import BaselineError, Entry, dump, entries_of, parse
from tests.report.reports import FOLLOWER, HOSTILE, MIXED, SHARED, SUPPRESSED
from tests.report.reports import report as made


def test_a_finding_is_one_line_without_line_numbers() -> None:
    follower = (
        '{"fingerprint": "ffeeddccbbaa99887766554433221100", "code": "GA301", '
        '"file": "glance-uwsgi.ini", "text": "socket-timeout = 30"}'
    )
    shared = (
        '{"fingerprint": "00112233445566778899aabbccddeeff", "code": "GA201", '
        '"file": "sites-enabled/image.conf", "text": "SetEnv proxy-sendcl 1"}'
    )

    assert dump(entries_of(made(SHARED, FOLLOWER))) == (
        f'{{\n  "schema": 1,\n  "findings": [\n    {follower},\n    {shared}\n  ]\n}}\n'
    )


def test_what_is_suppressed_is_not_written_down() -> None:
    assert [entry.code for entry in entries_of(made(SUPPRESSED, SHARED))] == ["GA201"]


def test_the_order_of_the_findings_makes_no_difference() -> None:
    turned = MIXED._replace(findings=MIXED.findings[::-1])

    assert dump(entries_of(turned)) == dump(entries_of(MIXED))


@pytest.mark.parametrize("report", [made(), MIXED, made(HOSTILE)], ids=["none", "mixed", "hostile"])
def test_what_is_written_reads_back(report: object) -> None:
    entries = entries_of(report)  # type: ignore[arg-type]
    text = dump(entries)

    assert text.isascii()
    assert parse(text) == entries


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "line 1: no JSON (Expecting value)"),
        ('{\n  "schema": 1,\n  oops', "line 3: no JSON"),
        ("[]", "no baseline: `glance-audit baseline PATH` writes one"),
        ('{"schema": 1, "findings": {}}', "no baseline"),
        ('{"schema": 2, "findings": []}', "schema 2: this version reads schema 1"),
        ('{"findings": []}', "schema None"),
        ('{"schema": 1, "findings": ["GA201"]}', "finding 1: fingerprint, code, file and text"),
        (
            '{"schema": 1, "findings": [{"fingerprint": "f", "code": 1, "file": "", "text": ""}]}',
            "finding 1: fingerprint, code, file and text",
        ),
        ("[" * 100_000, "no baseline: nested too deeply"),
    ],
)
def test_what_is_no_baseline_is_refused_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(BaselineError) as refused:
        parse(text)

    assert str(refused.value).startswith(complaint)


def test_keys_of_later_versions_are_let_be() -> None:
    text = (
        '{"schema": 1, "note": "x", "findings": '
        '[{"fingerprint": "f", "code": "GA201", "file": "a", "text": "t", "since": "2026"}]}'
    )

    assert parse(text) == (Entry("f", "GA201", "a", "t"),)
