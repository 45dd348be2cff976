from __future__ import annotations

import pytest

from tests.rules.audited import (
    GLANCE_CONF,
    AuditTree,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

CONF = GLANCE_CONF[1:]
ONLY = ("GA607",)


def conf(stores: str, more: str = "") -> dict[str, str]:
    return {GLANCE_CONF: f"[DEFAULT]\nenabled_backends = {stores}\n{more}"}


def test_a_reserved_name_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    files = conf(
        "local:file, os_glance_staging_store:file",
        "[os_glance_staging_store]\nfilesystem_store_datadir = /srv/staging\n",
    )
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="19"), "GA607"
    )

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "enabled_backends names os_glance_staging_store: Glance keeps names that begin with "
        "os_glance_ for itself and does not start"
    )
    assert found.help == (
        "take it out of enabled_backends; the section [os_glance_staging_store] may stay"
    )
    assert notes(found) == {"the section [os_glance_staging_store]": f"{CONF}:3:1"}


def test_several_are_named_together(audit_tree: AuditTree) -> None:
    files = conf("os_glance_tasks_store:file,a:file,os_glance_mine:rbd")
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="33"), "GA607"
    )

    assert "names os_glance_tasks_store and os_glance_mine: Glance" in found.message
    assert found.help == (
        "take them out of enabled_backends; the sections [os_glance_tasks_store], [os_glance_mine] "
        "may stay"
    )
    assert notes(found) == {}


@pytest.mark.parametrize(
    "stores",
    [
        "local:file",
        "os_glance:file",
        "OS_GLANCE_staging_store:file",  # compared as it is written
        "my_os_glance_store:file",
        "a:os_glance_b",
        "os_glance_staging_store",  # no pair: oslo.config refuses the value
    ],
)
def test_other_names_are_free(audit_tree: AuditTree, stores: str) -> None:
    assert codes(audit_tree(conf(stores), path="/etc/glance", select=ONLY)) == []


def test_the_sections_of_the_reserved_stores_are_meant_to_be_there(audit_tree: AuditTree) -> None:
    files = conf("local:file", "[os_glance_staging_store]\nfilesystem_store_datadir = /srv/s\n")

    assert codes(audit_tree(files, path="/etc/glance", select=ONLY)) == []


@pytest.mark.parametrize(
    ("release", "judgement", "words"),
    [
        ("18", None, ""),
        ("19", ("error", "high"), ""),
        (None, ("error", "medium"), " (on Glance 19 (Train) and later)"),
    ],
)
def test_names_are_reserved_from_train_on(
    audit_tree: AuditTree,
    release: str | None,
    judgement: tuple[str, str] | None,
    words: str,
) -> None:
    files = conf("os_glance_x:file")
    report = audit_tree(files, path="/etc/glance", select=ONLY, glance_release=release)

    assert [judged(one) for one in findings(report, "GA607")] == ([judgement] if judgement else [])
    assert all(one.message.endswith(f"does not start{words}") for one in report.findings)


def test_the_last_assignment_counts(audit_tree: AuditTree) -> None:
    files = conf("os_glance_x:file", "enabled_backends = local:file\n")

    assert codes(audit_tree(files, path="/etc/glance", select=ONLY)) == []


def test_a_drop_in_that_some_releases_read_leaves_a_doubt(audit_tree: AuditTree) -> None:
    files = conf("os_glance_x:file") | {
        "/etc/glance/glance-api.conf.d/a.conf": "[DEFAULT]\nenabled_backends = local:file\n"
    }
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="32"), "GA607"
    )

    assert judged(found) == ("error", "medium")


def test_each_configuration_is_looked_at(audit_tree: AuditTree) -> None:
    other = "/srv/b/glance-api.conf"
    files = conf("os_glance_x:file") | {
        "/etc/glance/a.ini": "[uwsgi]\nhttp-socket = :1\nmodule = glance.wsgi.api:application\n",
        "/etc/glance/b.ini": (
            "[uwsgi]\nhttp-socket = :2\nmodule = glance.wsgi.api:application\n"
            "env = OS_GLANCE_CONFIG_DIR=/srv/b\n"
        ),
        other: "[DEFAULT]\nenabled_backends = os_glance_y:file\n",
        "/etc/apache2/apache2.conf": "",
    }
    report = audit_tree(files, select=ONLY, glance_release="33")

    assert [where(one.location) for one in findings(report, "GA607")] == [
        f"{CONF}:2:1",
        f"{other[1:]}:2:1",
    ]
