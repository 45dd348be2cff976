from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    GLANCE_CONF,
    UWSGI_INI,
    AuditTree,
    codes,
    finding,
    judged,
    where,
)

CONF = "etc/apache2/apache2.conf"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("<Location /image>\n", 2, "<Location> was not closed"),
        ("</Location>\n", 2, "</Location>"),
        ("Define SPOOL /srv /tmp\n", 2, "Define takes one or two arguments"),
    ],
)
def test_what_apache_refuses_is_an_error_and_says_so(
    audit_tree: AuditTree, text: str, line: int, words: str
) -> None:
    found = finding(audit_tree({APACHE_CONF: ROUTE + text}, select=("GA903",)), "GA903")

    assert where(found.location) == f"{CONF}:{line}:1"
    assert judged(found) == ("error", "high")
    assert words in found.message
    assert found.message.endswith(": Apache refuses to start")


def test_what_uwsgi_refuses_names_uwsgi(audit_tree: AuditTree) -> None:
    ini = UWSGI + "chmod-socket = 66\n"
    found = finding(audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini}, select=("GA903",)), "GA903")

    assert (found.location.file, found.location.line) == ("etc/glance/glance-api-uwsgi.ini", 3)
    assert judged(found) == ("error", "high")
    assert found.message == (
        "chmod-socket takes exactly three octal digits: uWSGI refuses to start"
    )


def test_what_glance_refuses_names_glance(audit_tree: AuditTree) -> None:
    found = finding(
        audit_tree({APACHE_CONF: ROUTE, GLANCE_CONF: "[DEFAULT\n"}, select=("GA903",)), "GA903"
    )

    assert where(found.location).startswith("etc/glance/glance-api.conf:1:")
    assert found.message.endswith(": Glance refuses to start")


def test_what_a_server_passes_over_is_a_warning(audit_tree: AuditTree) -> None:
    ini = UWSGI + "ini = /etc/glance/more.ini\n"
    files = {APACHE_CONF: ROUTE, UWSGI_INI: ini, "/etc/glance/more.ini": "[other]\nx = y\n"}
    found = finding(audit_tree(files, select=("GA903",)), "GA903")

    assert judged(found) == ("warning", "high")
    assert found.message.endswith(": uWSGI starts without it")


def test_what_is_ignored_around_the_servers_is_an_information(audit_tree: AuditTree) -> None:
    unit = "Stray=1\n[Service]\nExecStart=/usr/sbin/apache2\n"
    files = {APACHE_CONF: ROUTE, "/etc/systemd/system/apache2.service": unit}
    found = finding(audit_tree(files, select=("GA903",)), "GA903")

    assert found.location.line == 1
    assert judged(found) == ("info", "high")


@pytest.mark.parametrize(
    "text",
    [
        "<Location /image>\n</Location>\n",
        "# <Location /image>\n",
        "<IfModule never.c>\nDefine SPOOL /srv /tmp\n</IfModule>\n",
        "Include gone.conf\n",
    ],
)
def test_what_apache_takes_and_what_other_rules_report_is_fine(
    audit_tree: AuditTree, text: str
) -> None:
    assert codes(audit_tree({APACHE_CONF: ROUTE + text}, select=("GA903",))) == []


def test_a_line_that_starts_with_no_name_of_a_directive_is_refused_once_a_file(
    audit_tree: AuditTree,
) -> None:
    noise = b"\x94\xb3 one\n\xff\xfe two\n{ three }\n"
    report = audit_tree({APACHE_CONF: noise}, select=("GA903",))
    found = finding(report, "GA903")

    assert where(found.location) == f"{CONF}:1:1"
    assert "Invalid command '\\x94\\xb3'" in found.message
    assert report.incomplete


def test_a_directive_of_a_module_nobody_knows_is_no_fault(audit_tree: AuditTree) -> None:
    names = "OIDCProviderMetadataURL https://id.example.org/\nx-Custom_Name.1 on\n"

    assert codes(audit_tree({APACHE_CONF: ROUTE + names}, select=("GA903",))) == []
