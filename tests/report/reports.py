"""Reports made by hand, for the tests of the formats."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TextIO

from glance_audit.engine.finding import Basis, Confidence, Severity
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import (
    AuditReport,
    BackendNode,
    Buffering,
    CrossCheck,
    IncludeStep,
    Incomplete,
    Location,
    ReadOtherwise,
    RelatedLocation,
    ReportedFinding,
    RouteNode,
    ServerNode,
    SpoolNode,
    Summary,
    Target,
    Topology,
    VersionSpan,
    VirtualHostNode,
)

SITE = "sites-enabled/image.conf"
CHAIN = (IncludeStep("apache2.conf", 225),)


def location(
    line: int,
    *lines: str,
    column: int | None = None,
    end_column: int | None = None,
    file: str = SITE,
    real_file: str = "sites-available/image.conf",
    included_from: tuple[IncludeStep, ...] = CHAIN,
) -> Location:
    """Mark lines from their first to their last word unless columns say otherwise."""
    if not lines:
        return Location(file, real_file, 0, 0, 0, 0, "", (), included_from)
    start = len(lines[0]) - len(lines[0].lstrip()) + 1 if column is None else column
    end = len(lines[-1]) + 1 if end_column is None else end_column
    text = lines[0][start - 1 : end - 1] if len(lines) == 1 else " ".join(lines)
    return Location(
        file, real_file, line, start, line + len(lines) - 1, end, text, lines, included_from
    )


SETTING = location(3, "    SetEnv proxy-sendcl 1")
IMAGE = location(
    17,
    '    ProxyPass "/image" "http://127.0.0.1:60999" retry=0 connectiontimeout=60 timeout=600',
)
PLACEMENT = location(4, '    ProxyPass "/placement" "http://127.0.0.1:8000/"')


def finding(
    where: Location = SETTING, *related: tuple[str, Location], code: str = "GA201"
) -> ReportedFinding:
    return ReportedFinding(
        code,
        "sendcl-shared-vhost",
        Severity.ERROR,
        Confidence.HIGH,
        Basis.MEASURED,
        "proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes "
        "every chunked image upload to disk before Glance sees its first byte",
        "remove the line; if another service needs it, set it in that service's own <Location>",
        f"https://example.org/rules/{code}/",
        "00112233445566778899aabbccddeeff",
        where,
        tuple(RelatedLocation(message, place) for message, place in related),
    )


SHARED = finding(
    SETTING,
    ("the Glance route it buffers: /image", IMAGE),
    ("shares the scope: /placement", PLACEMENT),
)

_INI = "glance-uwsgi.ini"
_SHORT = location(13, "socket-timeout = 30", file=_INI, real_file=_INI, included_from=())
FOLLOWER = finding(_SHORT, code="GA301")._replace(
    severity=Severity.WARNING,
    slug="short-timeout-with-buffering",
    message="uploads to /image are buffered with timers below 300 s",
    help="stop the spooling, and raise the timers",
    fingerprint="ffeeddccbbaa99887766554433221100",
    caused_by=SHARED.fingerprint,
)

BACKEND = BackendNode(
    "uwsgi",
    "glance-uwsgi.ini",
    location(
        1,
        "[uwsgi]",
        file="/etc/glance/glance-uwsgi.ini",
        real_file="/etc/glance/glance-uwsgi.ini",
        included_from=(),
    ),
    (
        ("listens", "http-socket = 127.0.0.1:60999"),
        ("application", "glance.wsgi.api:application"),
        ("socket-timeout", "4 s by default"),
    ),
)
TOPOLOGY = Topology(
    (
        ServerNode(
            "apache2.conf",
            "apache2.conf",
            False,
            (
                VirtualHostNode(
                    "<VirtualHost *:80> (controller)",
                    location(1, "<VirtualHost *:80>"),
                    (
                        RouteNode(
                            "/placement",
                            "http://127.0.0.1:8000/",
                            "proxy_http",
                            False,
                            "",
                            PLACEMENT,
                            Buffering(True, SETTING),
                            None,
                        ),
                        RouteNode(
                            "/image",
                            "http://127.0.0.1:60999",
                            "proxy_http",
                            True,
                            "glance-uwsgi.ini behind it loads glance.wsgi.api:application",
                            IMAGE,
                            Buffering(True, SETTING),
                            BACKEND,
                            (("worker timeout=", "600 s"), ("Timeout", "300 s")),
                        ),
                    ),
                ),
                VirtualHostNode(
                    "<VirtualHost *:443>", location(1, "<VirtualHost *:443>", file="ssl.conf"), ()
                ),
            ),
            SpoolNode("/tmp", "default", "size unknown"),
        ),
    )
)
TARGET = Target(
    ("/etc/apache2",),
    None,
    VersionSpan("15", "33", "unknown"),
    VersionSpan("2.4.71", "2.4.71", "dpkg (apache2-bin)"),
    VersionSpan("2.0.31", "2.0.31", "option"),
    VersionSpan("", "", "unknown"),
)
CLEAN = AuditReport(TARGET, TOPOLOGY, (), (), (), Summary(0, 0, 0, 0, 61, 2))
REPORT = CLEAN._replace(
    findings=(SHARED,),
    notes=("uploads are spooled in /tmp, whose size is unknown",),
    summary=Summary(1, 0, 0, 0, 61, 2),
)
CROSS_CHECKED = REPORT._replace(
    cross_check=CrossCheck(
        "apacheconfig 0.3.2",
        61,
        (
            ReadOtherwise(SETTING, "the second reader sees 'SetEnv x'", "it cuts at #"),
            ReadOtherwise(IMAGE, "the second reader does not see this directive", None),
        ),
    ),
)
INCOMPLETE = CLEAN._replace(incomplete=(Incomplete("ports.conf", "permission denied"),))


def report(*findings: ReportedFinding) -> AuditReport:
    """A report of these findings in these lines' order."""
    return CLEAN._replace(findings=findings)


# Everything that means something to some format, and what no format may pass on as it is.
MARKUP = (
    "[bold]x[/] <b>&amp; ]]> ::error::y %0A | `z` [l](http://e.example) *s* _u_ ~d~ "
    "${V} {0} \"q' \\"
)
RAW = "\x1b[31m\u202e\u200b\n\r\x00\udcff\ufffe"
HOSTILE = finding(location(2, f"SetEnv {MARKUP}"), ("near | it", IMAGE))._replace(
    message=f"{MARKUP} {RAW}", help=f"write {MARKUP} {RAW}"
)
WHOLE_FILE = finding(location(0), code="GA911")._replace(
    slug="template-not-rendered",
    severity=Severity.INFO,
    confidence=Confidence.LOW,
    message="the file is a template",
    help="render it",
    fingerprint="0" * 32,
)
SUPPRESSED = finding(location(9, "SetEnv force-proxy-request-1.0 1"), code="GA208")._replace(
    slug="other-buffering",
    severity=Severity.WARNING,
    message="spooled",
    help="",
    fingerprint="1" * 32,
    suppressed="accepted until the move | <b>",
)
KNOWN = SHARED._replace(known=True, fingerprint="2" * 32)
# One of each, in a checkout: names are reached through a directory of it.
MIXED = CLEAN._replace(
    target=TARGET._replace(base="/work/checkout/deploy/etc", cwd="/work/checkout"),
    findings=(FOLLOWER, SUPPRESSED, SHARED, WHOLE_FILE),
    incomplete=(Incomplete("ports.conf", "permission denied"),),
    notes=("uploads are spooled in /tmp, whose size is unknown",),
    summary=Summary(1, 1, 1, 1, 61, 2),
)
MIXED_CLEAN = MIXED._replace(findings=(), incomplete=(), notes=(), summary=CLEAN.summary)


def written(
    write: Callable[[AuditReport, Outcome, TextIO], object],
    made: AuditReport,
    outcome: Outcome | None = None,
) -> str:
    """Return what a format writes."""
    stream = io.StringIO()
    write(made, outcome or Outcome(0.25, 1), stream)
    return stream.getvalue()
