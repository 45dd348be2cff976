from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    codes,
    finding,
    judged,
    where,
)

CONF = "etc/apache2/apache2.conf"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("conf-available/limits.conf", "Could not open configuration file"),
        ("conf-enabled/*.conf", "No matches for the wildcard '*.conf'"),
    ],
)
def test_an_include_without_a_match_stops_apache(
    audit_tree: AuditTree, argument: str, words: str
) -> None:
    files = {APACHE_CONF: f"{ROUTE}    Include {argument}\n", "/etc/apache2/conf-enabled": None}
    found = finding(audit_tree(files, select=("GA902",)), "GA902")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("error", "high")
    assert words in found.message
    assert found.message.endswith("Apache refuses to start")
    assert "IncludeOptional" in found.help


def test_the_chain_of_includes_leads_to_the_place(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: ROUTE + "Include sites/*.conf\n",
        "/etc/apache2/sites/a.conf": "Include gone.conf\n",
    }
    found = finding(audit_tree(files, select=("GA902",)), "GA902")

    assert where(found.location) == "etc/apache2/sites/a.conf:1:1"
    assert [(step.file, step.line) for step in found.location.included_from] == [(CONF, 2)]


def test_a_missing_file_of_uwsgi_stops_uwsgi(audit_tree: AuditTree) -> None:
    ini = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nini = /etc/glance/gone.ini\n"
    found = finding(audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini}, select=("GA902",)), "GA902")

    assert (found.location.file, found.location.line) == ("etc/glance/glance-api-uwsgi.ini", 3)
    assert "gone.ini does not exist" in found.message
    assert found.message.endswith("uWSGI refuses to start")


def test_a_missing_environment_file_is_the_units_fault(audit_tree: AuditTree) -> None:
    unit = "[Service]\nEnvironmentFile=/etc/gone\nExecStart=/usr/sbin/apache2\n"
    files = {APACHE_CONF: ROUTE, "/etc/systemd/system/apache2.service": unit}
    found = finding(audit_tree(files, select=("GA902",)), "GA902")

    assert found.location.line == 2
    assert found.message.endswith("the service fails")


@pytest.mark.parametrize(
    "text",
    [
        ROUTE + "IncludeOptional conf-available/limits.conf\n",
        ROUTE + "IncludeOptional conf-enabled/*.conf\n",
        ROUTE + "Include apache2.inc\n",
        ROUTE + "# Include gone.conf\n",
        ROUTE + "<IfDefine NEVER>\nInclude gone.conf\n</IfDefine>\n",
    ],
)
def test_what_may_be_missing_is_there_or_is_not_read_is_fine(
    audit_tree: AuditTree, text: str
) -> None:
    files = {APACHE_CONF: text, "/etc/apache2/apache2.inc": ""}

    assert codes(audit_tree(files, select=("GA902",))) == []


def test_the_other_rules_still_judge_what_can_be_read(audit_tree: AuditTree) -> None:
    text = 'Include gone.conf\nProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'
    report = audit_tree({APACHE_CONF: text}, select=("GA103", "GA9"))

    assert codes(report) == ["GA902", "GA103"]
    assert report.incomplete
