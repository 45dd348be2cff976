"""``--format checkstyle``, whole, and as a reader of it sees it."""

from __future__ import annotations

from defusedxml.ElementTree import fromstring
from inline_snapshot import snapshot

from glance_audit.report.checkstyle import write
from tests.report.reports import HOSTILE, KNOWN, MARKUP, MIXED, MIXED_CLEAN, report, written


def test_a_whole_report() -> None:
    assert written(write, MIXED) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="10.0">
  <file name="deploy/etc/glance-uwsgi.ini">
    <error line="13" column="1" severity="warning" message="uploads to /image are buffered with timers below 300 s; help: stop the spooling, and raise the timers" source="glance-audit.GA301" />
  </file>
  <file name="deploy/etc/sites-available/image.conf">
    <error line="0" severity="info" message="the file is a template; help: render it" source="glance-audit.GA911" />
    <error line="3" column="5" severity="error" message="proxy-sendcl, set for &lt;VirtualHost *:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte; help: remove the line; if another service needs it, set it in that service's own &lt;Location&gt;" source="glance-audit.GA201" />
  </file>
  <file name="deploy/etc/ports.conf">
    <error line="0" severity="error" message="could not be audited: permission denied" source="glance-audit.incomplete" />
  </file>
</checkstyle>
""")


def test_a_clean_report_has_no_file() -> None:
    assert written(write, MIXED_CLEAN) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="10.0" />
""")


def test_a_file_stands_once_with_all_its_findings() -> None:
    top = fromstring(written(write, MIXED))
    names = [one.attrib["name"] for one in top.iter("file")]

    assert len(names) == len(set(names))
    assert len(list(top.iter("error"))) == 4
    assert [one.attrib["line"] for one in top.iter("error") if "column" not in one.attrib] == [
        "0",
        "0",
    ]


def test_hostile_text_stays_text() -> None:
    (error,) = fromstring(written(write, report(HOSTILE))).iter("error")

    assert error.attrib["message"].startswith(MARKUP)
    assert f"; help: write {MARKUP}" in error.attrib["message"]


def test_what_is_in_the_baseline_is_information() -> None:
    (error,) = fromstring(written(write, report(KNOWN))).iter("error")

    assert error.attrib["severity"] == "info"
    assert error.attrib["message"].endswith("; known: it is in the baseline")
