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
ONLY = ("GA302",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def ini(*lines: str, listen: str = "http-socket", app: str = "glance.wsgi.api") -> str:
    body = "".join(f"{line}\n" for line in lines)
    return f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n{body}"


def system(*lines: str, apache: str = ROUTE) -> dict[str, Content]:
    return {APACHE_CONF: apache, UWSGI_INI: ini(*lines)}


def test_the_default_is_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(), select=ONLY), "GA302")

    assert where(found.location) == f"{INI}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message.startswith("socket-timeout 4 s by default: an upload fails when")
    assert "the client pauses longer between two reads" in found.message
    assert "socket-timeout = 300" in found.help
    assert [(r.message.partition(" on ")[0], where(r.location)) for r in found.related] == [
        ("uploads arrive through /image", f"{CONF}:1:1")
    ]


def test_a_short_value_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("socket-timeout = 10"), select=ONLY), "GA302")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert found.message.startswith("socket-timeout 10 s: an upload fails when")


@pytest.mark.parametrize("release", ["15", "16", "33", None])
def test_every_release_is_reported_alike(audit_tree: AuditTree, release: str | None) -> None:
    found = finding(audit_tree(system(), select=ONLY, glance_release=release), "GA302")

    assert judged(found) == ("warning", "high")
    assert "on Glance" not in found.message


@pytest.mark.parametrize(
    "value",
    [
        "0",
        "soon",  # a word is read as 0
        "false",
    ],
)
def test_zero_is_an_error(audit_tree: AuditTree, value: str) -> None:
    found = finding(audit_tree(system(f"socket-timeout = {value}"), select=ONLY), "GA302")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("error", "high")
    assert "socket-timeout is 0: uWSGI gives up" in found.message
    assert "socket-timeout = 300" in found.help


@pytest.mark.parametrize(
    ("value", "fires"),
    [("1", True), ("4", True), ("29", True), ("30", False), ("30s", False), ("300", False)],
)
def test_thirty_seconds_are_enough(audit_tree: AuditTree, value: str, fires: bool) -> None:
    report = audit_tree(system(f"socket-timeout = {value}"), select=ONLY)

    assert codes(report) == (["GA302"] if fires else [])
    if fires:
        assert judged(finding(report, "GA302")) == ("warning", "high")


@pytest.mark.parametrize(
    ("value", "floor", "fires"),
    [("10", 10, False), ("9", 10, True), ("30", 31, True), ("4", 4, False), ("59", 60, True)],
)
def test_the_floor_can_be_set(audit_tree: AuditTree, value: str, floor: int, fires: bool) -> None:
    files = system(f"socket-timeout = {value}")
    report = audit_tree(files, select=ONLY, floors=Floors(streaming=floor))

    assert codes(report) == (["GA302"] if fires else [])


def test_the_default_is_held_against_the_floor_too(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system(), select=ONLY, floors=Floors(streaming=4))) == []
    assert codes(audit_tree(system(), select=ONLY, floors=Floors(streaming=5))) == ["GA302"]


def test_the_floor_of_buffering_is_another(audit_tree: AuditTree) -> None:
    files = system("socket-timeout = 30")

    assert codes(audit_tree(files, select=ONLY, floors=Floors(buffering=900))) == []


@pytest.mark.parametrize(
    ("chunked", "covered"),
    [("30", True), ("300", True), ("29", False), ("2", False), ("0", False)],
)
def test_chunked_uploads_have_a_timer_of_their_own_when_it_is_set(
    audit_tree: AuditTree, chunked: str, covered: bool
) -> None:
    files = system("socket-timeout = 10", f"chunked-input-timeout = {chunked}")
    found = finding(audit_tree(files, select=ONLY), "GA302")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert ("an upload with a Content-Length fails" in found.message) is covered
    assert ("an upload fails" in found.message) is not covered


def test_a_long_socket_timeout_is_fine_whatever_the_chunked_one_is(audit_tree: AuditTree) -> None:
    files = system("socket-timeout = 30", "chunked-input-timeout = 2")  # that is GA305's business

    assert codes(audit_tree(files, select=ONLY)) == []


@pytest.mark.parametrize(
    ("lines", "line"),
    [(("socket-timeout = 30", "socket-timeout = 4"), 5), (("socket_timeout = 300",), 1)],
)
def test_the_effective_value_counts(
    audit_tree: AuditTree, lines: tuple[str, ...], line: int
) -> None:
    found = finding(audit_tree(system(*lines), select=ONLY), "GA302")

    assert found.location.line == line
    assert found.message.startswith("socket-timeout 4 s")


def test_the_last_value_may_be_the_long_one(audit_tree: AuditTree) -> None:
    files = system("socket-timeout = 4", "socket-timeout = 30")

    assert codes(audit_tree(files, select=ONLY)) == []


@pytest.mark.parametrize(
    ("apache", "listen"),
    [
        ("SetEnv proxy-sendcl 1\n" + ROUTE, "http-socket"),  # Content-Length still streams
        ('ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n', "socket"),
        (ROUTE, "http"),
    ],
)
def test_every_way_to_the_uwsgi_is_meant(audit_tree: AuditTree, apache: str, listen: str) -> None:
    files: dict[str, Content] = {APACHE_CONF: apache, UWSGI_INI: ini(listen=listen)}
    found = finding(audit_tree(files, select=ONLY), "GA302")

    assert where(found.location) == f"{INI}:1:1"
    assert judged(found) == ("warning", "high")
    assert list(notes(found).values()) == [f"{CONF}:{apache.count(chr(10))}:1"]


def test_a_uwsgi_behind_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "    Include /etc/apache2/both.inc\n"
    files: dict[str, Content] = {
        APACHE_CONF: f"<VirtualHost *:80>\n{include}</VirtualHost>\n"
        f"<VirtualHost *:443>\n{include}</VirtualHost>\n",
        "/etc/apache2/both.inc": ROUTE,
        UWSGI_INI: ini(),
    }
    found = finding(audit_tree(files, select=ONLY), "GA302")

    assert where(found.location) == f"{INI}:1:1"
    assert list(notes(found).values()) == ["etc/apache2/both.inc:1:1"]


def test_each_uwsgi_of_glance_is_reported(audit_tree: AuditTree) -> None:
    second = ini("socket-timeout = 0").replace("60999", "61000")
    apache = ROUTE + 'ProxyPass "/glance" "http://127.0.0.1:61000"\n'
    other = "/etc/glance/glance-second-uwsgi.ini"
    files: dict[str, Content] = {APACHE_CONF: apache, UWSGI_INI: ini(), other: second}
    report = audit_tree(files, select=ONLY)

    assert {where(f.location): judged(f)[0] for f in findings(report, "GA302")} == {
        f"{INI}:1:1": "warning",
        f"{other[1:]}:4:1": "error",
    }


def test_a_uwsgi_of_another_service_is_none_of_its_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/identity" "http://127.0.0.1:60999"\n',
        UWSGI_INI: ini("socket-timeout = 0", app="keystone.wsgi.api"),
    }

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_glance_whose_uwsgi_is_not_there_to_read_is_not_guessed_at(
    audit_tree: AuditTree,
) -> None:
    assert codes(audit_tree({APACHE_CONF: ROUTE}, select=ONLY)) == []


def test_a_zero_is_an_error_whatever_the_floor(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: 'ProxyPass "/image" "http://127.0.0.1:60999"\n',
        UWSGI_INI: (
            "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
            "socket-timeout = 0\n"
        ),
    }
    found = finding(audit_tree(files, floors=Floors(streaming=0), select=("GA302",)), "GA302")

    assert judged(found) == ("error", "high")
