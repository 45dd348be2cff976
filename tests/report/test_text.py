"""The report for people, whole."""

from __future__ import annotations

import io
import re

import pytest
from inline_snapshot import snapshot

from glance_audit.engine.finding import Confidence, Severity
from glance_audit.report.line import cells, plain
from glance_audit.report.look import Look
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import Shadow, Topology
from glance_audit.report.text import report_lines, write
from glance_audit.report.tree import tree_lines
from tests.report.reports import (
    BACKEND,
    FOLLOWER,
    INCOMPLETE,
    REPORT,
    SETTING,
    SHARED,
    TOPOLOGY,
    finding,
    location,
    report,
)


def drawn(what: object = REPORT, **look: object) -> str:
    return plain(report_lines(what, 0.2, Look(**look)))  # type: ignore[arg-type]


def test_a_whole_report_at_80_columns() -> None:
    assert drawn(width=80) == snapshot("""\
error[GA201] sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also
  reaches Glance at /image: Apache writes every chunked image upload to disk
  before Glance sees its first byte
  --> sites-enabled/image.conf:3:5
 3 |     SetEnv proxy-sendcl 1
   |     ^^^^^^^^^^^^^^^^^^^^^
 4 |     ProxyPass "/placement" "http://127.0.0.1:8000/"
   |     -----------------------------------------------
   |     shares the scope: /placement
...
17 |     ProxyPass "/image" "http://127.0.0.1:60999" retry=0 connectiontimeout=…
   |     ----------------------------------------------------------------------
   |     the Glance route it buffers: /image
   = sites-enabled/image.conf is a link to sites-available/image.conf
   = included from apache2.conf:225
   = help: remove the line; if another service needs it, set it in that
       service's own <Location>
   = see: https://example.org/rules/GA201/

Deployment
  Apache, apache2.conf
    <VirtualHost *:80> (controller), sites-enabled/image.conf:1
      Glance /image -> http://127.0.0.1:60999 (proxy_http)
        because: glance-uwsgi.ini behind it loads glance.wsgi.api:application
        at: sites-enabled/image.conf:17
        spooled: yes, by sites-enabled/image.conf:3
        waits: worker timeout= 600 s, Timeout 300 s
        behind it: uWSGI glance-uwsgi.ini at /etc/glance/glance-uwsgi.ini:1
          listens: http-socket = 127.0.0.1:60999
          application: glance.wsgi.api:application
          socket-timeout: 4 s by default
      1 other route: /placement
    1 virtual host without a route to Glance: <VirtualHost *:443> at ssl.conf:1
    spool directory: /tmp (by default), size unknown

note: judged for Glance 15 to 33 (not known; state it with --glance-release),
  httpd 2.4.71 (dpkg (apache2-bin)), uWSGI 2.0.31
note: uploads are spooled in /tmp, whose size is unknown
1 error (61 files read, 2 virtual hosts, 0.20 s)
""")


def test_a_whole_report_at_120_columns() -> None:
    assert drawn(width=120) == snapshot("""\
error[GA201] sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes
  every chunked image upload to disk before Glance sees its first byte
  --> sites-enabled/image.conf:3:5
 3 |     SetEnv proxy-sendcl 1
   |     ^^^^^^^^^^^^^^^^^^^^^
 4 |     ProxyPass "/placement" "http://127.0.0.1:8000/"
   |     ----------------------------------------------- shares the scope: /placement
...
17 |     ProxyPass "/image" "http://127.0.0.1:60999" retry=0 connectiontimeout=60 timeout=600
   |     ------------------------------------------------------------------------------------
   |     the Glance route it buffers: /image
   = sites-enabled/image.conf is a link to sites-available/image.conf
   = included from apache2.conf:225
   = help: remove the line; if another service needs it, set it in that service's own <Location>
   = see: https://example.org/rules/GA201/

Deployment
  Apache, apache2.conf
    <VirtualHost *:80> (controller), sites-enabled/image.conf:1
      Glance /image -> http://127.0.0.1:60999 (proxy_http)
        because: glance-uwsgi.ini behind it loads glance.wsgi.api:application
        at: sites-enabled/image.conf:17
        spooled: yes, by sites-enabled/image.conf:3
        waits: worker timeout= 600 s, Timeout 300 s
        behind it: uWSGI glance-uwsgi.ini at /etc/glance/glance-uwsgi.ini:1
          listens: http-socket = 127.0.0.1:60999
          application: glance.wsgi.api:application
          socket-timeout: 4 s by default
      1 other route: /placement
    1 virtual host without a route to Glance: <VirtualHost *:443> at ssl.conf:1
    spool directory: /tmp (by default), size unknown

note: judged for Glance 15 to 33 (not known; state it with --glance-release), httpd 2.4.71 (dpkg (apache2-bin)), uWSGI
  2.0.31
note: uploads are spooled in /tmp, whose size is unknown
1 error (61 files read, 2 virtual hosts, 0.20 s)
""")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_no_line_is_wider_than_asked_but_for_a_word_that_is(width: int) -> None:
    for row in drawn(width=width).split("\n"):
        assert cells(row) <= width or max(map(len, row.split())) > width - 16, row


def test_without_colour_there_is_no_escape_and_with_it_the_same_words() -> None:
    bare, coloured = io.StringIO(), io.StringIO()
    write(REPORT, Outcome(0.2, look=Look(color=False)), bare)
    write(REPORT, Outcome(0.2, look=Look(color=True)), coloured)

    assert "\x1b" not in bare.getvalue()
    assert "\x1b[1;31merror[GA201]\x1b[0m" in coloured.getvalue()
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured.getvalue())
    assert [row.rstrip() for row in stripped.split("\n")] == bare.getvalue().split("\n")


def test_without_unicode_a_cut_line_shows_three_dots() -> None:
    rows = drawn(width=80, unicode=False)

    assert rows.isascii()
    assert "retry=0 connectiontimeou...\n" in rows
    assert "retry=0 connectiontimeout=\u2026\n" in drawn(width=80)


def test_markup_of_rich_in_the_audited_files_is_text() -> None:
    where = location(3, "    SetEnv [bold]x[/bold] [link=http://evil]y[/link] :smile:")
    stream = io.StringIO()
    write(report(finding(where)), Outcome(0.1, look=Look(color=True)), stream)

    assert "SetEnv [bold]x[/bold] [link=http://evil]y[/link] :smile:" in stream.getvalue()


def test_control_and_direction_characters_are_shown_and_never_written() -> None:
    evil = "    SetEnv \x1b[2Jx \u202etxt\u200b \udcff\x07 proxy"
    where = location(3, evil)._replace(file="a\x1b]0;x\x07.conf")
    text = drawn(report(finding(where, ("\u202erelated", where))), width=120)

    assert all(character == "\n" or character.isprintable() for character in text)
    assert r"SetEnv \x1b[2Jx \u202etxt\u200b \xff\x07 proxy" in text
    assert r"a\x1b]0;x\x07.conf" in text


def test_confidence_is_shown_when_it_is_not_high() -> None:
    low = finding()._replace(confidence=Confidence.LOW)

    assert "confidence: low" in drawn(report(low))
    assert "confidence" not in drawn(report(finding()))


def test_quiet_is_a_line_for_each_finding_and_what_is_incomplete() -> None:
    assert drawn(detail=-1) == snapshot(
        "sites-enabled/image.conf:3:5: error[GA201] sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte\n"
    )
    assert drawn(INCOMPLETE, detail=-1) == "ports.conf: incomplete: permission denied\n"


def test_a_person_is_told_the_next_step_with_the_code_of_the_worst() -> None:
    own = SHARED._replace(code="SITE1", url="", fingerprint="1")
    worst_last = (FOLLOWER._replace(caused_by=None), own, SHARED)

    assert drawn(report(*worst_last), hints=True).endswith(
        "s)\nwhy, and the way out: glance-audit explain GA201\n"
    )
    for made in (report(), report(own), report(SHARED._replace(suppressed="x")), INCOMPLETE):
        assert "explain" not in drawn(made, hints=True)


def test_an_incomplete_audit_says_what_and_why_and_counts_nothing_as_good() -> None:
    text = drawn(INCOMPLETE)

    assert "The audit is incomplete\n  ports.conf: permission denied\n" in text
    assert text.endswith("No findings, incomplete (61 files read, 2 virtual hosts, 0.20 s)\n")


def test_a_suppressed_finding_is_shown_on_request_with_its_reason() -> None:
    quiet = report(finding()._replace(suppressed="the network team knows"))

    assert "GA201" not in drawn(quiet)
    assert "suppressed: the network team knows" in drawn(quiet, detail=1)


def findings_alone(text: str) -> str:
    return text.partition("\nDeployment\n")[0]


def test_what_has_the_same_cause_folds_under_what_leads_the_worst_first() -> None:
    here = FOLLOWER._replace(code="GA204", message="it also spools /object", location=SETTING)
    worse = FOLLOWER._replace(
        code="GA401", severity=Severity.ERROR, location=location(9, "x", file="z.conf")
    )

    assert findings_alone(drawn(report(FOLLOWER, here, SHARED, worse), width=80)) == snapshot("""\
error[GA201] sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also
  reaches Glance at /image: Apache writes every chunked image upload to disk
  before Glance sees its first byte
  --> sites-enabled/image.conf:3:5
 3 |     SetEnv proxy-sendcl 1
   |     ^^^^^^^^^^^^^^^^^^^^^
 4 |     ProxyPass "/placement" "http://127.0.0.1:8000/"
   |     -----------------------------------------------
   |     shares the scope: /placement
...
17 |     ProxyPass "/image" "http://127.0.0.1:60999" retry=0 connectiontimeout=…
   |     ----------------------------------------------------------------------
   |     the Glance route it buffers: /image
   = sites-enabled/image.conf is a link to sites-available/image.conf
   = included from apache2.conf:225
   = help: remove the line; if another service needs it, set it in that
       service's own <Location>
   = see: https://example.org/rules/GA201/
   = also: error[GA401]: uploads to /image are buffered with timers below 300 s
       (z.conf:9:1)
   = also: warning[GA301]: uploads to /image are buffered with timers below 300
       s (glance-uwsgi.ini:13:1)
   = also: warning[GA204]: it also spools /object
""")


def test_on_request_what_folds_is_shown_in_full_behind_what_leads() -> None:
    text = findings_alone(drawn(report(FOLLOWER, SHARED), width=80, detail=1))

    assert text == snapshot("""\
error[GA201] sendcl-shared-vhost: proxy-sendcl, set for <VirtualHost *:80>, also
  reaches Glance at /image: Apache writes every chunked image upload to disk
  before Glance sees its first byte
  --> sites-enabled/image.conf:3:5
 3 |     SetEnv proxy-sendcl 1
   |     ^^^^^^^^^^^^^^^^^^^^^
 4 |     ProxyPass "/placement" "http://127.0.0.1:8000/"
   |     -----------------------------------------------
   |     shares the scope: /placement
...
17 |     ProxyPass "/image" "http://127.0.0.1:60999" retry=0 connectiontimeout=…
   |     ----------------------------------------------------------------------
   |     the Glance route it buffers: /image
   = sites-enabled/image.conf is a link to sites-available/image.conf
   = included from apache2.conf:225
   = help: remove the line; if another service needs it, set it in that
       service's own <Location>
   = see: https://example.org/rules/GA201/

warning[GA301] short-timeout-with-buffering: uploads to /image are buffered with
  timers below 300 s
  --> glance-uwsgi.ini:13:1
13 | socket-timeout = 30
   | ^^^^^^^^^^^^^^^^^^^
   = caused by: what error[GA201] says of sites-enabled/image.conf:3:5
   = help: stop the spooling, and raise the timers
   = see: https://example.org/rules/GA301/
""")


def test_what_leads_and_is_not_shown_lets_the_others_stand_for_themselves() -> None:
    hidden = SHARED._replace(suppressed="the network team knows")
    text = findings_alone(drawn(report(FOLLOWER, hidden), width=80))

    assert text == findings_alone(drawn(report(FOLLOWER._replace(caused_by=None)), width=80))
    assert text.startswith("warning[GA301]")


def test_quiet_folds_nothing() -> None:
    rows = drawn(report(FOLLOWER, SHARED), detail=-1).split("\n")

    assert [row.split(" ")[1] for row in rows[:-1]] == ["warning[GA301]", "error[GA201]"]


def test_the_order_is_file_line_column_code() -> None:
    places = [
        location(9, "x", file="b.conf"),
        location(2, "  x", file="b.conf"),
        SETTING._replace(file="a.conf"),
    ]
    rows = drawn(report(*(finding(place) for place in places)), detail=-1).split("\n")

    assert [row.split(": ")[0] for row in rows[:3]] == ["a.conf:3:5", "b.conf:2:3", "b.conf:9:1"]


def test_a_backend_is_told_once_and_named_again() -> None:
    server = TOPOLOGY.servers[0]
    twice = Topology((server._replace(vhosts=(server.vhosts[0], server.vhosts[0])),))
    text = plain(tree_lines(twice, 80))

    assert text.count("Glance /image -> ") == 2
    assert text.count("application: glance.wsgi.api:application") == 1
    assert "behind it: uWSGI glance-uwsgi.ini (as above)\n" in text


def test_other_services_routes_are_counted_and_shown_in_full_on_request() -> None:
    assert "  1 other route: /placement\n" in plain(tree_lines(TOPOLOGY, 80))
    every = plain(tree_lines(TOPOLOGY, 80, every=True))
    assert "    /placement -> http://127.0.0.1:8000/ (proxy_http)\n" in every
    assert "<VirtualHost *:443>, ssl.conf:1\n" in every


def test_backends_that_no_route_leads_to_are_told() -> None:
    text = plain(tree_lines(Topology((), (BACKEND,)), 80))
    assert text.startswith("No route of this audit leads to\n  uWSGI glance-uwsgi.ini at ")


@pytest.mark.parametrize("severity", list(Severity))
def test_the_severity_is_told_in_words(severity: Severity) -> None:
    assert f"{severity.value}[GA201]" in drawn(report(finding()._replace(severity=severity)))


@pytest.mark.parametrize(
    ("shadow", "line"),
    [
        (Shadow(SETTING, True), "reached: never, uploads go to sites-enabled/image.conf:3"),
        (
            Shadow(SETTING, False),
            "reached: not always, some uploads may go to sites-enabled/image.conf:3",
        ),
        (Shadow(None, True), "reached: never, its own directive hands on no request"),
    ],
)
def test_a_route_that_uploads_do_not_reach_says_so(shadow: Shadow, line: str) -> None:
    server = TOPOLOGY.servers[0]
    host = server.vhosts[0]
    routes = tuple(one._replace(shadowed=shadow) for one in host.routes)
    topology = TOPOLOGY._replace(servers=(server._replace(vhosts=(host._replace(routes=routes),)),))

    rows = [row.strip() for row in plain(tree_lines(topology, 100)).split("\n")]

    assert rows.count(line) == 1
