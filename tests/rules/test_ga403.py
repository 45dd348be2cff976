from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    AuditTree,
    codes,
    finding,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
OTHER = 'ProxyPass "/volume" "http://127.0.0.1:8776"\n'


@pytest.mark.parametrize(
    "text",
    [
        "SetEnv TMPDIR /srv/spool\n" + ROUTE,
        "SetEnv TMPDIR=/srv/spool\n" + ROUTE,
        "SetEnvIf Request_URI . a=b TMPDIR=/srv/spool\n" + ROUTE,
        "SetEnvIfNoCase Request_URI . TMPDIR=/srv/spool\n" + ROUTE,
        "SetEnvIfExpr true TMPDIR=/srv/spool\n" + ROUTE,
        "BrowserMatch . TMPDIR=/srv/spool\n" + ROUTE,
        "BrowserMatchNoCase . TMPDIR=/srv/spool\n" + ROUTE,
        "RewriteRule .* - [E=TMPDIR:/srv/spool]\n" + ROUTE,
    ],
)
def test_a_variable_of_the_requests_does_not_move_the_spool(
    audit_tree: AuditTree, text: str
) -> None:
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA403",)), "GA403")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("warning", "high")
    assert "sets TMPDIR for requests, not for the server" in found.message
    assert "goes to /tmp all the same" in found.message
    assert found.help == "export TMPDIR in /etc/apache2/envvars, or set it in the unit"


def test_the_directory_that_counts_is_named(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: "SetEnv TMPDIR /srv/spool\n" + ROUTE,
        "/etc/apache2/envvars": "export TMPDIR=/srv/real\n",
    }
    found = finding(audit_tree(files, select=("GA403",)), "GA403")

    assert "goes to /srv/real all the same" in found.message
    assert notes(found)["decides where Apache spools"].startswith("etc/apache2/envvars:1:")


def test_define_is_reported_where_nothing_uses_it(audit_tree: AuditTree) -> None:
    text = ROUTE + "  Define TMPDIR /srv/spool\n"
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA403",)), "GA403")

    assert (found.location.file, found.location.line) == (CONF, 2)
    assert judged(found) == ("warning", "high")
    assert "not for the server" in found.message

    used = text + "Alias /spool ${tmpdir}/shown\n"
    assert codes(audit_tree({APACHE_CONF: used}, select=("GA403",))) == []


@pytest.mark.parametrize("flag", ["e=TMPDIR:/x", "ENV=TMPDIR:/x"])
def test_the_flags_of_a_rewrite_rule_are_read_without_case(
    audit_tree: AuditTree, flag: str
) -> None:
    text = f"{ROUTE}RewriteEngine On\nRewriteRule ^ - [L,{flag}]\n"

    finding(audit_tree({APACHE_CONF: text}, select=("GA403",)), "GA403")


@pytest.mark.parametrize(("target", "count"), [("60999", 1), ("8080", 0)])
def test_a_proxy_section_counts_for_its_own_targets(
    audit_tree: AuditTree, target: str, count: int
) -> None:
    text = f"{ROUTE}<Proxy http://127.0.0.1:{target}>\nSetEnv TMPDIR /x\n</Proxy>\n"

    assert len(codes(audit_tree({APACHE_CONF: text}, select=("GA403",)))) == count


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("UnsetEnv TMPDIR\n" + ROUTE, id="unset"),
        pytest.param("SetEnv TMPDIR_IMAGES /srv/spool\n" + ROUTE, id="another name"),
        pytest.param("SetEnv SPOOL TMPDIR\n" + ROUTE, id="a value"),
        pytest.param("SetEnvIf TMPDIR=/srv . a=b\n" + ROUTE, id="a condition"),
        pytest.param("RewriteRule TMPDIR - [L]\n" + ROUTE, id="a pattern"),
        pytest.param("RewriteRule TMPDIR -\n" + ROUTE, id="no flags"),
        pytest.param("SetEnvIf Request_URI TMPDIR=/srv a=b\n" + ROUTE, id="a regex"),
        pytest.param(
            f"<Directory /srv/cgi>\nSetEnv TMPDIR /srv/spool\n</Directory>\n{ROUTE}",
            id="for programs of a directory",
        ),
        pytest.param("Define TMPDIR_IMAGES /srv/spool\n" + ROUTE, id="another definition"),
        pytest.param("SetEnv TMPDIR /srv/spool\n" + OTHER, id="no Glance"),
        pytest.param("Define TMPDIR /srv/spool\n" + OTHER, id="no Glance, Define"),
        pytest.param(
            f"{ROUTE}<Location /cgi-bin>\nSetEnv TMPDIR /srv/spool\n</Location>\n",
            id="for programs of another path",
        ),
        pytest.param(
            f"<VirtualHost *:80>\n{ROUTE}</VirtualHost>\n"
            f"<VirtualHost *:81>\n{OTHER}SetEnv TMPDIR /srv/spool\n</VirtualHost>\n",
            id="for another virtual host",
        ),
    ],
)
def test_what_is_not_about_the_spool_of_images_is_fine(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree({APACHE_CONF: text}, select=("GA403",))) == []


def test_envvars_are_the_right_place(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: ROUTE, "/etc/apache2/envvars": "export TMPDIR=/srv/spool\n"}

    assert codes(audit_tree(files, select=("GA403",))) == []


def test_red_hat_is_told_of_its_unit(audit_tree: AuditTree) -> None:
    files = {"/etc/httpd/conf/httpd.conf": "SetEnv TMPDIR /srv/spool\n" + ROUTE}
    found = finding(audit_tree(files, path="/etc/httpd", select=("GA403",)), "GA403")

    assert found.help == "set Environment=TMPDIR=... in a drop-in of httpd.service"


def test_a_path_around_the_route_holds_for_it(audit_tree: AuditTree) -> None:
    text = (
        f"<VirtualHost *:80>\n{ROUTE}"
        "<Location /image>\nSetEnv TMPDIR /srv/spool\n</Location>\n</VirtualHost>\n"
    )
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA403",)), "GA403")

    assert where(found.location) == f"{CONF}:4:1"
