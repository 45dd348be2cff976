"""``--format concise``, whole."""

from __future__ import annotations

from inline_snapshot import snapshot

from glance_audit.report.concise import write
from tests.report.reports import CLEAN, HOSTILE, MIXED, report, written


def test_a_finding_is_a_line_that_editors_understand() -> None:
    assert written(write, MIXED) == snapshot("""\
deploy/etc/glance-uwsgi.ini:13:1: warning GA301 uploads to /image are buffered with timers below 300 s
deploy/etc/sites-enabled/image.conf:1:1: info GA911 the file is a template
deploy/etc/sites-enabled/image.conf:3:5: error GA201 proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte
deploy/etc/ports.conf:1:1: error incomplete permission denied
""")


def test_a_clean_report_has_no_line() -> None:
    assert written(write, CLEAN) == ""


def test_hostile_text_stays_on_its_line() -> None:
    assert written(write, report(HOSTILE)) == snapshot(
        "sites-enabled/image.conf:2:1: error GA201 [bold]x[/] <b>&amp; ]]> ::error::y %0A | `z` [l](http://e.example) *s* _u_ ~d~ ${V} {0} \"q' \\ \\x1b[31m\\u202e\\u200b\\x0a\\x0d\\x00\\xff\\ufffe\n"
    )
