from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.rules.audited import (
    APACHE,
    APACHE_CONF,
    LINK,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    judged,
    notes,
    where,
)

ONLY = ("GA109",)
MAIN = "IncludeOptional conf-enabled/*.conf\nIncludeOptional sites-enabled/*.conf\n"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
SITE = f"<VirtualHost *:80>\n{ROUTE}</VirtualHost>\n"
GLANCE = "sites-available/glance.conf"


def server(files: Mapping[str, Content], main: str = MAIN) -> dict[str, Content]:
    return {APACHE_CONF: main, **{f"{APACHE}/{name}": text for name, text in files.items()}}


def test_a_site_that_nothing_enables(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(server({GLANCE: SITE}), select=ONLY), "GA109")

    assert where(found.location) == f"etc/apache2/{GLANCE}:2:1"
    assert judged(found) == ("info", "high")
    assert found.message == (
        "/image of sites-available/glance.conf would be Glance's, but nothing enables that file, "
        "and this Apache serves Glance nowhere else"
    )
    assert found.help == "run a2ensite glance and reload Apache, or remove the file"
    assert notes(found) == {}


def test_a_fragment_for_all_sites(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(server({"conf-available/image.conf": ROUTE}), select=ONLY), "GA109")

    assert where(found.location) == "etc/apache2/conf-available/image.conf:1:1"
    assert found.help == "run a2enconf image and reload Apache, or remove the file"


def test_several_are_one_finding(audit_tree: AuditTree) -> None:
    files = {f"sites-available/glance-{n}.conf": SITE for n in range(1, 6)}
    found = finding(audit_tree(server(files), select=ONLY), "GA109")

    assert where(found.location) == "etc/apache2/sites-available/glance-1.conf:2:1"
    assert [(one.message, where(one.location)) for one in found.related] == [
        ("another file that nothing enables", f"etc/apache2/sites-available/glance-{n}.conf:2:1")
        for n in (2, 3, 4)
    ]


def test_a_link_that_the_main_file_does_not_include(audit_tree: AuditTree) -> None:
    files = server(
        {GLANCE: SITE, "sites-enabled/glance.conf": f"{LINK}../{GLANCE}"},
        "IncludeOptional conf-enabled/*.conf\n",
    )
    found = finding(audit_tree(files, select=ONLY), "GA109")

    assert found.message == (
        "/image of sites-available/glance.conf would be Glance's, but apache2.conf does not "
        "include sites-enabled/glance.conf, and this Apache serves Glance nowhere else"
    )
    assert found.help == "write IncludeOptional sites-enabled/*.conf in apache2.conf"


def test_what_uwsgi_runs_tells_a_site_for_glance_by(audit_tree: AuditTree) -> None:
    site = 'ProxyPass "/" "http://127.0.0.1:7777"\n# glance\n'
    files = server({"sites-available/api.conf": site})
    ini = "[uwsgi]\nhttp-socket = 127.0.0.1:7777\nmodule = {}.wsgi.api:application\n"

    glance = files | {UWSGI_INI: ini.format("glance")}
    assert codes(audit_tree(glance, select=ONLY)) == ["GA109"]
    other = files | {"/etc/uwsgi/a.ini": ini.format("keystone")}
    assert codes(audit_tree(other, select=ONLY)) == []


def test_a_site_behind_a_condition_or_a_define_is_read_as_the_server_would(
    audit_tree: AuditTree,
) -> None:
    port = "Define IMAGE_PORT 60999\n"
    site = (
        "<IfModule mod_proxy.c>\n"
        'ProxyPass "/v2" "http://127.0.0.1:${IMAGE_PORT}"\n# glance\n'
        "</IfModule>\n"
    )
    files = server({"sites-available/api.conf": site}, port + MAIN)

    assert codes(audit_tree(files, select=ONLY)) == ["GA109"]


@pytest.mark.parametrize(
    "files",
    [
        {GLANCE: SITE, "sites-enabled/glance.conf": f"{LINK}../{GLANCE}"},
        # an old copy beside the one that counts
        {
            GLANCE: SITE,
            "sites-available/old.conf": SITE,
            "sites-enabled/glance.conf": f"{LINK}../{GLANCE}",
        },
        {GLANCE: SITE, "sites-enabled/glance.conf": SITE},
        {GLANCE: SITE, "conf-enabled/image.conf": ROUTE},
        # what a2ensite does not take
        {"sites-available/glance.conf.bak": SITE},
        {"sites-available/glance": SITE},
        {"sites-available/glance.conf": None},
        # neighbours', comments, nothing
        {"sites-available/keystone.conf": 'ProxyPass "/identity" "http://127.0.0.1:5000"\n'},
        {"sites-available/glance.conf": "# ProxyPass /image http://127.0.0.1:60999\n"},
        {"mods-available/glance.conf": SITE},
        {},
    ],
)
def test_no_finding(audit_tree: AuditTree, files: dict[str, Content]) -> None:
    assert codes(audit_tree(server(files), select=ONLY)) == []


def test_it_is_not_known_where_a_part_of_the_configuration_was_not_read(
    audit_tree: AuditTree,
) -> None:
    files = server({GLANCE: SITE}, f"{MAIN}Include absent.conf\n")
    assert codes(audit_tree(files, select=ONLY)) == []
    files = server({GLANCE: SITE}, f"{MAIN}</Location>\n")
    assert codes(audit_tree(files, select=ONLY)) == ["GA109"]


def test_red_hats_layout_enables_every_file(audit_tree: AuditTree) -> None:
    files = {"/etc/httpd/conf/httpd.conf": "", "/etc/httpd/sites-available/glance.conf": SITE}

    assert codes(audit_tree(files, path="/etc/httpd", select=ONLY)) == []


def test_a_file_that_is_not_enabled_is_not_audited(audit_tree: AuditTree) -> None:
    broken = SITE.replace("</VirtualHost>", "SetEnv proxy-sendcl 1\n{{ glance }}\nInclude absent.x")
    report = audit_tree(server({GLANCE: broken}))

    assert codes(report) == ["GA109"]
    assert report.incomplete == ()


def test_a_macro_is_reported_where_it_is_used(audit_tree: AuditTree) -> None:
    site = f"<Macro Image>\n{ROUTE}</Macro>\nUse Image\n"
    found = finding(audit_tree(server({GLANCE: site}), select=ONLY), "GA109")

    assert where(found.location) == f"etc/apache2/{GLANCE}:4:1"
    assert notes(found) == {"the line of the macro": f"etc/apache2/{GLANCE}:2:1"}


def test_an_unreadable_file_and_a_giant_are_passed_over(audit_tree: AuditTree) -> None:
    giant = SITE + "# glance\n" * 30_000

    assert codes(audit_tree(server({GLANCE: giant}), select=ONLY)) == []


def test_only_so_many_files_are_looked_at(audit_tree: AuditTree) -> None:
    many = {f"sites-available/a{n:04}.conf": "" for n in range(499)}

    files = server(many | {GLANCE: SITE})
    assert codes(audit_tree(files, select=ONLY)) == ["GA109"]
    files = server(many | {"sites-available/b.conf": "", GLANCE: SITE})
    assert codes(audit_tree(files, select=ONLY)) == []
