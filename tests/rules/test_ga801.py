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
ONLY = ("GA801",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def system(listen: str, route: str = ROUTE, app: str = "glance.wsgi.api") -> dict[str, Content]:
    return {APACHE_CONF: route, UWSGI_INI: f"[uwsgi]\nmodule = {app}:application\n{listen}\n"}


def test_a_backend_on_every_address_is_reported_at_its_option(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("http-socket = :60999"), select=ONLY), "GA801")

    assert where(found.location) == f"{INI}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "http-socket binds port 60999 of every address: clients reach Glance past Apache"
    )
    assert found.help == "write http-socket = 127.0.0.1:60999, or close the port to others"
    assert notes(found) == {
        "Apache leads to it with /image on the main server": f"{CONF}:1:1",
    }


def test_the_uwsgi_protocol_is_worse(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'
    found = finding(audit_tree(system("socket = 0.0.0.0:60999", route), select=ONLY), "GA801")

    assert found.message == (
        "socket binds port 60999 of every address: clients reach Glance past Apache, and the uwsgi "
        "protocol lets each of them name a file for it to run"
    )
    assert found.help.startswith("write socket = 127.0.0.1:60999")


@pytest.mark.parametrize(
    "listen",
    [
        "http-socket = [::]:60999",
        "http-socket = 0.0.0.0:60999",
        "http = :60999",
        "shared-socket = :60999\nhttp-socket = =0",
    ],
)
def test_other_ways_to_bind_every_address(audit_tree: AuditTree, listen: str) -> None:
    found = finding(audit_tree(system(listen), select=ONLY), "GA801")
    assert "binds port 60999 of every address" in found.message


def test_a_second_listener_is_open_too(audit_tree: AuditTree) -> None:
    listen = "http-socket = 127.0.0.1:60999\nsocket = :9999"
    found = finding(audit_tree(system(listen), select=ONLY), "GA801")
    assert where(found.location) == f"{INI}:4:1"


def test_apache_may_be_another_machine(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "http://controller1:60999"\n'
    found = finding(audit_tree(system("http-socket = :60999", route), select=ONLY), "GA801")
    assert judged(found) == ("error", "low")


def test_one_route_by_loopback_makes_it_certain(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "http://controller1:60999"\nProxyPass /v2 http://[::1]:60999/v2\n'
    found = finding(audit_tree(system("http-socket = [::]:60999", route), select=ONLY), "GA801")

    assert judged(found) == ("error", "high")
    assert len(found.related) == 2


@pytest.mark.parametrize(
    ("listen", "route"),
    [
        ("http-socket = 127.0.0.1:60999", ROUTE),
        ("http-socket = [::1]:60999", 'ProxyPass "/image" "http://[::1]:60999"\n'),
        ("http-socket = 192.0.2.1:60999", 'ProxyPass "/image" "http://192.0.2.1:60999"\n'),
        ("http-socket = /run/g.sock", 'ProxyPass "/image" "unix:/run/g.sock|http://x"\n'),
        ("http-socket = :60999", "KeepAlive On\n"),  # no Apache leads to it
        ("http-socket = :60998", ROUTE),
    ],
)
def test_what_is_bound_narrowly_or_serves_itself_is_fine(
    audit_tree: AuditTree, listen: str, route: str
) -> None:
    assert codes(audit_tree(system(listen, route), select=ONLY)) == []


def test_a_neighbour_is_none_of_our_business(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/compute" "http://127.0.0.1:60999"\n'
    files = system("http-socket = :60999", route, app="nova.wsgi.osapi_compute")
    assert codes(audit_tree(files, select=ONLY)) == []


def test_each_instance_is_judged_by_its_own_routes(audit_tree: AuditTree) -> None:
    route = ROUTE + 'ProxyPass "/other" "http://127.0.0.1:61000"\n'
    other = "[uwsgi]\nmodule = glance.wsgi.api:application\nhttp-socket = :61000\n"
    files = {**system("http-socket = :60999", route), "/etc/glance/second-uwsgi.ini": other}
    found = findings(audit_tree(files, select=ONLY), "GA801")
    assert [list(notes(one).values()) for one in found] == [[f"{CONF}:1:1"], [f"{CONF}:2:1"]]
