"""One cause is told once: what a whole audit says leads, and where it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.engine.finding import Severity
from glance_audit.report.result import AuditReport
from tests.rules.audited import Content, audit_system, lay_out, where

UWSGI = "[uwsgi]\nhttp-socket = 127.0.0.1:{port}\nmodule = glance.wsgi.api:application\n"
SPOOLED = 'SetEnv proxy-sendcl 1\nProxyPass "/image" "http://127.0.0.1:60999"\n'


def audited(
    root: Path, files: dict[str, Content], path: str = "/etc/apache2", **settings: object
) -> AuditReport:
    lay_out(root, files)
    return audit_system(root, path, settings)


def led(report: AuditReport) -> set[tuple[str, str]]:
    """Each follower with what leads it, both as ``code file:line``."""
    names = {
        one.fingerprint: f"{one.code} {where(one.location).rpartition(':')[0]}"
        for one in report.findings
    }
    return {
        (names[one.fingerprint], names[one.caused_by])
        for one in report.findings
        if one.caused_by is not None
    }


def system(apache: str, ini: str = UWSGI.format(port=60999)) -> dict[str, Content]:
    return {"/etc/apache2/apache2.conf": apache, "/etc/glance/glance-uwsgi.ini": ini}


CONF = "etc/apache2/apache2.conf"


def test_spooling_leads_what_it_fills_and_what_it_waits_for(tmp_path: Path) -> None:
    report = audited(tmp_path, system(SPOOLED), tmpdir_size=1, glance_release="33")

    assert led(report) == {
        (f"GA301 {CONF}:2", f"GA202 {CONF}:1"),
        (f"GA307 {CONF}:2", f"GA202 {CONF}:1"),
        (f"GA401 {CONF}:1", f"GA202 {CONF}:1"),
    }


def test_a_value_that_means_nothing_folds_under_what_its_line_does(tmp_path: Path) -> None:
    conf = 'SetEnv proxy-sendcl off\nProxyPass "/image" "http://127.0.0.1:60999"\n'
    other = 'ProxyPass "/object" "http://127.0.0.1:8080"\n'
    report = audited(tmp_path, system("Timeout 600\n" + conf + other), glance_release="33")

    assert {pair for pair in led(report) if pair[0].startswith("GA2")} == {
        (f"GA204 {CONF}:2", f"GA201 {CONF}:2"),
        (f"GA206 {CONF}:2", f"GA201 {CONF}:2"),
    }


def test_a_chain_names_the_leader_of_all(tmp_path: Path) -> None:
    conf = 'SetEnv proxy-sendcl 1\nProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'
    ini = UWSGI.format(port=60999).replace("http-socket", "socket")
    report = audited(tmp_path, system(conf, ini))

    pairs = led(report)
    assert (f"GA205 {CONF}:1", f"GA103 {CONF}:2") in pairs
    assert {leader for follower, leader in pairs if follower.startswith("GA301")} == {
        f"GA103 {CONF}:2"
    }


def test_each_of_two_servers_has_causes_of_its_own(tmp_path: Path) -> None:
    files = {
        "/etc/apache2/apache2.conf": SPOOLED,
        "/etc/httpd/conf/httpd.conf": SPOOLED.replace("60999", "61999"),
        "/etc/glance/a.ini": UWSGI.format(port=60999),
        "/etc/glance/b.ini": UWSGI.format(port=61999),
    }
    report = audited(tmp_path, dict(files), path="/", glance_release="33", tmpdir_size=1)

    pairs = {pair for pair in led(report) if pair[0].startswith(("GA301", "GA401"))}
    assert len(pairs) == 4
    for follower, leader in pairs:
        assert follower.split()[1].split(":")[0] == leader.split()[1].split(":")[0]


def test_what_is_not_reported_leads_nothing(tmp_path: Path) -> None:
    report = audited(
        tmp_path, system(SPOOLED), tmpdir_size=1, glance_release="33", severity=Severity.ERROR
    )
    (alone,) = [one for one in report.findings if one.code == "GA401"]
    assert alone.caused_by is None

    report = audited(tmp_path, system(SPOOLED), select=("GA301",), glance_release="33")
    assert [one.caused_by for one in report.findings] == [None]


@pytest.mark.parametrize("fail_on", ["error", "warning"])
def test_the_exit_status_counts_what_folds(tmp_path: Path, fail_on: str) -> None:
    from glance_audit.cli.check import status_of

    report = audited(tmp_path, system(SPOOLED), tmpdir_size=1, glance_release="33")
    errors = [one for one in report.findings if one.severity is Severity.ERROR]

    assert [one.code for one in errors if one.caused_by is not None] == ["GA401"]
    assert status_of(report, fail_on) == 1


def test_what_uwsgi_refuses_folds_under_the_rule_that_says_why(tmp_path: Path) -> None:
    ini = f"{UWSGI.format(port=60999)}strict = true\nfoo_bar = 1\nchmod-socket = rw\nexit = 3\n"
    report = audited(tmp_path, system('ProxyPass "/image" "http://127.0.0.1:60999"\n', ini))

    found = "etc/glance/glance-uwsgi.ini"
    assert {pair for pair in led(report) if pair[0].startswith("GA903")} == {
        (f"GA903 {found}:5", f"GA907 {found}:5"),
        (f"GA903 {found}:6", f"GA802 {found}:6"),
    }
