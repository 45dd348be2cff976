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
    where,
)
from tests.rules.wsgi_glance import INI, ROUTE, ini, two_glances, under_uwsgi

ONLY = ("GA604",)
START = (
    "enable-threads is not set: Glance's image import and its other tasks stand still between "
    "requests"
)
DEBIAN = "2.0.21"


def system(*options: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE, UWSGI_INI: ini(*options)}


def test_no_threads_are_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    report = audit_tree(system(), select=ONLY, glance_release="21", uwsgi_version=DEBIAN)
    found = finding(report, "GA604")

    assert where(found.location) == f"{INI}:1:1"
    assert judged(found) == ("error", "high")
    assert found.message == START
    assert found.help == "set enable-threads = true in the [uwsgi] section"
    assert found.related == ()


@pytest.mark.parametrize("value", ["false", "0", "no", "OFF"])
def test_what_switches_them_off_is_reported_where_it_stands(
    audit_tree: AuditTree, value: str
) -> None:
    files = system("threads = 1", f"enable-threads = {value}")
    report = audit_tree(files, select=ONLY, glance_release="33", uwsgi_version=DEBIAN)
    found = finding(report, "GA604")

    assert where(found.location) == f"{INI}:5:1"
    assert found.message == START.replace("is not set", f"is {value}")


@pytest.mark.parametrize(
    "options",
    [
        ("enable-threads = true",),
        ("enable-threads =",),
        ("enable-threads = false", "enable-threads = true"),
        ("threads = 1",),
        ("threads = 0",),
        ("threads = 4", "enable-threads = false"),
        ("thread-stacksize = 512",),
        ("py-tracebacker = /run/tb",),
        ("py-autoreload = 0",),
    ],
)
def test_many_options_switch_them_on(audit_tree: AuditTree, options: tuple[str, ...]) -> None:
    report = audit_tree(system(*options), select=ONLY, glance_release="33", uwsgi_version=DEBIAN)
    assert codes(report) == []


@pytest.mark.parametrize("options", [("thunder-lock = true",), ("enable_threads = true",)])
def test_others_do_not(audit_tree: AuditTree, options: tuple[str, ...]) -> None:
    report = audit_tree(system(*options), select=ONLY, glance_release="33", uwsgi_version=DEBIAN)
    assert codes(report) == ["GA604"]


@pytest.mark.parametrize(
    ("release", "version", "words", "confidence"),
    [
        ("21", "2.0.26", "", "high"),
        ("33", None, " (on uWSGI before 2.0.27)", "medium"),
        (None, "2.0.21", " (on Glance 21 (Victoria) and later)", "medium"),
        (
            None,
            None,
            " (on uWSGI before 2.0.27, on Glance 21 (Victoria) and later)",
            "medium",
        ),
    ],
)
def test_it_depends_on_both_versions(
    audit_tree: AuditTree, release: str | None, version: str | None, words: str, confidence: str
) -> None:
    report = audit_tree(system(), select=ONLY, glance_release=release, uwsgi_version=version)
    found = finding(report, "GA604")

    assert judged(found) == ("error", confidence)
    assert found.message == START + words


@pytest.mark.parametrize(("release", "version"), [("20", "2.0.21"), ("33", "2.0.27")])
def test_older_glance_has_no_tasks_and_newer_uwsgi_always_threads(
    audit_tree: AuditTree, release: str, version: str
) -> None:
    report = audit_tree(system(), select=ONLY, glance_release=release, uwsgi_version=version)
    assert codes(report) == []


@pytest.mark.parametrize(
    ("methods", "fires"),
    [("[]", False), ("[web-download]", True), ("web-download", True)],
)
def test_a_glance_without_import_has_no_tasks(
    audit_tree: AuditTree, methods: str, fires: bool
) -> None:
    files = under_uwsgi("[DEFAULT]", f"enabled_import_methods = {methods}")
    report = audit_tree(files, select=ONLY, glance_release="33", uwsgi_version=DEBIAN)
    assert codes(report) == ["GA604"] * fires


def test_each_uwsgi_is_judged_with_its_own_glance(audit_tree: AuditTree) -> None:
    files = two_glances("[DEFAULT]\nenabled_import_methods = []\n", "[DEFAULT]\n")
    report = audit_tree(files, select=ONLY, glance_release="33", uwsgi_version=DEBIAN)

    assert where(finding(report, "GA604").location) == "etc/uwsgi/vassals/b.ini:1:1"


def test_the_uwsgi_of_another_service_is_not_judged(audit_tree: AuditTree) -> None:
    keystone = "[uwsgi]\nsocket = 127.0.0.1:5000\nmodule = keystone.wsgi.api:application\n"
    files = system("enable-threads = true") | {"/etc/uwsgi/vassals/keystone.ini": keystone}
    report = audit_tree(files, select=ONLY, glance_release="33", uwsgi_version=DEBIAN)
    assert codes(report) == []
