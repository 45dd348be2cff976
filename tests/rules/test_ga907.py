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
    where,
)

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA907",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def system(lines: str, app: str = "glance.wsgi.api") -> dict[str, Content]:
    head = f"[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = {app}:application\n"
    return {APACHE_CONF: ROUTE, UWSGI_INI: f"{head}{lines}\n"}


def test_a_name_that_no_release_has_is_reported(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("socket_timeout = 300"), select=ONLY), "GA907")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert found.message == "uWSGI knows no option socket_timeout and passes the line over"
    assert found.help == "write socket-timeout"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("enable_threads", "enable-threads"),
        ("Master", "master"),
        ("--lazy-apps", "lazy-apps"),
        ("START_RESPONSE-NODELAY", "start_response-nodelay"),
        ("soket-timeout", "socket-timeout"),
        ("harakiri-verbos", "harakiri-verbose"),
        ("so-timeout", "socket-timeout"),
        ("http-socket-timeout", "socket-timeout"),
        ("tmpdir", "env = TMPDIR=..."),
    ],
)
def test_the_name_that_was_meant_is_told(audit_tree: AuditTree, name: str, near: str) -> None:
    found = finding(audit_tree(system(f"{name} = 1"), select=ONLY), "GA907")
    assert found.help == f"write {near}"


def test_a_name_like_no_other_may_be_a_placeholder(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("start-time = %t"), select=ONLY), "GA907")

    assert judged(found) == ("info", "high")
    assert found.message == (
        "start-time is no option: uWSGI keeps it as a placeholder, which these files do not use"
    )
    assert found.help == (
        "remove it, or write set-placeholder = start-time=... if the application reads it from "
        "uwsgi.opt"
    )


@pytest.mark.parametrize("lines", ["strict = true\nfoo_bar = 1", "foo_bar = 1\nstrict = true"])
def test_strict_makes_it_an_error(audit_tree: AuditTree, lines: str) -> None:
    found = finding(audit_tree(system(lines), select=ONLY), "GA907")

    assert judged(found) == ("error", "high")
    assert found.message == "uWSGI knows no option foo_bar and ends there (strict)"
    assert found.help == (
        "remove it, or write set-placeholder = foo_bar=... if the application reads it from "
        "uwsgi.opt"
    )


@pytest.mark.parametrize("version", ["2.0.21", "2.0.31", None])
def test_an_option_of_the_development_branch_is_told_apart(
    audit_tree: AuditTree, version: str | None
) -> None:
    files = system("wsgi-manage-chunked-input = true")
    found = finding(audit_tree(files, select=ONLY, uwsgi_version=version), "GA907")

    assert judged(found) == ("warning", "high")
    assert found.message == (
        "wsgi-manage-chunked-input is in uWSGI's development branch alone: a release passes the "
        "line over"
    )
    assert found.help == "remove it"


def test_a_series_to_come_has_it(audit_tree: AuditTree) -> None:
    files = system("wsgi-manage-chunked-input = true\nfoo_bar = 1")
    found = findings(audit_tree(files, select=ONLY, uwsgi_version="2.1"), "GA907")
    assert [one.location.line for one in found] == [5]


def test_else_is_one_of_them(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("if-dir = /etc\nelse =\nendif ="), select=ONLY), "GA907")
    assert found.message.startswith("else is in uWSGI's development branch alone")


@pytest.mark.parametrize(
    "lines",
    [
        "socket-timeout = 300\nharakiri-graceful-timeout = 3",
        "to = 300\nsocket-timeout = %(to)",
        "socket-timeout = %(to)\nto = 300",
        "cpus = 2\nprocesses = %(cpus * 2)",
        "mode = a\nif-opt = mode=a\nmaster = true\nendif =",
        "set-placeholder = foo_bar=1",
        "set-ph = foo_bar=1\nstrict = true",
        "declare-option = my-opt=master=$1\nmy-opt = true",
        "if-env = HOME\nmaster = true\nend =",
        "; foo_bar = 1",
        "http-chunked-input = true",  # of a plugin
    ],
)
def test_what_uwsgi_knows_or_the_file_uses_is_fine(audit_tree: AuditTree, lines: str) -> None:
    assert [one.message for one in findings(audit_tree(system(lines), select=ONLY), "GA907")] == []


def test_an_option_in_a_loop_is_told_once(audit_tree: AuditTree) -> None:
    lines = "for-times = 5\nfoo_bar = %(_)\nendfor ="
    assert where(finding(audit_tree(system(lines), select=ONLY), "GA907").location) == f"{INI}:5:1"


def test_each_line_is_told(audit_tree: AuditTree) -> None:
    found = findings(audit_tree(system("foo_bar = 1\nfoo_bar = 2"), select=ONLY), "GA907")
    assert [one.location.line for one in found] == [4, 5]


def test_after_fifty_names_none_is_compared_any_more(audit_tree: AuditTree) -> None:
    lines = "\n".join(f"soket-timeout{number} = 1" for number in range(60))
    found = findings(audit_tree(system(lines), select=ONLY), "GA907")

    assert len(found) == 60
    assert [one.location.line for one in found if one.help == "write socket-timeout"] == [
        *range(4, 54)
    ]


def test_the_environment_of_a_unit_is_not_judged(audit_tree: AuditTree) -> None:
    run = f"[Service]\nEnvironment=UWSGI_FOO_BAR=1\nExecStart=/usr/bin/uwsgi --ini {UWSGI_INI}\n"
    files = {**system("master = true"), "/etc/systemd/system/glance-api.service": run}
    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_neighbour_is_none_of_our_business(audit_tree: AuditTree) -> None:
    files = system("foo_bar = 1", app="nova.wsgi.osapi_compute")
    files[APACHE_CONF] = "KeepAlive On\n"
    assert codes(audit_tree(files, select=ONLY)) == []
