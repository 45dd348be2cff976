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
ONLY = ("GA703",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
EFFECT = (
    "starts uWSGI's http router without http-chunked-input: it passes no chunked upload on to "
    "Glance, which gives each up after socket-timeout"
)


def system(
    *lines: str,
    listen: str = "http = 127.0.0.1:60999",
    apache: str = ROUTE,
    app: str = "glance.wsgi.api",
) -> dict[str, Content]:
    body = "".join(f"{line}\n" for line in lines)
    ini = f"[uwsgi]\n{listen}\nmodule = {app}:application\n{body}"
    return {APACHE_CONF: apache, UWSGI_INI: ini}


def test_a_router_alone_is_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(), select=ONLY, glance_release="33"), "GA703")

    assert where(found.location) == f"{INI}:1:1"
    assert judged(found) == ("error", "high")
    assert found.message == f"http {EFFECT} 4 s by default"
    assert found.help == "set http-chunked-input = true in the [uwsgi] section"
    assert notes(found) == {
        "the router": f"{INI}:2:1",
        "uploads arrive through /image on the main server": f"{CONF}:1:1",
    }


@pytest.mark.parametrize("key", ["http-chunked-input", "http-raw-body"])
@pytest.mark.parametrize("value", ["false", "0", "off"])
def test_an_option_that_is_off_is_the_place(audit_tree: AuditTree, key: str, value: str) -> None:
    found = finding(audit_tree(system(f"{key} = {value}"), select=ONLY), "GA703")

    assert where(found.location) == f"{INI}:4:1"


@pytest.mark.parametrize(
    "lines",
    [
        ("http-chunked-input = true",),
        ("http-raw-body = true",),
        ("http-chunked-input = false", "http-raw-body = 1"),
        ("http-chunked-input = false", "http-chunked-input ="),
    ],
)
def test_either_of_two_is_enough(audit_tree: AuditTree, lines: tuple[str, ...]) -> None:
    assert codes(audit_tree(system(*lines), select=ONLY)) == []


@pytest.mark.parametrize(
    "line",
    [
        "http-auto-chunked = true",
        "http-keepalive = 1",
        "wsgi-manage-chunked-input = true",
        "http_chunked_input = true",
        "http-chunked-input = true\nhttp-chunked-input = no",
    ],
)
def test_what_looks_like_it_is_not(audit_tree: AuditTree, line: str) -> None:
    assert codes(audit_tree(system(line), select=ONLY)) == ["GA703"]


@pytest.mark.parametrize(
    ("listen", "key"),
    [
        ("https = 127.0.0.1:60999,/etc/a.crt,/etc/a.key", "https"),
        ("httprouter = 127.0.0.1:60999", "httprouter"),
        ("http-socket = 127.0.0.1:60998\nhttp = 127.0.0.1:60999", "http"),
        ("http-socket = 127.0.0.1:60999", None),
        ("http11-socket = 127.0.0.1:60999", None),
        ("https-socket = 127.0.0.1:60999,/etc/a.crt,/etc/a.key", None),
        ("socket = 127.0.0.1:60999", None),
    ],
)
def test_only_the_router_keeps_chunks_back(
    audit_tree: AuditTree, listen: str, key: str | None
) -> None:
    report = audit_tree(system(listen=listen), select=ONLY)

    assert [f.message.partition(" starts")[0] for f in report.findings] == ([key] if key else [])


def test_two_routers_are_one_finding(audit_tree: AuditTree) -> None:
    files = system(listen="http = 127.0.0.1:60999\nhttp = 127.0.0.1:60998")

    assert where(finding(audit_tree(files, select=ONLY), "GA703").location) == f"{INI}:1:1"


def test_pike_does_not_read_chunks_itself(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system(), select=ONLY, glance_release="15")) == []
    found = finding(audit_tree(system("socket-timeout = 30"), select=ONLY), "GA703")
    assert judged(found) == ("error", "medium")
    assert found.message == f"http {EFFECT} 30 s (on Glance 16 (Queens) and later)"


def test_what_is_spooled_waits_for_the_end_of_the_spooling(audit_tree: AuditTree) -> None:
    files = system(apache="SetEnv proxy-sendcl 1\n" + ROUTE)
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA703")

    later = ", as soon as Apache no longer spools them"
    assert found.message == f"http {EFFECT} 4 s by default{later}"
    files = system(
        apache="SetEnv proxy-sendcl 1\n" + ROUTE + "<VirtualHost *:81>\n"
        f"RequestHeader unset X\nUnsetEnv proxy-sendcl\n{ROUTE}</VirtualHost>\n"
    )
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA703")
    assert later not in found.message


def test_a_router_without_apache_is_told_too(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {UWSGI_INI: system()[UWSGI_INI]}
    found = finding(audit_tree(files, path=UWSGI_INI, select=ONLY), "GA703")

    assert notes(found) == {"the router": f"{INI}:2:1"}


def test_each_uwsgi_of_glance_is_reported_and_no_other(audit_tree: AuditTree) -> None:
    other, third = "/etc/glance/glance-second-uwsgi.ini", "/etc/keystone/keystone-uwsgi.ini"
    files = system(
        "http-raw-body = 1",
        apache=ROUTE
        + 'ProxyPass "/image/x" "http://127.0.0.1:61000"\n'
        + 'ProxyPass "/identity" "http://127.0.0.1:61001"\n',
    )
    files[other] = system(listen="http = 127.0.0.1:61000")[UWSGI_INI]
    files[third] = system(listen="http = 127.0.0.1:61001", app="keystone.wsgi.api")[UWSGI_INI]
    report = audit_tree(files, select=ONLY)

    assert [where(one.location) for one in findings(report, "GA703")] == [f"{other[1:]}:1:1"]
