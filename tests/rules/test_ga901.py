from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    GLANCE_CONF,
    UWSGI_INI,
    AuditTree,
    codes,
    finding,
    findings,
    judged,
    where,
)

ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
LARGE = b"#" * (16 * 1024 * 1024 + 1)


def test_a_directory_in_the_place_of_a_file_is_reported_as_a_whole(audit_tree: AuditTree) -> None:
    found = finding(audit_tree({APACHE_CONF: ROUTE, GLANCE_CONF: None}), "GA901")

    assert where(found.location) == "etc/glance/glance-api.conf:0:0"
    assert judged(found) == ("error", "high")
    assert found.message == "the file is not audited: is a directory"
    assert found.help


def test_an_included_file_is_reported_where_it_is_included(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: ROUTE + "Include /etc/apache2/large.conf\n"}
    report = audit_tree({**files, "/etc/apache2/large.conf": LARGE}, select=("GA901",))
    found = finding(report, "GA901")

    assert where(found.location) == "etc/apache2/apache2.conf:2:1"
    assert found.message.startswith("this place is not audited: /etc/apache2/large.conf")
    assert "larger than 16777216 bytes" in found.message


def test_files_that_include_each_other_are_reported(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: ROUTE + "Include /etc/apache2/a.inc\n"}
    loop = {"/etc/apache2/a.inc": "Include /etc/apache2/a.inc\n"}
    report = audit_tree({**files, **loop}, select=("GA901",))

    assert "include each other" in finding(report, "GA901").message


def test_what_uwsgi_would_run_is_not_run_and_reported(audit_tree: AuditTree) -> None:
    ini = "[uwsgi]\nhttp-socket = :60999\nini = exec:///bin/echo\n"
    report = audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini}, select=("GA901",))

    assert finding(report, "GA901").location.line == 3


def test_each_file_is_reported_once(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: ROUTE, GLANCE_CONF: None, "/etc/glance/glance-image-import.conf": None}
    report = audit_tree(files, select=("GA901",))

    assert [f.location.file for f in findings(report, "GA901")] == [
        "etc/glance/glance-api.conf",
        "etc/glance/glance-image-import.conf",
    ]


@pytest.mark.parametrize(
    "text",
    [
        ROUTE,
        ROUTE + "Include /etc/apache2/missing.conf\n",
        ROUTE + "<Location /x>\n",
    ],
)
def test_other_faults_are_for_other_rules(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree({APACHE_CONF: text}, select=("GA901",))) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (APACHE_CONF, ROUTE + "ServerName a\0b\n"),
        (UWSGI_INI, "[uwsgi]\nhttp-socket = 127.0.0.1:60999\0hidden\n"),
        (GLANCE_CONF, "[DEFAULT]\nbind_host = a\0b\n"),
    ],
)
def test_a_file_with_nul_bytes_is_no_text_and_leaves_the_audit_incomplete(
    audit_tree: AuditTree, file: str, text: str
) -> None:
    report = audit_tree({APACHE_CONF: ROUTE, file: text}, select=("GA901",))
    found = finding(report, "GA901")

    assert found.location.file == file.lstrip("/")
    assert found.location.line == 2
    assert "holds NUL bytes and is no text" in found.message
    assert report.incomplete
