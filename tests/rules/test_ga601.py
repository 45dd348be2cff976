from __future__ import annotations

import pytest

from tests.rules.audited import APACHE_CONF, UWSGI_INI, AuditTree, codes, finding, judged, where
from tests.rules.wsgi_glance import CONF, ROUTE, ini, standalone, two_glances, under_mod_wsgi
from tests.rules.wsgi_glance import under_uwsgi as system

ONLY = ("GA601",)
NEVER = "its tasks never run there, and an image that is imported never becomes active"
INSTEAD = (
    " in [DEFAULT], and upload with PUT /v2/images/{id}/file; Glance 21 (Victoria) and later "
    "import under WSGI"
)


def test_the_default_is_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    files = system("[paste_deploy]", "flavor = keystone", "[DEFAULT]", "debug = true")
    found = finding(audit_tree(files, select=ONLY, glance_release="20"), "GA601")

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        f"image import is on in Glance under uWSGI (glance-api-uwsgi.ini): {NEVER}"
    )
    assert found.help == f"write enabled_import_methods = []{INSTEAD}"
    assert found.related == ()


def test_methods_that_are_written_are_reported_where_they_stand(audit_tree: AuditTree) -> None:
    files = under_mod_wsgi("[DEFAULT]", "enabled_import_methods = [web-download]")
    found = finding(audit_tree(files, select=ONLY, glance_release="17"), "GA601")

    assert where(found.location) == f"{CONF}:2:1"
    assert found.message == f"image import is on in Glance under mod_wsgi: {NEVER}"


@pytest.mark.parametrize(
    ("release", "fires"),
    [
        ("15", False), ("16", True), ("17", True), ("19", True), ("20.2.0", True), ("21", False),
        ("33", False), (None, False),
    ],
)  # fmt: skip
def test_it_is_so_from_queens_to_ussuri(
    audit_tree: AuditTree, release: str | None, fires: bool
) -> None:
    report = audit_tree(system("[DEFAULT]"), select=ONLY, glance_release=release)
    assert codes(report) == ["GA601"] * fires


@pytest.mark.parametrize("release", ["17", "18", "20"])
@pytest.mark.parametrize(
    ("line", "fires"),
    [
        ("enabled_import_methods = []", False),
        ("enable_image_import = False", True),  # gone: nobody asks it
        ("enabled_import_methods = glance-direct", False),  # refused: Glance does not start
        ("enabled-import-methods = []", True),
    ],
)
def test_from_rocky_on_the_methods_switch_import_off(
    audit_tree: AuditTree, release: str, line: str, fires: bool
) -> None:
    report = audit_tree(system("[DEFAULT]", line), select=ONLY, glance_release=release)
    assert codes(report) == ["GA601"] * fires


@pytest.mark.parametrize(
    ("line", "fires"),
    [
        ("enabled_import_methods = []", True),  # a header tells it to clients, nothing else does
        ("enable_image_import = False", False),
        ("enable_image_import = no", False),
        ("enable_image_import = true", True),
        ("enabled_import_methods = glance-direct", False),  # refused: Glance does not start
    ],
)
def test_in_queens_another_option_does(audit_tree: AuditTree, line: str, fires: bool) -> None:
    report = audit_tree(system("[DEFAULT]", line), select=ONLY, glance_release="queens")
    assert codes(report) == ["GA601"] * fires


def test_in_queens_that_option_is_the_advice(audit_tree: AuditTree) -> None:
    report = audit_tree(system("[DEFAULT]"), select=ONLY, glance_release="queens")
    assert finding(report, "GA601").help == f"write enable_image_import = False{INSTEAD}"


def test_the_standalone_server_runs_its_tasks(audit_tree: AuditTree) -> None:
    report = audit_tree(standalone("[DEFAULT]"), select=ONLY, glance_release="20")
    assert codes(report) == []


def test_without_a_configuration_nothing_is_known(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: ROUTE, UWSGI_INI: ini()}
    assert codes(audit_tree(files, select=ONLY, glance_release="20")) == []


def test_each_glance_is_judged_by_its_own_configuration(audit_tree: AuditTree) -> None:
    files = two_glances("[DEFAULT]\nenabled_import_methods = []\n", "[DEFAULT]\n")
    found = finding(audit_tree(files, select=ONLY, glance_release="20"), "GA601")

    assert where(found.location) == "srv/b/glance-api.conf:1:1"
    assert "under uWSGI (b.ini):" in found.message


def test_a_configuration_that_cannot_be_read_says_nothing(audit_tree: AuditTree) -> None:
    files = system("[DEFAULT]") | {"/etc/glance/glance-image-import.conf": "[DEFAULT]\n"}
    files["/etc/glance/glance-api.conf"] = None  # a directory
    report = audit_tree(files, select=ONLY, glance_release="20")

    assert codes(report) == []


@pytest.mark.parametrize("release", ["16", "17"])
def test_with_both_switched_off_no_release_imports(audit_tree: AuditTree, release: str) -> None:
    files = system("[DEFAULT]", "enabled_import_methods = []", "enable_image_import = False")
    assert codes(audit_tree(files, select=ONLY, glance_release=release)) == []
