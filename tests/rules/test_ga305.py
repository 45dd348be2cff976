from __future__ import annotations

import pytest

from glance_audit.audit.settings import Floors
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
ONLY = ("GA305",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
EFFECT = "a chunked upload fails when the client pauses longer between two reads"


def ini(*lines: str, listen: str = "http-socket", app: str = "glance.wsgi.api") -> str:
    body = "".join(f"{line}\n" for line in lines)
    return f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n{body}"


def system(
    *lines: str, apache: str = ROUTE, listen: str = "http-socket", app: str = "glance.wsgi.api"
) -> dict[str, Content]:
    return {APACHE_CONF: apache, UWSGI_INI: ini(*lines, listen=listen, app=app)}


def test_a_short_value_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    files = system("chunked-input-timeout = 10")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA305")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert found.message == f"chunked-input-timeout 10 s: {EFFECT}"
    assert found.help == "set chunked-input-timeout = 30 or more in the [uwsgi] section"
    assert notes(found) == {"uploads arrive through /image on the main server": f"{CONF}:1:1"}


def test_where_socket_timeout_is_long_it_is_better_left_out(audit_tree: AuditTree) -> None:
    files = system("chunked-input-timeout = 10", "socket-timeout = 30")

    assert finding(audit_tree(files, select=ONLY), "GA305").help == (
        "remove chunked-input-timeout: socket-timeout 30 s is for chunked uploads too, then"
    )
    files = system("chunked-input-timeout = 10", "socket-timeout = 29")
    assert finding(audit_tree(files, select=ONLY), "GA305").help.startswith("set chunked-input")


def test_pike_does_not_read_chunks_itself(audit_tree: AuditTree) -> None:
    files = system("chunked-input-timeout = 10")

    assert codes(audit_tree(files, select=ONLY, glance_release="15")) == []
    assert (
        judged(finding(audit_tree(files, select=ONLY, glance_release="16"), "GA305"))[1] == "high"
    )
    found = finding(audit_tree(files, select=ONLY), "GA305")
    assert judged(found) == ("warning", "medium")
    assert found.message == (
        f"chunked-input-timeout 10 s: {EFFECT} (on Glance 16 (Queens) and later)"
    )


@pytest.mark.parametrize(
    ("value", "fires"), [("1", True), ("29", True), ("30", False), ("0", False), ("soon", False)]
)
def test_thirty_seconds_are_enough_and_zero_is_off(
    audit_tree: AuditTree, value: str, fires: bool
) -> None:
    report = audit_tree(system(f"chunked-input-timeout = {value}"), select=ONLY)

    assert codes(report) == (["GA305"] if fires else [])


def test_the_floor_can_be_set(audit_tree: AuditTree) -> None:
    files = system("chunked-input-timeout = 10")

    assert codes(audit_tree(files, select=ONLY, floors=Floors(streaming=10))) == []
    found = finding(audit_tree(files, select=ONLY, floors=Floors(streaming=11)), "GA305")
    assert "chunked-input-timeout = 11 or more" in found.help
    floors = Floors(gateway=1, buffering=1)
    assert codes(audit_tree(files, select=ONLY, floors=floors)) == ["GA305"]


def test_without_it_nothing_is_said(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system(), select=ONLY)) == []


@pytest.mark.parametrize(
    ("settings", "spools"),
    [("SetEnv proxy-sendcl 1\n", True), ("SetEnvIf X-Spool 1 proxy-sendcl\n", False)],
)
def test_what_is_spooled_waits_for_the_end_of_the_spooling(
    audit_tree: AuditTree, settings: str, spools: bool
) -> None:
    files = system("chunked-input-timeout = 10", apache=settings + ROUTE)
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA305")

    later = ", as soon as Apache no longer spools it" if spools else ""
    assert found.message == f"chunked-input-timeout 10 s: {EFFECT}{later}"


@pytest.mark.parametrize(
    ("listen", "fires"),
    [("http", True), ("http11-socket", True), ("socket", False), ("fastcgi-socket", False)],
)
def test_only_http_brings_chunked_bodies(audit_tree: AuditTree, listen: str, fires: bool) -> None:
    files = system("chunked-input-timeout = 10", listen=listen)

    assert codes(audit_tree(files, select=ONLY)) == (["GA305"] if fires else [])


def test_each_uwsgi_of_glance_is_reported_and_no_other(audit_tree: AuditTree) -> None:
    other, third = "/etc/glance/glance-second-uwsgi.ini", "/etc/keystone/keystone-uwsgi.ini"
    files: dict[str, Content] = {
        APACHE_CONF: ROUTE
        + 'ProxyPass "/glance" "http://127.0.0.1:61000"\n'
        + 'ProxyPass "/identity" "http://127.0.0.1:61001"\n',
        UWSGI_INI: ini("chunked-input-timeout = 30"),
        other: ini("chunked-input-timeout = 5").replace("60999", "61000"),
        third: ini("chunked-input-timeout = 5", app="keystone.wsgi.api").replace("60999", "61001"),
    }
    report = audit_tree(files, select=ONLY)

    assert [where(one.location) for one in findings(report, "GA305")] == [f"{other[1:]}:4:1"]
