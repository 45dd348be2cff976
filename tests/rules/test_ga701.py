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
from tests.rules.wsgi_glance import two_glances

CONF = "etc/apache2/apache2.conf"
ONLY = ("GA701",)
GIB = 1024**3
ALIAS = 'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"'
UWSGI = 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"'
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"'
CAP = "image_size_cap in glance-api.conf limits images"


def host(*lines: str, server: str = "") -> dict[str, Content]:
    body = "".join(f"    {line}\n" for line in lines)
    return {APACHE_CONF: f"{server}<VirtualHost *:80>\n{body}</VirtualHost>\n"}


@pytest.mark.parametrize("route", [ALIAS, UWSGI])
def test_the_default_of_newer_servers_is_reported_at_the_route(
    audit_tree: AuditTree, route: str
) -> None:
    found = finding(audit_tree(host(route), select=ONLY, httpd_version="2.4.54"), "GA701")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "LimitRequestBody is not set, and 1 GiB is the default: Apache answers uploads to /image "
        "of more than 1 GiB with 413, but an image may have 10 GiB"
    )
    assert found.help == f"set LimitRequestBody 0 in the VirtualHost; {CAP}"
    assert notes(found) == {}


def test_older_servers_have_no_limit_by_default(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(host(ALIAS), select=ONLY, httpd_version="2.4.53")) == []


def test_an_unknown_server_may_be_a_newer_one(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(host(ALIAS), select=ONLY), "GA701")

    assert judged(found) == ("error", "medium")
    assert found.message.endswith("10 GiB (on httpd 2.4.54 and later)")


@pytest.mark.parametrize("version", [None, "2.4.53"])
def test_a_limit_that_is_set_holds_on_every_server(
    audit_tree: AuditTree, version: str | None
) -> None:
    files = host("LimitRequestBody 1048576", UWSGI)
    found = finding(audit_tree(files, select=ONLY, httpd_version=version), "GA701")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "LimitRequestBody 1048576: Apache answers uploads to /image of more than 1 MiB with 413, "
        "but an image may have 10 GiB"
    )
    assert found.help == f"write LimitRequestBody 0 there; {CAP}"
    assert notes(found) == {"the Glance route it limits: /image": f"{CONF}:3:5"}


def test_outside_of_virtual_hosts_the_limit_goes_beside_the_route(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {APACHE_CONF: f"{ALIAS}\n"}
    found = finding(audit_tree(files, select=ONLY), "GA701")

    assert found.help == f"set LimitRequestBody 0 beside the route; {CAP}"


@pytest.mark.parametrize(
    ("size", "fires"), [(0, False), (1, True), (10 * GIB - 1, True), (10 * GIB, False)]
)
def test_a_limit_is_held_against_the_largest_image(
    audit_tree: AuditTree, size: int, fires: bool
) -> None:
    report = audit_tree(host(f"LimitRequestBody {size}", ALIAS), select=ONLY)

    assert codes(report) == (["GA701"] if fires else [])


@pytest.mark.parametrize(("cap", "fires"), [(GIB, False), (GIB + 1, True)])
def test_a_cap_of_glance_is_the_largest_image(audit_tree: AuditTree, cap: int, fires: bool) -> None:
    files = {**host(ALIAS), GLANCE_CONF: f"[DEFAULT]\nimage_size_cap = {cap}\n"}
    report = audit_tree(files, select=ONLY)

    assert codes(report) == (["GA701"] if fires else [])
    if fires:
        assert notes(finding(report, "GA701")) == {
            "how large an image may be": "etc/glance/glance-api.conf:2:1"
        }


@pytest.mark.parametrize("lines", [(HTTP,), (HTTP, "LimitRequestBody 1048576")])
def test_mod_proxy_http_enforces_no_limit(audit_tree: AuditTree, lines: tuple[str, ...]) -> None:
    assert codes(audit_tree(host(*lines), select=ONLY)) == []


@pytest.mark.parametrize(
    "lines",
    [
        (ALIAS, "<Directory /srv/wsgi>", "LimitRequestBody 0", "</Directory>"),
        (ALIAS, "LimitRequestBody 7", "<Location /image>", "LimitRequestBody 0", "</Location>"),
        (UWSGI, "LimitRequestBody 0", "<Location /other>", "LimitRequestBody 7", "</Location>"),
    ],
)
def test_a_section_that_lifts_the_limit_is_enough(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(host(*lines), select=ONLY)) == []


def test_what_holds_for_some_requests_is_less_certain(audit_tree: AuditTree) -> None:
    lines = ("<If \"%{HTTP_HOST} == 'x'\">", "LimitRequestBody 1048576", "</If>")
    found = finding(audit_tree(host(UWSGI, "LimitRequestBody 0", *lines), select=ONLY), "GA701")

    assert where(found.location) == f"{CONF}:5:5"
    assert judged(found) == ("error", "medium")
    assert "of more than 1 MiB with 413 for some requests, but" in found.message


def test_a_default_that_an_expression_lifts_for_some_is_less_certain(
    audit_tree: AuditTree,
) -> None:
    lines = ("<If \"%{HTTP_HOST} == 'x'\">", "LimitRequestBody 0", "</If>")
    report = audit_tree(host(UWSGI, *lines), select=ONLY, httpd_version="2.4.71")
    found = finding(report, "GA701")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("error", "medium")


def test_an_expression_that_says_the_same_changes_nothing(audit_tree: AuditTree) -> None:
    lines = ("<If \"%{HTTP_HOST} == 'x'\">", "LimitRequestBody 7", "</If>")
    found = finding(audit_tree(host(UWSGI, "LimitRequestBody 7", *lines), select=ONLY), "GA701")

    assert judged(found) == ("error", "high")


def test_one_limit_for_two_hosts_is_one_finding(audit_tree: AuditTree) -> None:
    second = f"<VirtualHost *:81>\n{UWSGI.replace('/image', '/glance')}\n</VirtualHost>\n"
    files = host(UWSGI, server="LimitRequestBody 1048576\n")
    files[APACHE_CONF] = f"{files[APACHE_CONF]!s}{second}"
    found = finding(audit_tree(files, select=ONLY), "GA701")

    assert where(found.location) == f"{CONF}:1:1"
    assert "uploads to /image and /glance of more than" in found.message
    assert len(found.related) == 2


def test_a_route_that_two_hosts_include_is_reported_once(audit_tree: AuditTree) -> None:
    include = "    Include /etc/apache2/both.inc\n"
    files: dict[str, Content] = {
        APACHE_CONF: f"<VirtualHost *:80>\n{include}</VirtualHost>\n"
        f"<VirtualHost *:443>\n{include}</VirtualHost>\n",
        "/etc/apache2/both.inc": f"{UWSGI}\n",
    }
    found = findings(audit_tree(files, select=ONLY), "GA701")

    assert [where(one.location) for one in found] == ["etc/apache2/both.inc:1:1"]


def test_a_macro_is_reported_where_it_is_used(audit_tree: AuditTree) -> None:
    macro = "LoadModule macro_module mod_macro.so\n"
    macro += "<Macro limits>\nLimitRequestBody 7\n</Macro>\n"
    found = finding(audit_tree(host("Use limits", UWSGI, server=macro), select=ONLY), "GA701")

    assert where(found.location) == f"{CONF}:6:5"
    assert notes(found)["the line of the macro"] == f"{CONF}:3:1"


def test_another_service_is_none_of_its_business(audit_tree: AuditTree) -> None:
    files = host('WSGIScriptAlias "/identity" "/srv/wsgi/keystone-wsgi-public"', UWSGI)
    found = finding(audit_tree(files, select=ONLY), "GA701")

    assert where(found.location) == f"{CONF}:3:5"


def test_two_limits_are_two_findings(audit_tree: AuditTree) -> None:
    second = "<VirtualHost *:81>\nLimitRequestBody 7\n" + UWSGI + "\n</VirtualHost>\n"
    found = findings(
        audit_tree(host("LimitRequestBody 9", UWSGI, server=second), select=ONLY), "GA701"
    )

    assert [(one.location.line, one.message[:18]) for one in found] == [
        (2, "LimitRequestBody 7"),
        (6, "LimitRequestBody 9"),
    ]


@pytest.mark.parametrize("word", ["1G", "-1", "1" * 19, "\u0661"])
def test_of_what_is_no_number_nothing_is_said(audit_tree: AuditTree, word: str) -> None:
    assert codes(audit_tree(host(f"LimitRequestBody {word}", UWSGI), select=ONLY)) == []


def test_each_route_has_the_largest_image_of_the_glance_behind_it(audit_tree: AuditTree) -> None:
    files = two_glances(*(f"[DEFAULT]\nimage_size_cap = {n * GIB}\n" for n in (1, 3)))
    for ini in (UWSGI_INI, "/etc/uwsgi/vassals/b.ini"):
        files[ini] = str(files[ini]).replace("http-socket", "socket")
    apache = str(files[APACHE_CONF]).replace("http:", "uwsgi:")
    files[APACHE_CONF] = f"LimitRequestBody {2 * GIB}\n{apache}"
    found = finding(audit_tree(files, select=ONLY), "GA701")

    assert "uploads to /glance of more than 2 GiB" in found.message
    assert "an image may have 3 GiB" in found.message
    assert notes(found)["how large an image may be"] == "srv/b/glance-api.conf:2:1"
