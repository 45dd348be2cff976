from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    GLANCE_CONF,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

ONLY = ("GA610",)
INI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
DROP_INS = "/etc/glance/glance-api.conf.d"
DROP_IN = f"{DROP_INS}/b.conf"
ALIAS = 'WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n'
TEXT = "# ours\n[DEFAULT]\nworkers = 2\npublic_endpoint = http://a\n"


def system(files: dict[str, Content], apache: str = "", ini: str = INI) -> dict[str, Content]:
    return {APACHE_CONF: apache, GLANCE_CONF: "[DEFAULT]\n", UWSGI_INI: ini} | files


def test_a_drop_in_that_nobody_reads_is_reported(audit_tree: AuditTree) -> None:
    report = audit_tree(system({DROP_IN: TEXT}), select=ONLY, glance_release="32")
    found = finding(report, "GA610")

    assert where(found.location) == f"{DROP_IN[1:]}:3:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "inside a WSGI server Glance does not read glance-api.conf.d, so that workers and "
        "public_endpoint there have no effect"
    )
    assert found.help == (
        "move the file to /etc/glance/glance.conf.d, which is read on every release"
    )
    assert notes(found) == {"the uWSGI that runs it": f"{UWSGI_INI[1:]}:1:1"}


@pytest.mark.parametrize(
    ("release", "judgement"),
    [("15", "high"), ("32", "high"), ("33", None), (None, "medium")],
)
def test_the_directory_is_read_from_2026_2_on(
    audit_tree: AuditTree, release: str | None, judgement: str | None
) -> None:
    report = audit_tree(system({DROP_IN: TEXT}), select=ONLY, glance_release=release)

    assert [judged(one) for one in findings(report, "GA610")] == (
        [("warning", judgement)] if judgement else []
    )
    if judgement == "medium":
        assert finding(report, "GA610").message.endswith(" (on Glance up to 32 (2026.1))")


def test_mod_wsgi_reads_it_as_little(audit_tree: AuditTree) -> None:
    files = system({DROP_IN: TEXT}, ALIAS, INI.replace("glance", "keystone"))
    found = finding(audit_tree(files, select=ONLY), "GA610")

    assert notes(found) == {"mod_wsgi runs it": f"{APACHE_CONF[1:]}:1:1"}


def test_several_files_are_one_finding(audit_tree: AuditTree) -> None:
    files = system({
        DROP_IN: TEXT,
        f"{DROP_INS}/a.conf": "[task]\n\ntask_executor = taskflow\n",
        f"{DROP_INS}/c.conf": "[wsgi]\na = 1\nb = 2\nc = 3\n",
    })  # fmt: skip
    found = finding(audit_tree(files, select=ONLY, glance_release="25"), "GA610")

    assert where(found.location) == f"{DROP_INS[1:]}/a.conf:3:1"
    assert "task_executor, workers, public_endpoint, a and 2 more there have no" in found.message
    assert [(one.message, where(one.location)) for one in found.related] == [
        ("not read either", f"{DROP_IN[1:]}:3:1"),
        ("not read either", f"{DROP_INS[1:]}/c.conf:2:1"),
        ("the uWSGI that runs it", f"{UWSGI_INI[1:]}:1:1"),
    ]


def test_one_option_has_no_effect(audit_tree: AuditTree) -> None:
    files = system({DROP_IN: "[DEFAULT]\nworkers = 1\nworkers = 2\n"})

    assert (
        "so that workers there has no effect"
        in finding(audit_tree(files, select=ONLY, glance_release="25"), "GA610").message
    )


@pytest.mark.parametrize(
    "files",
    [
        system({"/etc/glance/glance.conf.d/a.conf": TEXT}),
        system({f"{DROP_INS}/a.conf": "# nothing\n[DEFAULT]\n"}),
        system({f"{DROP_INS}/a.conf.bak": TEXT}),
        system({f"{DROP_INS}/.a.conf": TEXT}),
        system({DROP_INS: None}),
        system({"/etc/glance/glance-registry.conf.d/a.conf": TEXT}),
        system({DROP_IN: TEXT}, ini=INI.replace("glance", "keystone")),
    ],
    ids=["project", "empty", "backup", "hidden", "no file", "registry", "no WSGI"],
)
def test_look_alikes_are_fine(audit_tree: AuditTree, files: dict[str, Content]) -> None:
    assert codes(audit_tree(files, select=ONLY, glance_release="25")) == []


def test_a_directory_that_two_services_would_share_is_told_once(audit_tree: AuditTree) -> None:
    files = system(
        {
            DROP_IN: TEXT,
            "/etc/glance/b.ini": f"{INI.replace('60999', '2')}env = OS_GLANCE_CONFIG_DIR=/srv/b\n",
            "/srv/b/glance-api.conf": "[DEFAULT]\n",
        },
        ini=f"{INI}env = OS_GLANCE_CONFIG_DIR=/etc/glance\n",
    )
    found = finding(audit_tree(files, select=ONLY, glance_release="25"), "GA610")

    assert where(found.location) == f"{DROP_IN[1:]}:3:1"
    assert {where(one.location) for one in found.related} == {
        f"{UWSGI_INI[1:]}:1:1",
        "etc/glance/b.ini:1:1",
    }
