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
ONLY = ("GA909",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
COMMENT = "uWSGI knows no comment behind a value: "
OWN_LINE = "put the comment on a line of its own"


def system(lines: str, app: str = "glance.wsgi.api") -> dict[str, Content]:
    head = f"[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = {app}:application\n"
    return {APACHE_CONF: ROUTE, UWSGI_INI: f"{head}{lines}\n"}


@pytest.mark.parametrize(
    ("line", "severity", "message", "advice"),
    [
        (
            "lazy-apps = false ; not now",
            "warning",
            f"{COMMENT}lazy-apps is on, off is a bare false, off, no or 0",
            OWN_LINE,
        ),
        (
            "harakiri = 600 # ten minutes",
            "info",
            f"{COMMENT}it is part of harakiri, and happens to do no harm",
            OWN_LINE,
        ),
        (
            "chdir = /var/lib/glance ; its home",
            "warning",
            f"{COMMENT}it is part of chdir",
            OWN_LINE,
        ),
        (
            "lazy-apps = disabled",
            "warning",
            "lazy-apps is on with this value: only a bare false, off, no or 0 switches it off",
            "write lazy-apps = false",
        ),
        (
            "buffer-size = 64k",
            "warning",
            "buffer-size is read as 64: uWSGI knows no units and no fractions",
            "write the number in full",
        ),
        (
            "http-keepalive = true",
            "warning",
            "http-keepalive is read as 0: it takes a number, and uWSGI finds none",
            "write a number",
        ),
        (
            "http-keepalive =",
            "warning",
            "http-keepalive without a value is read as 0: only on the command line it means more",
            "write http-keepalive = 1",
        ),
        (
            "stats = false",
            "warning",
            "stats makes a UNIX socket of this name: an address on TCP has a colon",
            "write stats = 127.0.0.1:PORT, or remove it",
        ),
    ],
)
def test_a_value_that_is_misread(
    audit_tree: AuditTree, line: str, severity: str, message: str, advice: str
) -> None:
    found = finding(audit_tree(system(line), select=ONLY), "GA909")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == (severity, "high")
    assert (found.message, found.help) == (message, advice)
    assert found.related == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("master = 0 ; no", "master is on"),
        ("master = true ; yes", "happens to do no harm"),
        ("processes = 4\t; four", "happens to do no harm"),
        ("uid = glance ; user", "part of uid"),
        ("socket = /run/a.sock ; here", "part of socket"),
        ("master = none", "is on with"),
        ("master = 00", "is on with"),
        ("master = 'false'", "is on with"),
        ('master = "0"', "is on with"),
        ("master = N", "is on with"),
        ("disable-logging = disabled", "is on with"),
        ("harakiri = 5m", "read as 5"),
        ("harakiri = 0.5", "read as 0"),
        ("log-maxsize = 1_000", "read as 1"),
        ("log-maxsize = 100 MB", "read as 100"),
        ("reload-on-rss = 1g", "read as 1"),
        ("harakiri = auto", "read as 0"),
        ("http-manage-expect = on", "read as 0"),
        ("http-socket = 8080", "makes a UNIX socket"),
        ("http-socket = 127.0.0.1", "makes a UNIX socket"),
        ("socket = off", "makes a UNIX socket"),
    ],
)
def test_more_of_the_kind(audit_tree: AuditTree, line: str, words: str) -> None:
    assert words in finding(audit_tree(system(line), select=ONLY), "GA909").message


@pytest.mark.parametrize(
    "lines",
    [
        "master = false\nlazy-apps = OFF\nneed-app = 0\nvacuum = No",
        "master =\nneed-app",
        "master = yes\nvacuum = 1",
        "harakiri = 10s\nlog-maxsize = 10 bytes\nreload-on-rss = 512M",
        "harakiri =\nlimit-post = off\nhttp-keepalive = false",
        "processes = %k\nthreads = $(N)\nlisten = @(/proc/sys/net/core/somaxconn)",
        "log-format = %%(addr) ; %%(uri)",
        "route = .* addheader:A ; B",
        "add-header = Cache-Control: a; b",
        "stats = /run/stats\nsocket = glance.sock",
        "chmod-socket = 660",
        "socket_timeout = 10m",  # no option: GA907
        "env = SIZE=64k",
        "harakiri = 60\nharakiri = 60",
        "master = true\nmaster = 1",
        "env = A=1\nenv = A=2",
        "plugins = a\nplugins = b",
        "harakiri = 60\nif-env = PATH\nharakiri = 90\nendif =",
        "chmod-socket = 660\nchmod-socket = 660",
        "; harakiri = 5m",
    ],
)
def test_values_that_are_read_as_they_look(audit_tree: AuditTree, lines: str) -> None:
    assert [one.message for one in findings(audit_tree(system(lines), select=ONLY), "GA909")] == []


def test_a_setting_that_is_set_twice(audit_tree: AuditTree) -> None:
    lines = "harakiri = 60\nmaster = true\nharakiri = 90"
    found = finding(audit_tree(system(lines), select=ONLY), "GA909")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert found.message == "harakiri is set again further down, and the last one counts"
    assert found.help == "keep one of the two"
    assert notes(found) == {"counts": f"{INI}:6:1"}


@pytest.mark.parametrize(
    "lines", ["uid = a\nuid = b", "master = 1\nmaster = 0", "chdir=/a\nchdir=/b"]
)
def test_other_scalars_too(audit_tree: AuditTree, lines: str) -> None:
    assert "the last one counts" in finding(audit_tree(system(lines), select=ONLY), "GA909").message


def test_modes_are_added_up(audit_tree: AuditTree) -> None:
    found = finding(
        audit_tree(system("chmod-socket = 664\nchmod-socket = 660"), select=ONLY), "GA909"
    )
    assert found.message == "chmod-socket is set again, and uWSGI makes mode 4660 of the two"
    assert notes(found) == {"counts": f"{INI}:5:1"}


def test_another_file_may_replace_a_setting(audit_tree: AuditTree) -> None:
    files = system("harakiri = 60\nini = /etc/glance/more.ini")
    files["/etc/glance/more.ini"] = "[uwsgi]\nharakiri = 90\n"
    assert codes(audit_tree(files, select=ONLY)) == []


def test_what_inherit_brings_comes_last(audit_tree: AuditTree) -> None:
    files = system("inherit = /etc/glance/template.ini\nharakiri = 60")
    files["/etc/glance/template.ini"] = "[uwsgi]\nharakiri = 90\nprocesses = 4\n"
    found = finding(audit_tree(files, select=ONLY), "GA909")

    assert where(found.location) == f"{INI}:5:1"
    assert found.message == (
        "harakiri counts for nothing: what inherit brings comes last, wherever the line stands"
    )
    assert found.help == (
        "write include in the place of inherit, above it, or take it out of the template"
    )
    assert notes(found) == {"counts": "etc/glance/template.ini:2:1"}


def test_a_value_in_a_loop_is_told_once(audit_tree: AuditTree) -> None:
    lines = "for-times = 3\nlog-maxsize = 1m\nendfor ="
    assert len(findings(audit_tree(system(lines), select=ONLY), "GA909")) == 1


def test_a_neighbour_is_none_of_our_business(audit_tree: AuditTree) -> None:
    files = system("buffer-size = 64k", app="nova.wsgi.osapi_compute")
    files[APACHE_CONF] = "KeepAlive On\n"
    assert codes(audit_tree(files, select=ONLY)) == []
