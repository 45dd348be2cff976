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
ONLY = ("GA304",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
EFFECT = (
    "uWSGI's http router closes the connection without an answer when the client pauses longer, or "
    "Glance needs longer to answer"
)


def ini(*lines: str, listen: str = "http", app: str = "glance.wsgi.api") -> str:
    body = "".join(f"{line}\n" for line in lines)
    return f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n{body}"


def system(*lines: str, apache: str = ROUTE, listen: str = "http") -> dict[str, Content]:
    return {APACHE_CONF: apache, UWSGI_INI: ini(*lines, listen=listen)}


def test_the_default_is_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(), select=ONLY), "GA304")

    assert where(found.location) == f"{INI}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == f"http-timeout 60 s by default: {EFFECT}"
    assert found.help == "set http-timeout = 300 or more in the [uwsgi] section"
    assert notes(found) == {"uploads arrive through /image on the main server": f"{CONF}:1:1"}


def test_a_short_value_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("http-timeout = 120"), select=ONLY), "GA304")

    assert where(found.location) == f"{INI}:4:1"
    assert found.message == f"http-timeout 120 s: {EFFECT}"


@pytest.mark.parametrize("value", ["0", "true", ""])
def test_zero_is_the_default(audit_tree: AuditTree, value: str) -> None:
    found = finding(audit_tree(system(f"http-timeout = {value}"), select=ONLY), "GA304")

    assert where(found.location) == f"{INI}:4:1"
    assert found.message == f"http-timeout 60 s: {EFFECT}"


@pytest.mark.parametrize(("value", "fires"), [("299", True), ("300", False), ("600s", False)])
def test_five_minutes_are_enough(audit_tree: AuditTree, value: str, fires: bool) -> None:
    report = audit_tree(system(f"http-timeout = {value}"), select=ONLY)

    assert codes(report) == (["GA304"] if fires else [])


@pytest.mark.parametrize(("floor", "fires"), [(60, False), (61, True)])
def test_the_floor_can_be_set(audit_tree: AuditTree, floor: int, fires: bool) -> None:
    report = audit_tree(system(), select=ONLY, floors=Floors(gateway=floor))

    assert codes(report) == (["GA304"] if fires else [])
    if fires:
        assert "http-timeout = 61 or more" in finding(report, "GA304").help


def test_the_other_floors_are_others(audit_tree: AuditTree) -> None:
    floors = Floors(streaming=1, buffering=1, mercy=1, header=1)

    assert codes(audit_tree(system(), select=ONLY, floors=floors)) == ["GA304"]


@pytest.mark.parametrize("listen", ["http-socket", "http11-socket", "socket"])
def test_a_worker_that_listens_itself_has_no_router(audit_tree: AuditTree, listen: str) -> None:
    assert codes(audit_tree(system("http-timeout = 5", listen=listen), select=ONLY)) == []


def test_it_is_said_as_well_where_apache_spools(audit_tree: AuditTree) -> None:
    files = system(apache="SetEnv proxy-sendcl 1\n" + ROUTE)

    assert codes(audit_tree(files, select=ONLY)) == ["GA304"]


def test_a_uwsgi_without_apache_is_told_too(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {UWSGI_INI: ini()}
    found = finding(audit_tree(files, select=ONLY, path=UWSGI_INI), "GA304")

    assert notes(found) == {}


def test_a_uwsgi_behind_three_routes_names_two(audit_tree: AuditTree) -> None:
    more = "".join(ROUTE.replace("/image", f"/image/{n}") for n in (1, 2))
    found = finding(audit_tree(system(apache=more + ROUTE), select=ONLY), "GA304")

    assert list(notes(found).values()) == [f"{CONF}:1:1", f"{CONF}:2:1"]


def test_each_uwsgi_of_glance_is_reported(audit_tree: AuditTree) -> None:
    other = "/etc/glance/glance-second-uwsgi.ini"
    files: dict[str, Content] = {
        APACHE_CONF: ROUTE + 'ProxyPass "/glance" "http://127.0.0.1:61000"\n',
        UWSGI_INI: ini("http-timeout = 300"),
        other: ini("http-timeout = 30").replace("60999", "61000"),
    }
    report = audit_tree(files, select=ONLY)

    assert [where(one.location) for one in findings(report, "GA304")] == [f"{other[1:]}:4:1"]


def test_a_uwsgi_of_another_service_is_none_of_its_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/identity" "http://127.0.0.1:60999"\n',
        UWSGI_INI: ini(app="keystone.wsgi.api"),
    }

    assert codes(audit_tree(files, select=ONLY)) == []


def test_it_folds_under_the_rule_that_tells_of_the_same_timer(audit_tree: AuditTree) -> None:
    files = system("http-timeout = 30", apache="ProxyTimeout 600\nSetEnv proxy-sendcl 1\n" + ROUTE)
    files[UWSGI_INI] = ini("socket-timeout = 600", "http-timeout = 30")
    report = audit_tree(files, select=("GA301", "GA304"))

    assert finding(report, "GA304").caused_by == finding(report, "GA301").fingerprint
