from __future__ import annotations

import pytest

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
    where,
)

CONF = "etc/apache2/apache2.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA110",)
PATH = "/usr/bin/glance-wsgi-api"
MADE = (
    "#!/usr/bin/python3\n#PBR Generated from 'wsgi_scripts'\n"
    "from glance.common.wsgi_app import init_app\n"
)
ALIAS = f'WSGIScriptAlias "/image" "{PATH}"\n'
MODULE_HELP = "write module = glance.wsgi.api:application in the place of wsgi-file"


def uwsgi(*lines: str, script: str | None = None) -> dict[str, Content]:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/image" "http://127.0.0.1:60999"\n',
        UWSGI_INI: "\n".join(["[uwsgi]", "http-socket = 127.0.0.1:60999", *lines, ""]),
    }
    return files if script is None else {**files, PATH: script}


def apache(text: str, script: str | None = None) -> dict[str, Content]:
    files: dict[str, Content] = {APACHE_CONF: text}
    return files if script is None else {**files, PATH: script}


@pytest.mark.parametrize("release", ["2026.1", "32.0.0", "33"])
def test_uwsgi_does_not_find_the_script_from_32_on(audit_tree: AuditTree, release: str) -> None:
    report = audit_tree(uwsgi(f"wsgi-file = {PATH}"), select=ONLY, glance_release=release)
    found = finding(report, "GA110")

    assert where(found.location) == f"{INI}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "uWSGI (glance-api-uwsgi.ini) loads Glance from /usr/bin/glance-wsgi-api, which Glance 32 "
        "(2026.1) and later do not install: it stays up without Glance and answers every request "
        "with 500"
    )
    assert found.help == MODULE_HELP
    assert notes(found) == {}


@pytest.mark.parametrize("release", ["30.2.0", "31.1.0"])
def test_before_the_upgrade_it_is_a_warning(audit_tree: AuditTree, release: str) -> None:
    files = uwsgi(f"wsgi-file = {PATH}", script=MADE)
    found = finding(audit_tree(files, select=ONLY, glance_release=release), "GA110")

    assert judged(found) == ("warning", "high")
    assert found.message == (
        "uWSGI (glance-api-uwsgi.ini) loads Glance from /usr/bin/glance-wsgi-api, which Glance 32 "
        "(2026.1) and later do not install: there it stays up without Glance and answers every "
        "request with 500"
    )
    assert found.help == MODULE_HELP


DPKG = "var/lib/dpkg/status"
INSTALLED = "Package: glance-api\nStatus: install ok installed\nVersion: 2:{}-1\n\n"
API = "usr/lib/python3/dist-packages/glance/wsgi/api.py"


@pytest.mark.parametrize(
    ("release", "mended"),
    [("30.0.0", "30.2.0"), ("30.1.0", "30.2.0"), ("31.0.0", "31.1.0")],
)
def test_where_packages_lack_the_module_the_upgrade_comes_first(
    audit_tree: AuditTree, release: str, mended: str
) -> None:
    first = f"upgrade to {mended}, as packages of {release} lack the module; then {MODULE_HELP}"
    files = uwsgi(f"wsgi-file = {PATH}", script=MADE)

    stated = finding(audit_tree(files, select=ONLY, glance_release=release), "GA110")
    assert stated.help == first
    packaged = {**files, DPKG: INSTALLED.format(release)}
    assert finding(audit_tree(packaged, select=ONLY), "GA110").help == first
    # What is there is there, whoever built it.
    with_module = {**packaged, API: "application = None\n"}
    assert finding(audit_tree(with_module, select=ONLY), "GA110").help == MODULE_HELP


@pytest.mark.parametrize(("release", "mended"), [("2025.1", "30.2.0"), ("2025.2", "31.1.0")])
def test_a_series_has_packages_with_the_module_and_without(
    audit_tree: AuditTree, release: str, mended: str
) -> None:
    report = audit_tree(uwsgi(f"wsgi-file = {PATH}"), select=ONLY, glance_release=release)
    found = finding(report, "GA110")

    assert judged(found) == ("warning", "high")
    assert found.help == (
        f"before {mended} packages of Debian and Ubuntu lack the module; from there on "
        f"{MODULE_HELP}"
    )


@pytest.mark.parametrize("release", ["2024.2", "29.2.1", "pike"])
def test_before_the_module_exists_nothing_can_be_done(audit_tree: AuditTree, release: str) -> None:
    report = audit_tree(uwsgi(f"wsgi-file = {PATH}"), select=ONLY, glance_release=release)

    assert codes(report) == []


def test_an_unknown_release_is_a_warning_for_some(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(uwsgi(f"wsgi-file = {PATH}"), select=ONLY), "GA110")

    assert judged(found) == ("warning", "medium")
    assert "Glance 32 (2026.1) and later do not install: there it stays up" in found.message
    assert found.help == f"{MODULE_HELP} (on Glance 30 (2025.1) and later)"


def test_with_need_app_uwsgi_ends(audit_tree: AuditTree) -> None:
    files = uwsgi(f"file = {PATH}", "need-app = true")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA110")

    assert found.message.endswith(
        "do not install: it ends at once, as it finds no application (need-app)"
    )
    assert found.help == "write module = glance.wsgi.api:application in the place of file"


def test_a_mounted_script_keeps_its_path(audit_tree: AuditTree) -> None:
    files = uwsgi(f"mount = /image={PATH}")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA110")

    assert f"loads Glance from {PATH}, which" in found.message
    assert found.help == "write mount = /image=glance.wsgi.api:application"


@pytest.mark.parametrize(
    ("directive", "name"),
    [
        (ALIAS, "WSGIScriptAlias"),
        (f'WSGIScriptAliasMatch "^/image" "{PATH}"\n', "WSGIScriptAliasMatch"),
        ('WSGIScriptAlias "/image" "/usr/local/bin/glance-wsgi-api"\n', "WSGIScriptAlias"),
    ],
)
def test_mod_wsgi_answers_404(audit_tree: AuditTree, directive: str, name: str) -> None:
    report = audit_tree(apache(directive), select=ONLY, glance_release="32")
    found = finding(report, "GA110")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("error", "high")
    assert found.message.startswith("mod_wsgi loads Glance from /usr/")
    assert found.message.endswith(
        "/bin/glance-wsgi-api, which Glance 32 (2026.1) and later do not install: it answers every "
        "request with 404"
    )
    assert found.help == (
        f"name a script of your own in {name} that says: from glance.wsgi.api import application"
    )


def test_a_script_that_is_left_over_still_works(audit_tree: AuditTree) -> None:
    report = audit_tree(apache(ALIAS, MADE), select=ONLY, glance_release="32")
    found = finding(report, "GA110")

    assert judged(found) == ("warning", "high")
    assert found.message == (
        "mod_wsgi loads Glance from /usr/bin/glance-wsgi-api, which Glance 32 (2026.1) and later "
        "do not install: what lies there is left from an older release, and goes with it"
    )


@pytest.mark.parametrize(
    "script",
    ["from glance.wsgi.api import application\n", "application = load('glance')\n"],
)
@pytest.mark.parametrize("release", ["31.1.0", "33"])
def test_a_script_of_ones_own_may_have_the_name(
    audit_tree: AuditTree, script: str, release: str
) -> None:
    for files in (apache(ALIAS, script), uwsgi(f"wsgi-file = {PATH}", script=script)):
        assert codes(audit_tree(files, select=ONLY, glance_release=release)) == []


@pytest.mark.parametrize(
    "files",
    [
        uwsgi("module = glance.wsgi.api:application"),
        uwsgi("module = glance.common.wsgi_app:init_app()"),
        uwsgi("wsgi-file = /srv/glance-wsgi-api.py"),
        apache('WSGIScriptAlias "/image" "/usr/lib/cgi-bin/glance/glance-api"\n'),
        apache('WSGIScriptAlias "/identity" "/usr/bin/keystone-wsgi-public"\n'),
    ],
)
def test_what_loads_glance_otherwise_is_no_finding(
    audit_tree: AuditTree, files: dict[str, Content]
) -> None:
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


def test_a_fragment_in_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "<VirtualHost *:{}>\nInclude /etc/apache2/both.inc\n</VirtualHost>\n"
    files = apache(include.format(80) + include.format(443))
    files["/etc/apache2/both.inc"] = ALIAS
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA110")

    assert where(found.location) == "etc/apache2/both.inc:1:1"


def test_a_macro_is_reported_at_its_use_with_the_line_of_its_body(audit_tree: AuditTree) -> None:
    load = "LoadModule macro_module mod_macro.so\n"
    text = f"{load}<Macro Image>\n{ALIAS}</Macro>\nUse Image\n"
    found = finding(audit_tree(apache(text), select=ONLY, glance_release="33"), "GA110")

    assert where(found.location) == f"{CONF}:5:1"
    assert notes(found) == {"the line of the macro": f"{CONF}:3:1"}


def test_every_server_is_reported(audit_tree: AuditTree) -> None:
    files = {**uwsgi(f"wsgi-file = {PATH}"), "/etc/uwsgi/b.ini": f"[uwsgi]\nwsgi-file = {PATH}\n"}
    files[APACHE_CONF] = ALIAS
    report = audit_tree(files, select=ONLY, glance_release="33")

    assert sorted(where(one.location) for one in findings(report, "GA110")) == [
        f"{CONF}:1:1", f"{INI}:3:1", "etc/uwsgi/b.ini:2:1",
    ]  # fmt: skip


def test_a_server_that_loads_the_module_hides_no_other(audit_tree: AuditTree) -> None:
    files = uwsgi("module = glance.wsgi.api:application")
    files["/etc/uwsgi/b.ini"] = f"[uwsgi]\nwsgi-file = {PATH}\n"
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA110")

    assert where(found.location) == "etc/uwsgi/b.ini:2:1"
