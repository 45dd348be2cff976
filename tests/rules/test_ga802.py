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
    notes,
    where,
)

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA802",)
SOCKET = "http-socket = /run/glance/api.sock"


def system(*lines: str, socket: str = SOCKET, app: str = "glance.wsgi.api") -> dict[str, Content]:
    body = "".join(f"{line}\n" for line in (socket, *lines))
    route = 'ProxyPass "/image" "unix:/run/glance/api.sock|http://localhost"\n'
    return {APACHE_CONF: route, UWSGI_INI: f"[uwsgi]\nmodule = {app}:application\n{body}"}


def test_a_socket_for_everybody_is_reported(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("chmod-socket = 666"), select=ONLY), "GA802")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "chmod-socket = 666 gives the socket mode 666: every user of this host talks to Glance "
        "past Apache"
    )
    assert found.help == (
        "write chmod-socket = 660, and give the socket to Apache's group with chown-socket"
    )
    assert notes(found) == {"is open to everybody": f"{INI}:3:1"}


@pytest.mark.parametrize(("value", "mode"), [("1", "666"), ("777", "777"), ("662", "662")])
def test_other_values_that_let_all_write(audit_tree: AuditTree, value: str, mode: str) -> None:
    found = finding(audit_tree(system(f"chmod-socket = {value}"), select=ONLY), "GA802")
    assert found.message.startswith(f"chmod-socket = {value} gives the socket mode {mode}:")


@pytest.mark.parametrize("value", ["0660", "rw", "", "66", "888", "660 ; c", "2"])
def test_a_value_that_uwsgi_refuses_is_an_error(audit_tree: AuditTree, value: str) -> None:
    found = finding(audit_tree(system(f"chmod-socket = {value}".strip()), select=ONLY), "GA802")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "chmod-socket takes three octal digits, or 1: uWSGI ends at this value"
    )
    assert found.help == "write chmod-socket = 660"


@pytest.mark.parametrize("lines", [(), ("chmod-socket = 660",), ("chmod-socket = 664",)])
def test_a_socket_for_a_group_is_fine(audit_tree: AuditTree, lines: tuple[str, ...]) -> None:
    assert codes(audit_tree(system(*lines), select=ONLY)) == []


def test_the_last_value_counts(audit_tree: AuditTree) -> None:
    closed = system("chmod-socket = 666", "chmod-socket = 660")
    opened = system("chmod-socket = 660", "chmod-socket = 666")
    assert codes(audit_tree(closed, select=ONLY)) == []
    assert where(finding(audit_tree(opened, select=ONLY), "GA802").location) == f"{INI}:5:1"


def test_without_a_unix_socket_it_does_nothing(audit_tree: AuditTree) -> None:
    files = system("chmod-socket = 666", socket="http-socket = 127.0.0.1:60999")
    assert codes(audit_tree(files, select=ONLY)) == []


@pytest.mark.parametrize("value", ["$(MODE)", "%(mode)", "@(/etc/mode)"])
def test_a_value_that_nobody_knows_is_not_judged(audit_tree: AuditTree, value: str) -> None:
    assert codes(audit_tree(system(f"chmod-socket = {value}"), select=ONLY)) == []


def test_a_neighbour_is_none_of_our_business(audit_tree: AuditTree) -> None:
    files = system("chmod-socket = 666", app="nova.wsgi.osapi_compute")
    files[APACHE_CONF] = "KeepAlive On\n"
    assert codes(audit_tree(files, select=ONLY)) == []
