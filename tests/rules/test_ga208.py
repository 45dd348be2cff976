from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    AuditTree,
    Content,
    codes,
    finding,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
ONLY = ("GA208",)
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"'
FORCED = "SetEnv force-proxy-request-1.0 1"
BUFFER = "SetInputFilter BUFFER"
EXPRESSION = "<If true>\n%s\n</If>"


def host(*lines: str, server: str = "") -> dict[str, Content]:
    body = "".join(f"{line}\n" for line in lines)
    return {APACHE_CONF: f"{server}<VirtualHost *:80>\n{body}</VirtualHost>\n"}


def test_the_variable_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(host(FORCED, HTTP), select=ONLY), "GA208")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "force-proxy-request-1.0, set for <VirtualHost *:80>, makes Apache write every chunked "
        "upload to /image to disk before Glance sees its first byte"
    )
    assert notes(found) == {"the Glance route it buffers: /image": f"{CONF}:3:1"}


@pytest.mark.parametrize(
    ("release", "text"),
    [
        ("16", "remove the line"),
        (None, "remove the line; Glance 15 (Pike) alone needs the spooling, by proxy-sendcl"),
        (
            "15",
            (
                "write proxy-sendcl in its place, in Glance's own <Location>: Glance 15 (Pike) "
                "needs the spooling, not HTTP/1.0"
            ),
        ),
    ],
)
def test_the_way_out_depends_on_the_release(
    audit_tree: AuditTree, release: str | None, text: str
) -> None:
    report = audit_tree(host(FORCED, HTTP), select=ONLY, glance_release=release)

    assert finding(report, "GA208").help == text


@pytest.mark.parametrize(
    "lines",
    [
        ("SetEnv force-proxy-request-1.0 0", HTTP),
        (FORCED, "SetEnv proxy-sendchunked 1", HTTP),
        (f"<Location /image>\n{FORCED}\n</Location>", HTTP),
        ("SetInputFilter DEFLATE;buffer", HTTP),
        (BUFFER, "SetEnv proxy-sendchunked 1", "SetEnv proxy-sendcl 1", HTTP),
        (BUFFER, "SetEnv proxy-sendchunked 1", "BrowserMatch x proxy-sendcl", HTTP),
    ],
)
def test_other_ways_to_write_it_spool_as_well(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(host(*lines), select=ONLY)) == ["GA208"]


def test_the_filter_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    files = host(f"<Location /image>\n{BUFFER}\n</Location>", HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA208")

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "SetInputFilter BUFFER, set for <Location /image>, makes Apache write every upload with a "
        "Content-Length to /image to disk before Glance sees its first byte"
    )
    assert found.help == (
        "take BUFFER out of the line, or set it in the <Location> of a service that needs it"
    )
    assert notes(found) == {"the Glance route it buffers: /image": f"{CONF}:5:1"}


@pytest.mark.parametrize(
    "lines",
    [
        (BUFFER, f"<Location /image>\n{BUFFER.replace('BUFFER', 'DEFLATE')}\n</Location>", HTTP),
        (BUFFER, "SetEnv proxy-sendchunked 1", HTTP),  # sent in chunks
        (f"<Directory />\n{BUFFER}\n</Directory>", HTTP),
        (f"<Location /other>\n{BUFFER}\n{FORCED}\n</Location>", HTTP),
        ("SetInputFilter BUFFERED", HTTP),
        ("SetOutputFilter BUFFER", HTTP),
        (BUFFER, FORCED, HTTP.replace("http:", "uwsgi:")),
        (BUFFER, FORCED, 'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"'),
        (BUFFER, FORCED, 'ProxyPass "/identity" "http://127.0.0.1:5000"'),
        ("SetEnv proxy-sendcl 1", HTTP),  # that is GA201's and GA202's
        (HTTP,),
    ],
)
def test_what_spools_nothing_of_glance_is_fine(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(host(*lines), select=ONLY)) == []


@pytest.mark.parametrize("line", [FORCED, BUFFER])
def test_what_holds_for_some_requests_is_less_certain(audit_tree: AuditTree, line: str) -> None:
    found = finding(audit_tree(host(EXPRESSION % line, HTTP), select=ONLY), "GA208")

    assert judged(found) == ("warning", "medium")
    assert ", for some requests makes Apache write" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        (BUFFER, EXPRESSION % "SetInputFilter DEFLATE", HTTP),
        (BUFFER, "BrowserMatch x proxy-sendchunked", HTTP),
        (BUFFER, "SetEnv proxy-sendchunked 1", "BrowserMatch x proxy-sendcl", HTTP),
    ],
)
def test_a_filter_that_some_requests_escape_is_less_certain(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    found = finding(audit_tree(host(*lines), select=ONLY), "GA208")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("warning", "medium")


def test_a_filter_that_some_requests_escape_to_another_that_buffers_is_certain(
    audit_tree: AuditTree,
) -> None:
    lines = (BUFFER, EXPRESSION % "SetInputFilter BUFFER;DEFLATE", HTTP)
    report = audit_tree(host(*lines), select=ONLY)

    assert [judged(one)[1] for one in report.findings] == ["high", "high"]


def test_a_filter_of_two_routes_is_one_finding(audit_tree: AuditTree) -> None:
    second = f"<VirtualHost *:81>\n{HTTP.replace('/image', '/glance')}\n</VirtualHost>\n"
    files = host(HTTP, server=f"{BUFFER}\n{second}")
    found = finding(audit_tree(files, select=ONLY), "GA208")

    assert where(found.location) == f"{CONF}:1:1"
    assert "set for the whole server, makes" in found.message
    assert "Content-Length to /glance and /image to disk" in found.message
    assert len(found.related) == 2


@pytest.mark.parametrize("line", [FORCED, BUFFER])
def test_a_file_that_two_hosts_include_is_reported_once(audit_tree: AuditTree, line: str) -> None:
    include = "Include /etc/apache2/both.inc\n"
    files: dict[str, Content] = {
        APACHE_CONF: f"<VirtualHost *:80>\n{include}</VirtualHost>\n"
        f"<VirtualHost *:443>\n{include}</VirtualHost>\n",
        "/etc/apache2/both.inc": f"{line}\n{HTTP}\n",
    }
    found = finding(audit_tree(files, select=ONLY), "GA208")

    assert where(found.location) == "etc/apache2/both.inc:1:1"


@pytest.mark.parametrize("line", [FORCED, BUFFER])
def test_out_of_a_macro_the_body_is_related(audit_tree: AuditTree, line: str) -> None:
    macro = f"LoadModule macro_module m.so\n<Macro Spool>\n{line}\n</Macro>\n"
    found = finding(audit_tree(host("Use Spool", HTTP, server=macro), select=ONLY), "GA208")

    assert where(found.location) == f"{CONF}:6:1"
    assert notes(found)["the line of the macro"] == f"{CONF}:3:1"
