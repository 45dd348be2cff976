from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    findings,
    judged,
    notes,
)

ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
ENVVARS = "/etc/apache2/envvars"
UWSGI = (
    "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    "env = TMPDIR=/srv/spool\n"
)
FILE: dict[str, Content] = {"/srv/spool": "not a directory\n"}


def test_a_tmpdir_that_is_a_file_is_passed_over_in_silence(audit_tree: AuditTree) -> None:
    report = audit_tree(
        {APACHE_CONF: ROUTE, ENVVARS: "\nexport TMPDIR=/srv/spool\n", **FILE}, select=("GA402",)
    )
    found = finding(report, "GA402")

    assert (found.location.file, found.location.line) == ("etc/apache2/envvars", 2)
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "TMPDIR is /srv/spool, which is not a directory: Apache silently spools uploads in /tmp "
        "instead (the default)"
    )
    assert found.help == "make /srv/spool a directory the server may write to"


def test_the_variable_that_comes_next_is_named(audit_tree: AuditTree) -> None:
    lines = "export TMP=/srv/other\nexport TMPDIR=/srv/spool\n"
    found = finding(
        audit_tree({APACHE_CONF: ROUTE, ENVVARS: lines, **FILE}, select=("GA402",)), "GA402"
    )

    assert "in /srv/other instead (TMP)" in found.message
    assert notes(found)["decides where uploads are spooled"].startswith("etc/apache2/envvars:1:")


def test_each_variable_that_is_passed_over_is_reported(audit_tree: AuditTree) -> None:
    lines = "export TMP=/srv/spool\nexport TMPDIR=/srv/spool\n"
    report = audit_tree({APACHE_CONF: ROUTE, ENVVARS: lines, **FILE}, select=("GA402",))

    assert [f.location.line for f in findings(report, "GA402")] == [1, 2]


@pytest.mark.parametrize(
    "spool",
    [
        pytest.param({"/srv/spool": None}, id="a directory"),
        pytest.param({}, id="nothing is known of it"),
    ],
)
def test_a_directory_that_may_be_there_is_believed(
    audit_tree: AuditTree, spool: dict[str, Content]
) -> None:
    report = audit_tree(
        {APACHE_CONF: ROUTE, ENVVARS: "export TMPDIR=/srv/spool\n", **spool}, select=("GA402",)
    )

    assert codes(report) == []


def test_an_apache_without_glance_is_not_reported(audit_tree: AuditTree) -> None:
    other = 'ProxyPass "/volume" "http://127.0.0.1:8776"\n'
    report = audit_tree(
        {APACHE_CONF: other, ENVVARS: "export TMPDIR=/srv/spool\n", **FILE}, select=("GA402",)
    )

    assert codes(report) == []


def test_a_missing_directory_of_the_live_host_is_proven(audit_tree: AuditTree) -> None:
    lines = "export TMPDIR=/nonexistent/glance-audit\n"
    report = audit_tree({APACHE_CONF: ROUTE, ENVVARS: lines}, select=("GA402",), host=True)

    assert "/nonexistent/glance-audit, which does not exist" in finding(report, "GA402").message


def test_uwsgi_does_not_fall_back(audit_tree: AuditTree) -> None:
    ini = UWSGI + "post-buffering = 8192\n"
    found = finding(
        audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini, **FILE}, select=("GA402",)), "GA402"
    )

    assert (found.location.file, found.location.line) == ("etc/glance/glance-api-uwsgi.ini", 4)
    assert judged(found) == ("error", "high")
    assert (found.message, found.help, notes(found)) == snapshot(
        (
            (
                "TMPDIR is /srv/spool, which is not a directory: uWSGI (glance-api-uwsgi.ini) "
                "does not fall back, it resets the connection of every upload with a "
                "Content-Length (post-buffering)"
            ),
            "make /srv/spool a directory uWSGI may write to",
            {"makes uWSGI spool uploads": "etc/glance/glance-api-uwsgi.ini:5:1"},
        )
    )


def test_uwsgi_without_post_buffering_spools_nothing(audit_tree: AuditTree) -> None:
    report = audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: UWSGI, **FILE}, select=("GA402",))

    assert codes(report) == []


def test_a_uwsgi_of_another_service_before_it_hides_nothing(audit_tree: AuditTree) -> None:
    other = UWSGI.replace("glance", "keystone").replace("60999", "5000") + "post-buffering = 1\n"
    report = audit_tree(
        {
            APACHE_CONF: ROUTE,
            "/etc/uwsgi/apps-enabled/a.ini": other,
            "/etc/uwsgi/apps-enabled/b.ini": UWSGI + "post-buffering = 1\n",
            **FILE,
        },
        path="/",
        select=("GA402",),
    )

    assert finding(report, "GA402").location.file == "etc/uwsgi/apps-enabled/b.ini"


def test_an_apache_without_glance_before_one_with_it_hides_nothing(audit_tree: AuditTree) -> None:
    other = 'ProxyPass "/volume" "http://127.0.0.1:8776"\n'
    report = audit_tree(
        {
            APACHE_CONF: other,
            "/etc/httpd/conf/httpd.conf": ROUTE,
            "/etc/systemd/system/httpd.service": (
                "[Service]\nExecStart=/usr/sbin/httpd -DFOREGROUND\nEnvironment=TMPDIR=/srv/spool\n"
            ),
            **FILE,
        },
        path="/",
        select=("GA402",),
    )

    assert finding(report, "GA402").location.file == "etc/systemd/system/httpd.service"


def test_a_uwsgi_of_another_service_is_not_reported(audit_tree: AuditTree) -> None:
    ini = UWSGI.replace("glance", "keystone").replace("60999", "5000") + "post-buffering = 1\n"
    report = audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini, **FILE}, select=("GA402",))

    assert codes(report) == []


def test_an_unusable_tmpdir_of_uwsgi_is_no_question_of_size(audit_tree: AuditTree) -> None:
    ini = UWSGI + "post-buffering = 8192\n"
    report = audit_tree(
        {APACHE_CONF: ROUTE, UWSGI_INI: ini, **FILE}, select=("GA4",), tmpdir_size=1
    )

    assert codes(report) == ["GA402"]


def test_a_relative_path_leads_nowhere(audit_tree: AuditTree) -> None:
    found = finding(
        audit_tree({APACHE_CONF: ROUTE, ENVVARS: "export TMPDIR=spool\n"}, select=("GA402",)),
        "GA402",
    )

    assert "TMPDIR is spool, which is a relative path" in found.message
    assert found.help == "give TMPDIR an absolute path"


def test_a_directory_in_a_private_tmp_is_not_there_when_the_service_starts(
    audit_tree: AuditTree,
) -> None:
    unit = {
        "/etc/systemd/system/apache2.service": (
            "[Service]\nExecStart=/usr/sbin/apachectl start\nPrivateTmp=true\n"
        )
    }
    files = {APACHE_CONF: ROUTE, ENVVARS: "export TMPDIR=/tmp/spool\n", **unit}
    found = finding(audit_tree(files, path="/", select=("GA402",)), "GA402")

    assert "lies in the private /tmp of the service" in found.message
    assert judged(found) == ("warning", "low")
