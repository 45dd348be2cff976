"""A fleet in every format: three hosts that are really audited."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from defusedxml.ElementTree import fromstring
from inline_snapshot import snapshot

from glance_audit.fleet import Merger
from glance_audit.report.formats import FORMATS, writer
from glance_audit.report.look import Look
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport
from tests.cli.deployments import SHARED
from tests.fleet.hosts import BROKEN, SUPPRESSED, audited, fleet, loaded, merged
from tests.report.html.test_page import Page
from tests.report.reports import MARKUP, RAW, written
from tests.report.test_sarif import VALIDATOR as SARIF

SCHEMA: dict[str, Any] = json.loads(
    (files("glance_audit.report") / "merge-1.json").read_text("utf-8")
)
AUDIT: dict[str, Any] = json.loads(
    (files("glance_audit.report") / "schema-1.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> AuditReport:
    """Three hosts: GA201 is on two, in other lines, GA705 on all."""
    return merged(fleet(tmp_path_factory.mktemp("three")), "GA201", "GA705")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> AuditReport:
    """Five hosts, all findings: suppressed on one, and one that is incomplete."""
    directory = tmp_path_factory.mktemp("five")
    audited(directory, "web3", SUPPRESSED)
    audited(directory, "web4", BROKEN)
    return merged(fleet(directory))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> AuditReport:
    """A report in which every text is hostile, and every number huge."""
    data = loaded(audited(tmp_path_factory.mktemp("hostile"), "web1", SHARED))
    kept = {"code", "slug", "severity", "confidence", "basis", "url", "fingerprint", "schema"}

    def spoil(one: Any, key: str = "") -> Any:
        if isinstance(one, dict):
            return {name: spoil(inner, name) for name, inner in one.items()}
        if isinstance(one, list):
            return [spoil(inner) for inner in one]
        if isinstance(one, int) and not isinstance(one, bool) and key not in kept:
            return 2**53 - 1
        return (
            f"<script>{MARKUP} {RAW}</script>" if isinstance(one, str) and key not in kept else one
        )

    spoilt = {**spoil(data), "tool": {**data["tool"], "version": MARKUP}}
    spoilt["incomplete"] = [{"file": MARKUP, "reason": RAW}]
    merger = Merger()
    merger.add(f"{MARKUP}{RAW}", f"{RAW}{MARKUP}.json", spoilt)
    merger.add("web2", "web2.json", data)
    return merger.report()


def shown(name: str, report: AuditReport, look: Look | None = None) -> str:
    return written(writer(name), report, Outcome(0.25, 1, look=look or Look(100)))


def test_the_terminal_shows_each_finding_once_with_its_hosts(report: AuditReport) -> None:
    assert shown("rich", report) == snapshot("""\
error[GA201] sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at
  /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on
  Glance 16 (Queens) and later)
 --> etc/httpd/conf/httpd.conf:5:5
5 |     SetEnv proxy-sendcl 1
  |     ^^^^^^^^^^^^^^^^^^^^^
...
7 |     ProxyPass "/image" "http://glance:*******@127.0.0.1:60999"
  |     ----------------------------------------------------------
  |     the Glance route it buffers: /image
8 |     ProxyPass "/placement" "http://127.0.0.1:8000"
  |     ---------------------------------------------- shares the scope: /placement
  = on 2 of 3 hosts: web1 and web2; line varies, shown as on web1
  = confidence: medium (not for every possible version or request)
  = help: remove the line; if another service needs it, set it in that service's own <Location>;
      Glance 15 (Pike) alone needs it, in its own <Location>
  = see: https://glance-audit.readthedocs.io/en/latest/rules/GA201/

warning[GA705] header-buffer: buffer-size 4096 bytes by default: uWSGI closes the connection when a
  request's headers are longer, as they are with a long token
 --> etc/glance/glance-uwsgi.ini:1:1
1 | [uwsgi]
  | ^^^^^^^
  = on all 3 hosts
  = help: set buffer-size = 65535, the most there is, in the [uwsgi] section
  = see: https://glance-audit.readthedocs.io/en/latest/rules/GA705/

Rules
  2 of 3 hosts  error[GA201] sendcl-shared-vhost
  3 of 3 hosts  warning[GA705] header-buffer

Hosts
  3 with findings: web1, web2 and web10

note: judged for Glance 15 to 33; httpd 2.4.0 to 2.4.71; uWSGI 2.0.0 to 2.0.31
note: uploads are spooled in /tmp, whose size is unknown: give --tmpdir-size to have it checked (on
  2 of 3 hosts: web1 and web2)
1 error, 1 warning (3 hosts: 0 clean, 3 with findings, 0.25 s)
""")


def test_all_hosts_are_named_on_request(mixed: AuditReport) -> None:
    text = shown("rich", mixed, Look(100, detail=1))

    assert text[text.index("Hosts\n") :].partition("note:")[0] == snapshot("""\
Hosts
  web1: 2 errors, 4 warnings, 1 info
  web2: 2 errors, 4 warnings, 1 info
  web3: 1 error, 4 warnings, 1 info, 1 suppressed
  web4: 1 error, 1 warning, 1 info, incomplete
  web10: 1 warning, 1 info

""")


def test_quiet_is_a_line_for_each_finding(report: AuditReport) -> None:
    assert shown("rich", report, Look(100, detail=-1)) == snapshot("""\
etc/glance/glance-uwsgi.ini:1:1: warning[GA705] header-buffer: buffer-size 4096 bytes by default: uWSGI closes the connection when a request's headers are longer, as they are with a long token (on all 3 hosts)
etc/httpd/conf/httpd.conf:5:5: error[GA201] sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later) (on 2 of 3 hosts: web1 and web2; line varies, shown as on web1)
""")


def test_concise(report: AuditReport) -> None:
    assert shown("concise", report) == snapshot("""\
etc/glance/glance-uwsgi.ini:1:1: warning GA705 buffer-size 4096 bytes by default: uWSGI closes the connection when a request's headers are longer, as they are with a long token (on all 3 hosts)
etc/httpd/conf/httpd.conf:5:5: error GA201 proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later) (on 2 of 3 hosts: web1 and web2; line varies, shown as on web1)
""")


def test_markdown(report: AuditReport) -> None:
    assert shown("markdown", report) == snapshot("""\
## glance-audit: 1 error, 1 warning

3 hosts: 0 clean, 3 with findings; judged for Glance 15 to 33; httpd 2.4.0 to 2.4.71; uWSGI 2.0.0 to 2.0.31.

| Severity | Rule | Hosts |
| --- | --- | --- |
| **error** | [GA201](https://glance-audit.readthedocs.io/en/latest/rules/GA201/) sendcl-shared-vhost | 2 of 3 |
| **warning** | [GA705](https://glance-audit.readthedocs.io/en/latest/rules/GA705/) header-buffer | 3 of 3 |

| Severity | Rule | Place | Hosts | Finding |
| --- | --- | --- | --- | --- |
| **error** | [GA201](https://glance-audit.readthedocs.io/en/latest/rules/GA201/) sendcl-shared-vhost | `etc/httpd/conf/httpd.conf:5:5` | on 2 of 3 hosts: web1 and web2; line varies, shown as on web1 | proxy-sendcl, set for &lt;VirtualHost \\*:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later)<br>*help:* remove the line; if another service needs it, set it in that service's own &lt;Location&gt;; Glance 15 (Pike) alone needs it, in its own &lt;Location&gt; |
| **warning** | [GA705](https://glance-audit.readthedocs.io/en/latest/rules/GA705/) header-buffer | `etc/glance/glance-uwsgi.ini:1:1` | on all 3 hosts | buffer-size 4096 bytes by default: uWSGI closes the connection when a request's headers are longer, as they are with a long token<br>*help:* set buffer-size = 65535, the most there is, in the \\[uwsgi\\] section |

### Notes

- uploads are spooled in /tmp, whose size is unknown: give --tmpdir-size to have it checked (on 2 of 3 hosts: web1 and web2)
""")


def test_json(report: AuditReport) -> None:
    data = json.loads(shown("json", report))

    assert {
        key: data[key] for key in data if key not in ("findings", "tool", "versions")
    } == snapshot(
        {
            "schema": 1,
            "kind": "merge",
            "hosts": [
                {
                    "name": "web1",
                    "file": "reports/web1.json",
                    "error": 1,
                    "warning": 1,
                    "info": 0,
                    "suppressed": 0,
                    "known": 0,
                    "incomplete": 0,
                },
                {
                    "name": "web2",
                    "file": "reports/web2.json",
                    "error": 1,
                    "warning": 1,
                    "info": 0,
                    "suppressed": 0,
                    "known": 0,
                    "incomplete": 0,
                },
                {
                    "name": "web10",
                    "file": "reports/web10.json",
                    "error": 0,
                    "warning": 1,
                    "info": 0,
                    "suppressed": 0,
                    "known": 0,
                    "incomplete": 0,
                },
            ],
            "rules": [
                {
                    "code": "GA201",
                    "slug": "sendcl-shared-vhost",
                    "url": "https://glance-audit.readthedocs.io/en/latest/rules/GA201/",
                    "severity": "error",
                    "findings": 1,
                    "host_count": 2,
                    "hosts": ["web1", "web2"],
                    "known_on": [],
                    "suppressed_on": [],
                },
                {
                    "code": "GA705",
                    "slug": "header-buffer",
                    "url": "https://glance-audit.readthedocs.io/en/latest/rules/GA705/",
                    "severity": "warning",
                    "findings": 1,
                    "host_count": 3,
                    "hosts": ["web1", "web2", "web10"],
                    "known_on": [],
                    "suppressed_on": [],
                },
            ],
            "incomplete": [],
            "notes": [
                {
                    "message": "uploads are spooled in /tmp, whose size is unknown: give --tmpdir-size to have it checked",
                    "host_count": 2,
                    "hosts": ["web1", "web2"],
                }
            ],
            "summary": {
                "error": 1,
                "warning": 1,
                "info": 0,
                "suppressed": 0,
                "known": 0,
                "hosts": 3,
                "clean": 0,
                "incomplete": 0,
                "seconds": 0.25,
            },
        }
    )
    assert {
        key: value
        for key, value in data["findings"][1].items()
        if key not in AUDIT["$defs"]["finding"]["required"]
    } == snapshot(
        {
            "host_count": 2,
            "hosts": ["web1", "web2"],
            "known_on": [],
            "suppressed_on": [],
            "example": "web1",
            "varies": ["line"],
        }
    )


def test_json_lines(report: AuditReport) -> None:
    rows = [json.loads(row) for row in shown("jsonl", report).splitlines()]
    data = json.loads(shown("json", report))

    assert [row["type"] for row in rows] == snapshot(
        [
            "finding",
            "finding",
            "note",
            "rule",
            "rule",
            "version",
            "version",
            "version",
            "version",
            "host",
            "host",
            "host",
            "summary",
        ]
    )
    assert [{**one, "type": "finding"} for one in data["findings"]] == rows[:2]
    assert rows[-1] == snapshot(
        {
            "type": "summary",
            "schema": 1,
            "kind": "merge",
            "tool": {"name": "glance-audit", "version": "0.1.0"},
            "status": 1,
            "error": 1,
            "warning": 1,
            "info": 0,
            "suppressed": 0,
            "known": 0,
            "hosts": 3,
            "clean": 0,
            "incomplete": 0,
        }
    )


def test_github(report: AuditReport) -> None:
    assert shown("github", report) == snapshot("""\
::warning file=etc/glance/glance-uwsgi.ini,line=1,endLine=1,col=1,endColumn=8,title=GA705 header-buffer::buffer-size 4096 bytes by default: uWSGI closes the connection when a request's headers are longer, as they are with a long token (on all 3 hosts)%0Ahelp: set buffer-size = 65535, the most there is, in the [uwsgi] section%0Asee: https://glance-audit.readthedocs.io/en/latest/rules/GA705/
::error file=etc/httpd/conf/httpd.conf,line=5,endLine=5,col=5,endColumn=26,title=GA201 sendcl-shared-vhost::proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later) (on 2 of 3 hosts: web1 and web2; line varies, shown as on web1)%0Ahelp: remove the line; if another service needs it, set it in that service's own <Location>; Glance 15 (Pike) alone needs it, in its own <Location>%0Asee: https://glance-audit.readthedocs.io/en/latest/rules/GA201/
""")


def test_gitlab(report: AuditReport) -> None:
    assert json.loads(shown("gitlab", report)) == snapshot(
        [
            {
                "description": "GA705 header-buffer: buffer-size 4096 bytes by default: uWSGI closes the connection when a request's headers are longer, as they are with a long token (on all 3 hosts)",
                "check_name": "GA705",
                "fingerprint": "daec29b9fe7e6bf5d003f1dbf70d885f",
                "severity": "major",
                "location": {
                    "path": "etc/glance/glance-uwsgi.ini",
                    "lines": {"begin": 1, "end": 1},
                },
                "content": {
                    "body": """\
set buffer-size = 65535, the most there is, in the [uwsgi] section

https://glance-audit.readthedocs.io/en/latest/rules/GA705/\
"""
                },
            },
            {
                "description": "GA201 sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later) (on 2 of 3 hosts: web1 and web2; line varies, shown as on web1)",
                "check_name": "GA201",
                "fingerprint": "7472efc7f1fccfe7fe867de8e795e87e",
                "severity": "critical",
                "location": {"path": "etc/httpd/conf/httpd.conf", "lines": {"begin": 5, "end": 5}},
                "content": {
                    "body": """\
remove the line; if another service needs it, set it in that service's own <Location>; Glance 15 (Pike) alone needs it, in its own <Location>

https://glance-audit.readthedocs.io/en/latest/rules/GA201/\
"""
                },
            },
        ]
    )


def test_checkstyle(report: AuditReport) -> None:
    assert shown("checkstyle", report) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="10.0">
  <file name="etc/glance/glance-uwsgi.ini">
    <error line="1" column="1" severity="warning" message="buffer-size 4096 bytes by default: uWSGI closes the connection when a request's headers are longer, as they are with a long token (on all 3 hosts); help: set buffer-size = 65535, the most there is, in the [uwsgi] section" source="glance-audit.GA705" />
  </file>
  <file name="etc/httpd/conf/httpd.conf">
    <error line="5" column="5" severity="error" message="proxy-sendcl, set for &lt;VirtualHost *:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later) (on 2 of 3 hosts: web1 and web2; line varies, shown as on web1); help: remove the line; if another service needs it, set it in that service's own &lt;Location&gt;; Glance 15 (Pike) alone needs it, in its own &lt;Location&gt;" source="glance-audit.GA201" />
  </file>
</checkstyle>
""")


def test_junit(report: AuditReport) -> None:
    assert shown("junit", report) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="glance-audit" tests="2" failures="2" errors="0" skipped="0" time="0.250">
  <testsuite name="etc/glance/glance-uwsgi.ini" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="glance-audit.GA705" name="GA705 header-buffer at 1:1" file="etc/glance/glance-uwsgi.ini" line="1">
      <failure type="warning" message="buffer-size 4096 bytes by default: uWSGI closes the connection when a request's headers are longer, as they are with a long token (on all 3 hosts)">warning: buffer-size 4096 bytes by default: uWSGI closes the connection when a request's headers are longer, as they are with a long token (on all 3 hosts)
etc/glance/glance-uwsgi.ini:1:1: [uwsgi]
help: set buffer-size = 65535, the most there is, in the [uwsgi] section
see: https://glance-audit.readthedocs.io/en/latest/rules/GA705/</failure>
    </testcase>
  </testsuite>
  <testsuite name="etc/httpd/conf/httpd.conf" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="glance-audit.GA201" name="GA201 sendcl-shared-vhost at 5:5" file="etc/httpd/conf/httpd.conf" line="5">
      <failure type="error" message="proxy-sendcl, set for &lt;VirtualHost *:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later) (on 2 of 3 hosts: web1 and web2; line varies, shown as on web1)">error: proxy-sendcl, set for &lt;VirtualHost *:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later) (on 2 of 3 hosts: web1 and web2; line varies, shown as on web1)
etc/httpd/conf/httpd.conf:5:5: SetEnv proxy-sendcl 1
the Glance route it buffers: /image: etc/httpd/conf/httpd.conf:7:5: ProxyPass "/image" "http://glance:*******@127.0.0.1:60999"
shares the scope: /placement: etc/httpd/conf/httpd.conf:8:5: ProxyPass "/placement" "http://127.0.0.1:8000"
help: remove the line; if another service needs it, set it in that service's own &lt;Location&gt;; Glance 15 (Pike) alone needs it, in its own &lt;Location&gt;
see: https://glance-audit.readthedocs.io/en/latest/rules/GA201/</failure>
    </testcase>
  </testsuite>
</testsuites>
""")


def test_sarif(mixed: AuditReport) -> None:
    (run,) = json.loads(shown("sarif", mixed))["runs"]
    (result,) = [one for one in run["results"] if one["ruleId"] == "GA201"]

    assert result["message"]["text"] == snapshot("""\
proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte (on Glance 16 (Queens) and later) (on 2 of 5 hosts: web1 and web2; suppressed on 1 of 5 hosts: web3; line varies, shown as on web1).
help: remove the line; if another service needs it, set it in that service's own <Location>; Glance 15 (Pike) alone needs it, in its own <Location>\
""")
    assert (result["occurrenceCount"], result["properties"]) == snapshot(
        (
            2,
            {
                "confidence": "medium",
                "basis": "measured",
                "causedBy": None,
                "hosts": ["web1", "web2"],
                "knownOn": [],
                "suppressedOn": ["web3"],
            },
        )
    )
    assert run["properties"] == snapshot({"hosts": 5, "cleanHosts": 0, "incompleteHosts": ["web4"]})
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["originalUriBaseIds"].keys() >= {"%SRCROOT%"}


def test_the_page_tells_the_hosts_and_draws_no_way(mixed: AuditReport) -> None:
    page = Page(shown("html", mixed))
    words = " ".join(" ".join(page.words).split())

    assert "Audit of 5 hosts" in words
    assert "on 2 of 5 hosts: web1 and web2; suppressed on 1 of 5 hosts: web3; line varies" in words
    assert "2 of 5 error GA201 sendcl-shared-vhost 1" in words
    assert "web4 1 1 1 0 0 incomplete" in words
    assert "The way of an upload" not in words
    assert page.named("svg") == []


@pytest.mark.parametrize("which", ["report", "mixed", "hostile"])
def test_every_format_is_what_its_readers_take(which: str, request: pytest.FixtureRequest) -> None:
    report: AuditReport = request.getfixturevalue(which)
    texts = {name: shown(name, report) for name in FORMATS}
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(texts["json"]))
    SARIF.validate(json.loads(texts["sarif"]))
    assert {fromstring(texts[name]).tag for name in ("junit", "checkstyle")} == {
        "testsuites", "checkstyle",
    }  # fmt: skip
    issues = json.loads(texts["gitlab"])
    assert len({one["fingerprint"] for one in issues}) == len(issues)
    ids = Page(texts["html"]).attributes("id")
    assert len(set(ids)) == len(ids)
    for name, text in texts.items():
        assert "GA201" in text, name
        assert all(one == "\n" or one.isprintable() for one in text), name
        if name not in ("json", "jsonl", "sarif", "gitlab"):
            assert "of 2 hosts" in text or "of 3 hosts" in text or "of 5 hosts" in text, name


def test_hostile_text_is_no_markup_of_the_page(hostile: AuditReport) -> None:
    page = Page(shown("html", hostile))

    assert len(page.named("script")) == 1
    assert page.named("b") == Page(shown("html", hostile._replace(findings=()))).named("b")
    outside_code = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", shown("markdown", hostile))
    assert "<script>" not in outside_code
    assert "&lt;script&gt;" in outside_code


def test_the_parts_that_an_audit_has_too_are_the_same_in_both_schemas() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    ours, theirs = SCHEMA["$defs"], AUDIT["$defs"]

    assert [ours[name] for name in ("shown", "step", "location")] == [
        theirs[name] for name in ("shown", "step", "location")
    ]
    assert theirs["finding"]["properties"].items() <= ours["finding"]["properties"].items()


def test_the_schema_names_and_requires_every_property_that_is_written(mixed: AuditReport) -> None:
    closed = json.loads(json.dumps(SCHEMA))

    def close(one: Any) -> None:
        if isinstance(one, dict):
            if "properties" in one:
                assert set(one["required"]) == set(one["properties"])
                one["additionalProperties"] = False
            for inner in one.values():
                close(inner)
        elif isinstance(one, list):
            for inner in one:
                close(inner)

    close(closed)
    jsonschema.Draft202012Validator(closed).validate(json.loads(shown("json", mixed)))


def test_formats_without_a_fleet_are_as_they_were(report: AuditReport) -> None:
    alone = report._replace(
        fleet=None, findings=tuple(one._replace(hosts=None) for one in report.findings)
    )

    for name in FORMATS:
        assert "of 3 hosts" not in shown(name, alone)
