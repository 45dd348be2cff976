"""``--format gitlab``, whole, and what GitLab asks of it."""

from __future__ import annotations

import json
from typing import Any

from inline_snapshot import snapshot

from glance_audit.report.gitlab import write
from glance_audit.report.result import AuditReport
from tests.report.reports import (
    HOSTILE,
    KNOWN,
    MIXED,
    MIXED_CLEAN,
    SHARED,
    location,
    report,
    written,
)


def issues(made: AuditReport) -> list[dict[str, Any]]:
    read = json.loads(written(write, made))
    assert isinstance(read, list)
    return read


def test_a_whole_report() -> None:
    assert issues(MIXED) == snapshot(
        [
            {
                "description": "GA301 short-timeout-with-buffering: uploads to /image are buffered with timers below 300 s",
                "check_name": "GA301",
                "fingerprint": "41eed3d72f0a8a235447439178afcb02",
                "severity": "major",
                "location": {
                    "path": "deploy/etc/glance-uwsgi.ini",
                    "lines": {"begin": 13, "end": 13},
                },
                "content": {
                    "body": """\
stop the spooling, and raise the timers

https://example.org/rules/GA301/\
"""
                },
            },
            {
                "description": "GA911 template-not-rendered: the file is a template",
                "check_name": "GA911",
                "fingerprint": "31e927922747907241d587f9ea4f6629",
                "severity": "info",
                "location": {
                    "path": "deploy/etc/sites-available/image.conf",
                    "lines": {"begin": 1, "end": 1},
                },
                "content": {
                    "body": """\
render it

https://example.org/rules/GA911/\
"""
                },
            },
            {
                "description": "GA201 sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte",
                "check_name": "GA201",
                "fingerprint": "60553db3c4cbdde752d4d6e860b74b55",
                "severity": "critical",
                "location": {
                    "path": "deploy/etc/sites-available/image.conf",
                    "lines": {"begin": 3, "end": 3},
                },
                "content": {
                    "body": """\
remove the line; if another service needs it, set it in that service's own <Location>

https://example.org/rules/GA201/\
"""
                },
            },
            {
                "description": "could not be audited: permission denied",
                "check_name": "incomplete",
                "fingerprint": "26816fded805276c3ba1138bbdb33fbe",
                "severity": "blocker",
                "location": {"path": "deploy/etc/ports.conf", "lines": {"begin": 1, "end": 1}},
            },
        ]
    )


def test_a_clean_report_is_an_empty_list() -> None:
    assert written(write, MIXED_CLEAN) == "[]\n"


def test_every_issue_has_what_gitlab_requires() -> None:
    for one in issues(MIXED):
        assert all(one[name] for name in ("description", "check_name", "fingerprint"))
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not one["location"]["path"].startswith(("/", "./"))
        assert one["location"]["lines"]["begin"] >= 1


def test_fingerprints_are_unique() -> None:
    found = [one["fingerprint"] for one in issues(MIXED)]

    assert len(found) == len(set(found)) == 4


def test_a_fingerprint_stays_when_lines_move_and_differs_between_two_trees() -> None:
    def fingerprint(made: AuditReport) -> str:
        (one,) = issues(made)
        return str(one["fingerprint"])

    here = MIXED._replace(findings=(SHARED,), incomplete=())
    moved = SHARED._replace(location=location(30, "    SetEnv proxy-sendcl 1"))
    there = here.target._replace(base="/work/checkout/other/etc")

    assert fingerprint(here) == fingerprint(here._replace(findings=(moved,)))
    assert fingerprint(here) != fingerprint(here._replace(target=there))


def test_hostile_text_stays_text() -> None:
    assert written(write, report(HOSTILE)).isascii()
    (one,) = issues(report(HOSTILE))
    assert one["description"] == f"GA201 sendcl-shared-vhost: {HOSTILE.message}"


def test_what_is_in_the_baseline_is_information() -> None:
    assert [one["severity"] for one in issues(report(KNOWN))] == ["info"]
