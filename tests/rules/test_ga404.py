from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA404",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
SENDCL = "SetEnv proxy-sendcl 1\n"
FSTAB: dict[str, Content] = {"/etc/fstab": "tmpfs /tmp tmpfs size=64G 0 0\n"}
DISK: dict[str, Content] = {"/etc/fstab": "/dev/vdb /tmp ext4 defaults 0 2\n"}
UWSGI = (
    "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    "post-buffering = 8192\n"
)


def apache(text: str = SENDCL) -> dict[str, Content]:
    return {APACHE_CONF: text + ROUTE}


def test_the_line_that_mounts_it_is_reported(audit_tree: AuditTree) -> None:
    found = finding(audit_tree({**apache(), **FSTAB}, select=ONLY), "GA404")

    assert where(found.location) == "etc/fstab:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "Apache spools uploads to /image in /tmp, which is a tmpfs: each of them takes the size of "
        "its image in memory"
    )
    assert found.help == "set TMPDIR to a directory on a disk, or stop the spooling"
    assert notes(found) == {"makes Apache spool them: proxy-sendcl": f"{CONF}:1:1"}


def test_a_tmpdir_there_is_reported_with_the_mount_beside_it(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        **apache(),
        "/etc/apache2/envvars": "export TMPDIR=/srv/spool\n",
        "/etc/fstab": "none /srv ramfs defaults 0 0\n",
    }
    found = finding(audit_tree(files, select=ONLY), "GA404")

    assert found.location.file == "etc/apache2/envvars"
    assert "in /srv/spool, which is a ramfs: " in found.message
    assert notes(found)["mounts it in memory"] == "etc/fstab:1:1"


def test_pike_needs_the_spooling(audit_tree: AuditTree) -> None:
    report = audit_tree({**apache(), **FSTAB}, select=ONLY, glance_release="15")

    assert finding(report, "GA404").help == "set TMPDIR to a directory on a disk"


@pytest.mark.parametrize(
    ("cause", "name"),
    [
        ("SetEnv force-proxy-request-1.0 1\n", "force-proxy-request-1.0"),
        ("SetInputFilter BUFFER\n", "SetInputFilter BUFFER"),
    ],
)
def test_whatever_makes_apache_spool_counts(audit_tree: AuditTree, cause: str, name: str) -> None:
    found = finding(audit_tree({**apache(cause), **FSTAB}, select=ONLY), "GA404")

    assert judged(found) == ("warning", "high")
    assert notes(found) == {f"makes Apache spool them: {name}": f"{CONF}:1:1"}


@pytest.mark.parametrize("line", [SENDCL, "SetInputFilter BUFFER\n"])
def test_spooling_of_some_requests_is_less_certain(audit_tree: AuditTree, line: str) -> None:
    text = f"<If \"%{{HTTP_HOST}} == 'x'\">\n{line}</If>\n"
    found = finding(audit_tree({**apache(text), **FSTAB}, select=ONLY), "GA404")

    assert judged(found) == ("warning", "medium")


@pytest.mark.parametrize(
    "files",
    [
        {**apache(""), **FSTAB},  # nothing is spooled
        {**apache(), **DISK},
        apache(),  # unknown
        {**apache(), **FSTAB, "/etc/apache2/envvars": "export TMPDIR=/srv/spool\n"},
        {APACHE_CONF: SENDCL + ROUTE.replace("/image", "/x").replace("60999", "1"), **FSTAB},
        {**apache(""), UWSGI_INI: UWSGI.replace("8192", "0"), **FSTAB},
        {**apache(""), UWSGI_INI: UWSGI, **DISK},
    ],
)
def test_a_disk_and_uploads_that_are_not_spooled_are_fine(
    audit_tree: AuditTree, files: dict[str, Content]
) -> None:
    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_size_that_is_stated_changes_nothing(audit_tree: AuditTree) -> None:
    report = audit_tree({**apache(), **FSTAB}, select=ONLY, tmpdir_size=1024**5)

    assert codes(report) == ["GA404"]


def test_a_uwsgi_that_spools_there_is_reported_too(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {**apache(""), UWSGI_INI: UWSGI, **FSTAB}
    found = finding(audit_tree(files, select=ONLY), "GA404")

    assert where(found.location) == "etc/fstab:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "uWSGI (glance-api-uwsgi.ini) spools uploads with a Content-Length in /tmp, which is a "
        "tmpfs: each of them takes the size of its image in memory"
    )
    assert found.help == "set TMPDIR to a directory on a disk, or remove post-buffering"
    assert notes(found) == {"makes uWSGI spool them": f"{INI}:4:1"}


def test_a_uwsgi_of_another_service_is_none_of_its_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/identity" "http://127.0.0.1:60999"\n',
        UWSGI_INI: UWSGI.replace("glance", "keystone"),
        **FSTAB,
    }

    assert codes(audit_tree(files, select=ONLY)) == []
