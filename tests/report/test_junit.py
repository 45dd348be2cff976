"""``--format junit``, whole, and as a reader of it sees it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from inline_snapshot import snapshot

from glance_audit.report.junit import write
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport
from tests.report.reports import HOSTILE, KNOWN, MARKUP, MIXED, MIXED_CLEAN, SHARED, report, written


def read(made: AuditReport, fail_on: str = "warning") -> Element:
    return fromstring(written(write, made, Outcome(0.25, 1, fail_on)))


def cases(top: Element) -> dict[str, list[str]]:
    return {one.attrib["name"]: [part.tag for part in one] for one in top.iter("testcase")}


def test_a_whole_report() -> None:
    assert written(write, MIXED) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="glance-audit" tests="5" failures="2" errors="1" skipped="1" time="0.250">
  <testsuite name="deploy/etc/glance-uwsgi.ini" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="glance-audit.GA301" name="GA301 short-timeout-with-buffering at 13:1" file="deploy/etc/glance-uwsgi.ini" line="13">
      <failure type="warning" message="uploads to /image are buffered with timers below 300 s">warning: uploads to /image are buffered with timers below 300 s
deploy/etc/glance-uwsgi.ini:13:1: socket-timeout = 30
help: stop the spooling, and raise the timers
see: https://example.org/rules/GA301/</failure>
    </testcase>
  </testsuite>
  <testsuite name="deploy/etc/sites-available/image.conf" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="glance-audit.GA911" name="GA911 template-not-rendered of the file" file="deploy/etc/sites-available/image.conf">
      <system-out>info: the file is a template
deploy/etc/sites-available/image.conf
help: render it
see: https://example.org/rules/GA911/</system-out>
    </testcase>
    <testcase classname="glance-audit.GA201" name="GA201 sendcl-shared-vhost at 3:5" file="deploy/etc/sites-available/image.conf" line="3">
      <failure type="error" message="proxy-sendcl, set for &lt;VirtualHost *:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte">error: proxy-sendcl, set for &lt;VirtualHost *:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte
deploy/etc/sites-available/image.conf:3:5: SetEnv proxy-sendcl 1
the Glance route it buffers: /image: deploy/etc/sites-available/image.conf:17:5: ProxyPass "/image" "http://127.0.0.1:60999" retry=0 connectiontimeout=60 timeout=600
shares the scope: /placement: deploy/etc/sites-available/image.conf:4:5: ProxyPass "/placement" "http://127.0.0.1:8000/"
help: remove the line; if another service needs it, set it in that service's own &lt;Location&gt;
see: https://example.org/rules/GA201/</failure>
    </testcase>
    <testcase classname="glance-audit.GA208" name="GA208 other-buffering at 9:1" file="deploy/etc/sites-available/image.conf" line="9">
      <skipped message="suppressed: accepted until the move | &lt;b&gt;" />
    </testcase>
  </testsuite>
  <testsuite name="deploy/etc/ports.conf" tests="1" failures="0" errors="1" skipped="0">
    <testcase classname="glance-audit.incomplete" name="could not be audited" file="deploy/etc/ports.conf">
      <error type="incomplete" message="permission denied" />
    </testcase>
  </testsuite>
</testsuites>
""")


def test_a_clean_report_is_one_test_that_passes() -> None:
    assert written(write, MIXED_CLEAN) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="glance-audit" tests="1" failures="0" errors="0" skipped="0" time="0.250">
  <testsuite name="glance-audit" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="glance-audit" name="no findings" />
  </testsuite>
</testsuites>
""")


def test_what_does_not_count_for_the_status_fails_no_test() -> None:
    names = [f"GA{number}" for number in (201, 208, 301, 911)]

    def kinds(fail_on: str) -> dict[str, str]:
        found = cases(read(MIXED, fail_on))
        return {name: kind for case, (kind,) in found.items() if (name := case[:5]) in names}

    assert kinds("warning") == {
        "GA201": "failure", "GA208": "skipped", "GA301": "failure", "GA911": "system-out",
    }  # fmt: skip
    assert kinds("error")["GA301"] == "system-out"
    assert kinds("never")["GA201"] == "system-out"


def test_the_counts_are_those_of_the_tests() -> None:
    top = read(MIXED)
    suites = list(top)

    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(top.attrib[name]) == len(list(top.iter(tag)))
        assert [int(one.attrib[name]) for one in suites] == [
            len(list(one.iter(tag))) for one in suites
        ]
    assert int(top.attrib["tests"]) == 5 == sum(int(one.attrib["tests"]) for one in suites)


def test_tests_of_one_name_are_numbered() -> None:
    assert list(cases(read(report(SHARED, SHARED, SHARED)))) == [
        "GA201 sendcl-shared-vhost at 3:5",
        "GA201 sendcl-shared-vhost at 3:5 (2)",
        "GA201 sendcl-shared-vhost at 3:5 (3)",
    ]


def test_hostile_text_stays_text() -> None:
    (failure,) = read(report(HOSTILE)).iter("failure")

    assert failure.attrib["message"].startswith(MARKUP)
    assert failure.text is not None
    assert f"help: write {MARKUP}" in failure.text
    assert "\\x1b[31m\\u202e" in failure.text


def test_the_document_is_ascii() -> None:
    assert written(write, report(SHARED._replace(message="caf\u00e9"))).isascii()
    (failure,) = read(report(SHARED._replace(message="caf\u00e9"))).iter("failure")
    assert failure.attrib["message"] == "caf\u00e9"


def test_what_is_in_the_baseline_passes_and_says_so() -> None:
    (told,) = read(report(KNOWN)).iter("system-out")

    assert told.text is not None
    assert told.text.split("\n")[0] == (f"error: {KNOWN.message} (known: it is in the baseline)")
