"""``--format jsonl``: finding by finding, and a summary at the end."""

from __future__ import annotations

import json

from inline_snapshot import snapshot

from glance_audit.report.json_lines import write
from glance_audit.report.json_report import to_json
from glance_audit.report.outcome import Outcome
from tests.report.reports import CLEAN, CROSS_CHECKED, HOSTILE, MIXED, report, written


def test_every_line_is_an_object_with_its_type_and_the_last_is_the_summary() -> None:
    rows = [json.loads(line) for line in written(write, MIXED).splitlines()]

    assert [row.pop("type") for row in rows] == [
        *("finding", "finding", "finding", "finding"), "incomplete", "note", "summary"
    ]  # fmt: skip
    assert rows[:4] == to_json(MIXED, 0)["findings"]
    assert rows[4:] == snapshot(
        [
            {"file": "ports.conf", "reason": "permission denied"},
            {"message": "uploads are spooled in /tmp, whose size is unknown"},
            {
                "schema": 1,
                "tool": {"name": "glance-audit", "version": "0.1.0"},
                "target": {
                    "paths": ["/etc/apache2"],
                    "root": None,
                    "glance_release": {"min": "15", "max": "33", "source": "unknown"},
                    "httpd_version": {
                        "min": "2.4.71",
                        "max": "2.4.71",
                        "source": "dpkg (apache2-bin)",
                    },
                    "uwsgi_version": {"min": "2.0.31", "max": "2.0.31", "source": "option"},
                    "python_version": {"min": None, "max": None, "source": "unknown"},
                },
                "status": 1,
                "error": 1,
                "warning": 1,
                "info": 1,
                "suppressed": 1,
                "files": 61,
                "vhosts": 2,
                "known": 0,
            },
        ]
    )


def test_a_clean_report_is_its_summary() -> None:
    (line,) = written(write, CLEAN, Outcome(0.1)).splitlines()

    assert (json.loads(line)["type"], json.loads(line)["status"]) == ("summary", 0)


def test_the_time_of_an_audit_is_left_out() -> None:
    assert written(write, MIXED, Outcome(1.5)) == written(write, MIXED, Outcome(0.5))


def test_hostile_text_stays_in_its_line_and_reads_back() -> None:
    text = written(write, report(HOSTILE))

    assert text.isascii()
    assert len(text.splitlines()) == 2
    assert json.loads(text.splitlines()[0])["message"] == HOSTILE.message


def test_what_a_second_reader_sees_otherwise_has_lines_of_its_own() -> None:
    rows = [json.loads(line) for line in written(write, CROSS_CHECKED).splitlines()]
    found = [row for row in rows if row.pop("type") == "difference"]

    assert found == to_json(CROSS_CHECKED, 0)["cross_check"]["differences"]
    assert len(found) == 2
