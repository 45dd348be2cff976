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
    where,
)

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA805",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def system(
    lines: str, listen: str = "http-socket", app: str = "glance.wsgi.api"
) -> dict[str, Content]:
    head = f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n"
    return {APACHE_CONF: ROUTE, UWSGI_INI: f"{head}{lines}\n"}


def test_statistics_for_everybody_are_reported(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("stats = :9191"), select=ONLY), "GA805")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "stats binds port 9191 of every address: whoever connects is told of the requests in "
        "flight, with their tokens"
    )
    assert found.help == "write stats = 127.0.0.1:9191, or the path of a UNIX socket"


def test_an_address_of_the_network_is_named(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("stats-server = 192.0.2.1:9191"), select=ONLY), "GA805")

    assert found.message.startswith("stats-server binds port 9191 of 192.0.2.1: whoever")
    assert found.help.startswith("write stats-server = 127.0.0.1:9191")


def test_the_routers_statistics_are_told_apart(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("http-stats = 0.0.0.0:9192", "http"), select=ONLY), "GA805")
    assert found.message == (
        "http-stats binds port 9192 of every address: whoever connects is told of the sessions of "
        "the router"
    )


@pytest.mark.parametrize(
    "lines",
    [
        "stats = 127.0.0.1:9191",
        "stats = 127.9.9.9:9191",
        "stats = [::1]:9191",
        "stats = localhost:9191",
        "stats = /run/stats.sock",
        "stats = @stats",
        "stats-http = true",
        "stats = :9191\nstats-server = 127.0.0.1:9191",  # one setting, the last one counts
        "http-stats = :9192",  # there is no router
    ],
)
def test_what_others_cannot_reach_is_fine(audit_tree: AuditTree, lines: str) -> None:
    assert codes(audit_tree(system(lines), select=ONLY)) == []


@pytest.mark.parametrize("host", ["0", "*", "[::]", "[0:0:0:0:0:0:0:0]"])
def test_every_way_to_write_all_addresses(audit_tree: AuditTree, host: str) -> None:
    found = finding(audit_tree(system(f"stats = {host}:9191"), select=ONLY), "GA805")
    assert "of every address" in found.message


def test_a_host_name_is_no_loopback(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("stats = controller1:9191"), select=ONLY), "GA805")
    assert "of controller1" in found.message


def test_a_neighbour_is_none_of_our_business(audit_tree: AuditTree) -> None:
    files = system("stats = :9191", app="nova.wsgi.osapi_compute")
    files[APACHE_CONF] = "KeepAlive On\n"
    assert codes(audit_tree(files, select=ONLY)) == []
