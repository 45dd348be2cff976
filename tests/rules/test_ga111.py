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
ONLY = ("GA111",)
SCRIPT = "/usr/lib/cgi-bin/glance/glance-api.wsgi"
ALIAS = f'WSGIScriptAlias "/image" "{SCRIPT}"\n'
IMPORT = "from glance.wsgi.api import application\n"
MODULE = "module = glance.wsgi.api:application"
STATUS = "/var/lib/dpkg/status"
DEBIAN = "/usr/lib/python3/dist-packages"
UP = "it stays up without Glance and answers every request with 500"
OLD = "wsgi-file = /usr/bin/glance-wsgi-api"


def uwsgi(*lines: str) -> dict[str, Content]:
    return {
        APACHE_CONF: 'ProxyPass "/image" "http://127.0.0.1:60999"\n',
        UWSGI_INI: "\n".join(["[uwsgi]", "http-socket = 127.0.0.1:60999", *lines, ""]),
    }


def dpkg(version: str) -> str:
    return f"Package: glance-api\nStatus: install ok installed\nVersion: 2:{version}-1\n"


@pytest.mark.parametrize(
    ("release", "title"),
    [("2024.2", "29 (2024.2)"), ("29.2.1", "29 (2024.2)"), ("pike", "15 (Pike)")],
)
def test_a_release_before_30_has_no_such_module(
    audit_tree: AuditTree, release: str, title: str
) -> None:
    found = finding(audit_tree(uwsgi(MODULE), select=ONLY, glance_release=release), "GA111")

    assert where(found.location) == f"{INI}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "uWSGI (glance-api-uwsgi.ini) loads glance.wsgi.api, which Glance has from 30 (2025.1) on, "
        f"and {title} has not: {UP}"
    )
    assert found.help == f"write {OLD} in the place of {MODULE}"
    assert notes(found) == {}


@pytest.mark.parametrize("release", ["30", "2025.1", "30.2.0", "2025.2", "31.1.0", "32.0.0", "33"])
def test_later_releases_have_it(audit_tree: AuditTree, release: str) -> None:
    assert codes(audit_tree(uwsgi(MODULE), select=ONLY, glance_release=release)) == []


def test_who_names_it_on_an_unknown_release_mostly_has_it(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(uwsgi(MODULE), select=ONLY)) == []


@pytest.mark.parametrize(
    "line", ["wsgi = glance.wsgi.api:application", "module = glance.wsgi.api", MODULE]
)
def test_every_way_to_name_a_module_counts(audit_tree: AuditTree, line: str) -> None:
    found = finding(audit_tree(uwsgi(line), select=ONLY, glance_release="28"), "GA111")

    assert found.help == f"write {OLD} in the place of {line}"


@pytest.mark.parametrize(
    ("line", "directory"),
    [
        ("virtualenv = /openstack/venvs/glance/", "/openstack/venvs/glance/bin"),
        ("home = /opt/stack/data/venv", "/opt/stack/data/venv/bin"),
        ("home = venv", "/usr/bin"),
    ],
)
def test_the_script_of_a_virtual_environment_lies_in_it(
    audit_tree: AuditTree, line: str, directory: str
) -> None:
    found = finding(audit_tree(uwsgi(MODULE, line), select=ONLY, glance_release="28"), "GA111")

    assert found.help == f"write wsgi-file = {directory}/glance-wsgi-api in the place of {MODULE}"


def test_a_mounted_module_keeps_its_path(audit_tree: AuditTree) -> None:
    files = uwsgi("mount = /image=glance.wsgi.api:application", "need-app = true")
    found = finding(audit_tree(files, select=ONLY, glance_release="28"), "GA111")

    assert found.message.endswith("it ends at once, as it finds no application (need-app)")
    assert found.help == "write mount = /image=/usr/bin/glance-wsgi-api"


@pytest.mark.parametrize(
    "line",
    [
        "module = glance.common.wsgi_app:init_app()",
        "module = keystone.wsgi.api:application",
        "module = glance.wsgi.apis:application",
        "wsgi-file = /usr/bin/glance-wsgi-api",
    ],
)
def test_what_loads_glance_otherwise_is_no_finding(audit_tree: AuditTree, line: str) -> None:
    assert codes(audit_tree(uwsgi(line), select=ONLY, glance_release="28")) == []


@pytest.mark.parametrize(
    ("script", "place"),
    [
        (IMPORT, "1:1"),
        ("# Ours.\nimport glance.wsgi.api\n", "2:1"),
        ("try:\n    from glance.wsgi import api\nfinally:\n    pass\n", "2:5"),
        ("\n#\n  from glance.wsgi.api import application\n", "3:3"),
    ],
)
def test_mod_wsgis_script_is_read(audit_tree: AuditTree, script: str, place: str) -> None:
    files = {APACHE_CONF: ALIAS, SCRIPT: script}
    found = finding(audit_tree(files, select=ONLY, glance_release="29"), "GA111")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        f"mod_wsgi loads glance.wsgi.api (by {SCRIPT}), which Glance has from 30 (2025.1) on, and "
        "29 (2024.2) has not: it answers every request with 500"
    )
    assert found.help == "name the package's script in WSGIScriptAlias: /usr/bin/glance-wsgi-api"
    assert notes(found) == {"imports the module": f"{SCRIPT.lstrip('/')}:{place}"}


def test_uwsgis_script_is_read(audit_tree: AuditTree) -> None:
    files = {**uwsgi(f"wsgi-file = {SCRIPT}"), SCRIPT: IMPORT}
    found = finding(audit_tree(files, select=ONLY, glance_release="29"), "GA111")

    assert f"loads glance.wsgi.api (by {SCRIPT}), which" in found.message
    assert notes(found) == {"imports the module": f"{SCRIPT.lstrip('/')}:1:1"}
    assert found.location.end_column == len(f"wsgi-file = {SCRIPT}") + 1


@pytest.mark.parametrize("script", ["from glance.common.wsgi_app import init_app\n", None])
def test_a_script_that_imports_something_else_is_no_finding(
    audit_tree: AuditTree, script: str | None
) -> None:
    files: dict[str, Content] = {APACHE_CONF: ALIAS, "/usr/lib/cgi-bin/glance": None}
    if script is not None:
        files[SCRIPT] = script

    assert codes(audit_tree(files, select=ONLY, glance_release="29")) == []


@pytest.mark.parametrize(
    ("version", "fixed"),
    [("30.0.0", "30.2.0"), ("30.1.0", "30.2.0"), ("31.0.0", "31.1.0")],
)
def test_debians_packages_of_some_releases_lack_it(
    audit_tree: AuditTree, version: str, fixed: str
) -> None:
    found = finding(audit_tree({**uwsgi(MODULE), STATUS: dpkg(version)}, select=ONLY), "GA111")

    assert judged(found) == ("warning", "high")
    assert found.message == (
        "uWSGI (glance-api-uwsgi.ini) loads glance.wsgi.api, which the packages of Debian and "
        f"Ubuntu lack on Glance {version} (bug 2136411): {UP}"
    )
    assert found.help == f"upgrade to {fixed}, or write {OLD} in the place of {MODULE}"


@pytest.mark.parametrize("version", ["30.2.0", "31.1.0", "31.2.0", "32.0.0"])
def test_those_with_the_fix_have_it(audit_tree: AuditTree, version: str) -> None:
    report = audit_tree({**uwsgi(MODULE), STATUS: dpkg(version)}, select=ONLY)

    assert codes(report) == []


def test_where_nothing_tells_how_it_was_installed_the_warning_is_less_sure(
    audit_tree: AuditTree,
) -> None:
    found = finding(audit_tree(uwsgi(MODULE), select=ONLY, glance_release="31.0.0"), "GA111")

    assert judged(found) == ("warning", "medium")


@pytest.mark.parametrize(
    ("directory", "told"),
    [(DEBIAN, ["GA111"]), ("/usr/local/lib/python3.11/site-packages", [])],
)
def test_pips_builds_have_it(audit_tree: AuditTree, directory: str, told: list[str]) -> None:
    metadata = f"{directory}/glance-30.0.0.dist-info/METADATA"
    report = audit_tree({**uwsgi(MODULE), metadata: "Name: glance\n"}, select=ONLY)

    assert codes(report) == told


@pytest.mark.parametrize("version", ["29.0.0", "30.0.0"])
def test_a_module_that_is_there_is_there(audit_tree: AuditTree, version: str) -> None:
    files = {**uwsgi(MODULE), STATUS: dpkg(version), f"{DEBIAN}/glance/wsgi/api.py": "#\n"}

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_macro_is_reported_at_its_use_with_the_line_of_its_body(audit_tree: AuditTree) -> None:
    load = "LoadModule macro_module mod_macro.so\n"
    files = {APACHE_CONF: f"{load}<Macro Image>\n{ALIAS}</Macro>\nUse Image\n", SCRIPT: IMPORT}
    found = finding(audit_tree(files, select=ONLY, glance_release="29"), "GA111")

    assert where(found.location) == f"{CONF}:5:1"
    assert notes(found) == {
        "the line of the macro": f"{CONF}:3:1",
        "imports the module": f"{SCRIPT.lstrip('/')}:1:1",
    }


def test_a_fragment_in_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "<VirtualHost *:{}>\nInclude /etc/apache2/both.inc\n</VirtualHost>\n"
    files: dict[str, Content] = {APACHE_CONF: include.format(80) + include.format(443)}
    files |= {"/etc/apache2/both.inc": ALIAS, SCRIPT: IMPORT}
    found = finding(audit_tree(files, select=ONLY, glance_release="29"), "GA111")

    assert where(found.location) == "etc/apache2/both.inc:1:1"


def test_the_place_of_the_import_is_the_statement(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: ALIAS, SCRIPT: "#\nfrom glance.wsgi.api import application\n"}
    found = finding(audit_tree(files, select=ONLY, glance_release="29"), "GA111")
    (related,) = found.related

    assert (related.location.line, related.location.column) == (2, 1)
    assert (related.location.end_line, related.location.end_column) == (2, 40)
