"""A uWSGI file that a package brought, and the standalone glance-api that is started instead."""

from __future__ import annotations

import pytest

from tests.rules.audited import AuditTree, Content, codes, finding

CONF = "etc/glance/glance-api.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
UNIT = "etc/systemd/system/glance-api.service"
SCRIPT = "etc/init.d/glance-api"
DIRECT = "/usr/bin/glance-api --config-file=/etc/glance/glance-api.conf"
BY_SCRIPT = "/etc/init.d/glance-api systemd-start"
VARIABLES = (
    "UWSGI_PORT=9292",
    "UWSGI_INI_PATH=/etc/glance/glance-api-uwsgi.ini",
    "UWSGI_INI_APP=/usr/bin/glance-wsgi-api",
)
DISABLED = tuple(f"#{line}" for line in VARIABLES)
TOOLS = "# The content after this line comes from openstack-pkg-tools"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:9292"\n'
# A rule that speaks of every uWSGI.
ONLY = ("GA302",)
SERVED = ["GA302"]


def system(
    start: str = DIRECT,
    *listen: str,
    script: tuple[str, ...] | None = None,
    conf: str = "[DEFAULT]\nworkers = 4\n",
    ini: str = INI,
) -> dict[str, Content]:
    lines = ["[uwsgi]", *listen, "plugins = python3", "wsgi-file = /usr/bin/glance-wsgi-api", ""]
    files: dict[str, Content] = {
        "etc/apache2/apache2.conf": ROUTE,
        CONF: conf,
        UNIT: f"[Service]\nExecStart={start}\n",
        ini: "\n".join(lines),
    }
    return files if script is None else {**files, SCRIPT: "\n".join(["#!/bin/sh", *script, ""])}


def found(audit_tree: AuditTree, files: dict[str, Content]) -> list[str]:
    return sorted(codes(audit_tree(files, select=ONLY, glance_release="25.1.0")))


@pytest.mark.parametrize("listen", [(), ("http-socket = :9292",), ("http-socket = [::1]:9292",)])
def test_what_the_standalone_server_has_the_port_of_does_not_run(
    audit_tree: AuditTree, listen: tuple[str, ...]
) -> None:
    assert found(audit_tree, system(DIRECT, *listen)) == []


def test_debians_init_script_says_what_it_starts(audit_tree: AuditTree) -> None:
    assert found(audit_tree, system(BY_SCRIPT, script=(*DISABLED, TOOLS))) == []
    assert found(audit_tree, system(BY_SCRIPT, script=(*VARIABLES[:2], TOOLS))) == []
    assert found(audit_tree, system(BY_SCRIPT, script=(*VARIABLES, TOOLS))) == SERVED


def test_a_script_that_is_not_there_or_another_says_nothing(audit_tree: AuditTree) -> None:
    assert found(audit_tree, system(BY_SCRIPT)) == SERVED
    assert found(audit_tree, system(BY_SCRIPT, script=DISABLED)) == SERVED
    other = system("/usr/bin/true", script=(*DISABLED, TOOLS))
    assert found(audit_tree, other) == SERVED


def test_its_port_is_what_the_configuration_says(audit_tree: AuditTree) -> None:
    conf = "[DEFAULT]\nworkers = 4\nbind_port = 9393\n"
    moved = system(DIRECT, "http-socket = :9393", conf=conf)
    assert found(audit_tree, moved) == []
    # Both may run: the two have ports of their own.
    assert found(audit_tree, system(DIRECT, "http-socket = :9292", conf=conf)) == SERVED


def test_what_uwsgi_starts_by_itself_runs(audit_tree: AuditTree) -> None:
    files = system(DIRECT, "http-socket = :9292", ini="etc/uwsgi/apps-enabled/glance.ini")
    assert found(audit_tree, files) == SERVED


def test_what_a_unit_starts_runs(audit_tree: AuditTree) -> None:
    files = system(DIRECT, "http-socket = :9292")
    unit = f"[Service]\nExecStart=/usr/bin/uwsgi /{INI}\n"
    files["etc/systemd/system/glance-uwsgi.service"] = unit
    assert found(audit_tree, files) == SERVED


def test_the_route_leads_to_the_standalone_server_then(audit_tree: AuditTree) -> None:
    files = system(DIRECT, "http-socket = :9292")
    report = audit_tree(files, select=("GA106",), glance_release="32")

    assert "glance-api.service starts it" in finding(report, "GA106").message


def test_where_that_server_is_gone_the_unit_is_what_was_left_behind(audit_tree: AuditTree) -> None:
    report = audit_tree(system(DIRECT, "http-socket = :9292"), select=ONLY, glance_release="33")

    assert codes(report) == SERVED
