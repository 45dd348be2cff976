from __future__ import annotations

import pytest

from glance_audit.deployment.versions import load_releases
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

INI = "etc/glance/glance-api-uwsgi.ini"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"


def uwsgi(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE, UWSGI_INI: UWSGI + "".join(f"{line}\n" for line in lines)}


@pytest.mark.parametrize(
    ("release", "python", "fires"),
    [
        ("19", "3.5", False),
        ("20", "3.5", True),
        ("20", "3.6", False),
        ("24", "3.6", False),
        ("25", "3.6", True),
        ("25", "3.7", True),
        ("25", "3.8", False),
        ("29", "3.8", False),
        ("30", "3.8", True),
        ("30", "3.9", False),
        ("31", "3.9", True),
        ("31", "3.10", False),
        ("32", "3.10", False),
        ("33", "3.10", True),
        ("33", "3.11", False),
        ("33", "3.9.18", True),
        ("33", "2.7", False),
        ("33", "3", False),
    ],
)
def test_each_release_has_its_oldest_python(
    audit_tree: AuditTree, release: str, python: str, fires: bool
) -> None:
    report = audit_tree(uwsgi(), glance_release=release, python_version=python, select=("GA502",))

    assert codes(report) == (["GA502"] if fires else [])
    assert all(judged(found) == ("error", "high") for found in report.findings)


@pytest.mark.parametrize(
    ("plugin", "words"),
    [
        ("python35", "Glance 20 (Ussuri) needs 3.6 or later (on Glance 20 (Ussuri) and later)"),
        ("python36", "Glance 25 (Zed) needs 3.8 or later (on Glance 25 (Zed) and later)"),
        ("python310", "Glance 33 (2026.2) needs 3.11 or later (on Glance 33 (2026.2) and later)"),
    ],
)
def test_an_unknown_release_is_told_on_which_releases_it_bites(
    audit_tree: AuditTree, plugin: str, words: str
) -> None:
    found = finding(audit_tree(uwsgi(f"plugins = {plugin}"), select=("GA502",)), "GA502")

    assert judged(found) == ("error", "medium")
    assert words in found.message


def test_the_newest_minimum_bites_nowhere(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(uwsgi("plugins = python311"), select=("GA502",))) == []


def test_the_message_compares_with_the_release_that_runs(audit_tree: AuditTree) -> None:
    report = audit_tree(uwsgi("plugins = http, python37"), glance_release="30.1.0")
    found = finding(report, "GA502")

    assert where(found.location) == f"{INI}:4:11"
    assert found.message == (
        "uWSGI (glance-api-uwsgi.ini) runs Glance on Python 3.7 (the plugin python37): "
        "Glance 30 (2025.1) needs 3.9 or later"
    )


def test_a_virtual_environment_tells_its_version(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        **uwsgi("plugins = python3", "home = /opt/glance"),
        "/opt/glance/pyvenv.cfg": "home = /usr/bin\nversion = 3.9.2\n",
    }
    found = finding(audit_tree(files, glance_release="32", select=("GA502",)), "GA502")

    assert where(found.location) == f"{INI}:5:8"
    assert "/opt/glance/pyvenv.cfg says 3.9.2" in found.message


def test_two_that_tell_the_same_are_one_finding(audit_tree: AuditTree) -> None:
    files = uwsgi("plugins = python39", "pythonpath = /opt/x/lib/python3.9/site-packages")
    found = finding(audit_tree(files, glance_release="33", select=("GA502",)), "GA502")

    assert where(found.location) == f"{INI}:4:11"
    assert list(notes(found).values()) == [f"{INI}:5:14"]


def test_what_the_operator_states_stands_above_the_files(audit_tree: AuditTree) -> None:
    files = uwsgi("plugins = python39")

    newer = audit_tree(files, glance_release="33", python_version="3.12", select=("GA502",))
    older = audit_tree(files, glance_release="33", python_version="3.10", select=("GA502",))

    assert codes(newer) == []
    found = finding(older, "GA502")
    assert where(found.location) == f"{INI}:1:1"
    assert "3.10 (as stated)" in found.message


def test_mod_wsgi_is_judged_at_its_module_and_else_at_its_route(audit_tree: AuditTree) -> None:
    module = "LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so-3.7\n"
    alias = 'WSGIScriptAlias "/image" "/srv/glance-wsgi-api"\n'

    told = audit_tree({APACHE_CONF: module + alias}, glance_release="25", select=("GA502",))
    stated = audit_tree(
        {APACHE_CONF: alias}, glance_release="25", python_version="3.7", select=("GA502",)
    )

    assert where(finding(told, "GA502").location) == "etc/apache2/apache2.conf:1:1"
    assert where(finding(stated, "GA502").location) == "etc/apache2/apache2.conf:1:1"
    assert "WSGIScriptAlias" in finding(stated, "GA502").location.text


@pytest.mark.parametrize("plugin", ["python3", "python", "python2", "python27"])
def test_a_version_without_a_minor_number_and_python_2_are_not_judged_here(
    audit_tree: AuditTree, plugin: str
) -> None:
    report = audit_tree(uwsgi(f"plugins = {plugin}"), glance_release="33", select=("GA502",))

    assert codes(report) == []


def test_no_release_takes_an_older_python_than_the_one_before() -> None:
    # The rule names the first release that bites "and later".
    oldest = [release.python for release in load_releases().all]

    assert oldest == sorted(oldest)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("plugins = python311", "pythonpath = /opt/python3.8-compat"), []),
        (("plugins = python3", "pythonpath = /opt/python3.8/site-packages"), [("error", "medium")]),
        (("pythonpath = /opt/python3.8/site-packages",), [("error", "medium")]),
        (("plugins = 0:python38",), [("error", "high")]),
    ],
)
def test_what_decides_stands_above_what_hints(
    audit_tree: AuditTree, lines: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    report = audit_tree(uwsgi(*lines), glance_release="32", select=("GA502",))

    assert [judged(found) for found in report.findings] == expected
