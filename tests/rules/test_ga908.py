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

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA908",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
DEBIAN = {"/usr/lib/uwsgi/plugins/python3_plugin.so": ""}


def system(
    lines: str, listen: str = "http-socket", app: str = "glance.wsgi.api"
) -> dict[str, Content]:
    head = f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n"
    return {APACHE_CONF: ROUTE, UWSGI_INI: f"{head}{lines}\n"}


def test_options_of_the_router_without_a_router_are_named_in_one_finding(
    audit_tree: AuditTree,
) -> None:
    lines = "http-auto-chunked = true\nmaster = true\nhttp-chunked-input = true"
    found = finding(audit_tree(system(lines), select=ONLY), "GA908")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("info", "high")
    assert found.message == (
        "options without effect: http-auto-chunked and http-chunked-input: nothing starts the http "
        "router here"
    )
    assert found.help == "remove them"
    assert notes(found) == {"has no effect either": f"{INI}:6:1"}


@pytest.mark.parametrize("listen", ["http", "https"])
def test_with_a_router_they_count(audit_tree: AuditTree, listen: str) -> None:
    assert codes(audit_tree(system("http-timeout = 300", listen), select=ONLY)) == []


@pytest.mark.parametrize(
    "lines", ["master = true", "http-socket-modifier1 = 0", "start-time = 1", "py-autoreload = 1"]
)
def test_options_of_core_and_of_python_count(audit_tree: AuditTree, lines: str) -> None:
    assert codes(audit_tree({**system(lines), **DEBIAN}, select=ONLY)) == []


def test_options_of_a_plugin_that_debian_does_not_load_are_named(audit_tree: AuditTree) -> None:
    files = {**system("plugins = python3\ncgi = /x"), **DEBIAN}
    found = finding(audit_tree(files, select=ONLY), "GA908")

    assert where(found.location) == f"{INI}:5:1"
    assert found.message == "options without effect: cgi: the plugin cgi is not loaded"
    assert found.help == "remove them, or load the plugin that they are for"


def test_both_reasons_are_told_in_one_finding(audit_tree: AuditTree) -> None:
    files = {**system("http-timeout = 3\ncgi = /x\ngeoip-use-disk = 1"), **DEBIAN}
    found = finding(audit_tree(files, select=ONLY), "GA908")
    assert found.message == (
        "options without effect: http-timeout: nothing starts the http router here; cgi and "
        "geoip-use-disk: the plugins cgi and geoip are not loaded"
    )


def test_the_router_of_debian_needs_its_plugin(audit_tree: AuditTree) -> None:
    missing = {**system("plugins = python3", "http"), **DEBIAN}
    loaded = {**system("plugins = python3,http", "http"), **DEBIAN}
    found = finding(audit_tree(missing, select=ONLY), "GA908")
    assert found.message == "options without effect: http: the plugin http is not loaded"
    assert codes(audit_tree(loaded, select=ONLY)) == []


def test_what_another_build_has_compiled_in_is_not_known(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system("cgi = /x"), select=ONLY)) == []


def test_each_file_has_its_own_finding(audit_tree: AuditTree) -> None:
    files = system("http-timeout = 3\nini = /etc/glance/more.ini")
    files["/etc/glance/more.ini"] = "[uwsgi]\nhttp-raw-body = true\n"
    found = findings(audit_tree(files, select=ONLY), "GA908")
    assert [where(one.location) for one in found] == [f"{INI}:4:1", "etc/glance/more.ini:2:1"]


def test_a_neighbour_is_none_of_our_business(audit_tree: AuditTree) -> None:
    files = system("http-timeout = 1", app="nova.wsgi.osapi_compute")
    files[APACHE_CONF] = "KeepAlive On\n"
    assert codes(audit_tree(files, select=ONLY)) == []
