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
ONLY = ("GA806",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def system(lines: str, app: str = "glance.wsgi.api") -> dict[str, Content]:
    head = f"[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = {app}:application\n"
    return {APACHE_CONF: ROUTE, UWSGI_INI: f"{head}{lines}\n"}


@pytest.mark.parametrize(
    ("line", "message", "advice"),
    [
        (
            "py-autoreload = 2",
            (
                "py-autoreload reloads Glance whenever one of its files changes, which cuts off "
                "long uploads"
            ),
            "remove it; it is for development",
        ),
        (
            "honour-stdin = true",
            "honour-stdin leaves standard input open to Glance, which is for debuggers",
            "remove it; it is for development",
        ),
        (
            "exec-asap = touch /x",
            "exec-asap makes uWSGI run a command",
            "move the command to the unit (ExecStartPre=), or remove it",
        ),
        (
            "chdir = @(exec://cat /x)",
            (
                "chdir takes configuration from the output of a command or a function, which is "
                "not run here"
            ),
            "write the result into a file, and read that",
        ),
        (
            "include = http://192.0.2.1/x.ini",
            "include takes configuration from another process or host, which is not asked here",
            "write the result into a file, and read that",
        ),
    ],
)
def test_each_kind_is_told_and_its_value_is_not(
    audit_tree: AuditTree, line: str, message: str, advice: str
) -> None:
    found = finding(audit_tree(system(line), select=ONLY), "GA806")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("error", "high")
    assert (found.message, found.help) == (message, advice)


@pytest.mark.parametrize(
    "line",
    [
        "python-auto-reload = 1",
        "exec-as-user-atexit = a",
        "exec-post-app = a",
        "hook-master-start = exec:a",
        "hook-as-root = safeexec:a",
        "hook-post-fork = !exec:a",
        "ini = exec://a",
        "env = A=@(http://192.0.2.1/a)",
        "inherit = call://a",
        "env = A=@(callint://a)",
    ],
)
def test_other_spellings_are_told_too(audit_tree: AuditTree, line: str) -> None:
    assert findings(audit_tree(system(line), select=ONLY), "GA806")


@pytest.mark.parametrize(
    "line",
    [
        "py-autoreload = 0",
        "py-autoreload = true",  # is read as 0
        "py-autoreload = 2\npython-autoreload = 0",
        "honour-stdin = false",
        "honour-stdin = true\nhonour-stdin = no",
        "hook-master-start = unix_signal:15 gracefully_kill_them_all",
        "hook-as-root = chmod:exec:",
        "py-autoreload-ignore = x",
        "env = A=http://192.0.2.1/",
        "route-run = http://192.0.2.1",
        "env = A=@(/etc/hostname)",
        "; exec-asap = a",
    ],
)
def test_what_does_nothing_of_the_kind_is_fine(audit_tree: AuditTree, line: str) -> None:
    assert codes(audit_tree(system(line), select=ONLY)) == []


def test_each_option_is_told(audit_tree: AuditTree) -> None:
    lines = "exec-asap = a\nexec-asap = b\npy-autoreload = 1\npy-autoreload = 2"
    found = findings(audit_tree(system(lines), select=ONLY), "GA806")
    assert [one.location.line for one in found] == [4, 5, 7]


def test_a_neighbour_is_none_of_our_business(audit_tree: AuditTree) -> None:
    files = system("exec-asap = a", app="nova.wsgi.osapi_compute")
    files[APACHE_CONF] = "KeepAlive On\n"
    assert codes(audit_tree(files, select=ONLY)) == []
