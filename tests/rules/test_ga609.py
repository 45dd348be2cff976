from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    GLANCE_CONF,
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

CONF = GLANCE_CONF[1:]
ONLY = ("GA609",)
INI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
ALIAS = 'WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n'
EVERY = (
    "bind_host", "bind_port", "workers", "backlog", "tcp_keepidle", "max_header_line",
    "http_keepalive", "client_socket_timeout",
)  # fmt: skip
TLS = ("ca_file", "cert_file", "key_file")
UNDER = "Glance runs under uWSGI (glance-api-uwsgi.ini), and only the standalone glance-api reads"


def system(*lines: str, apache: str = ROUTE, ini: str | None = INI) -> dict[str, Content]:
    files: dict[str, Content] = {
        APACHE_CONF: apache,
        GLANCE_CONF: "\n".join(("[DEFAULT]", "debug = true", *lines, "")),
    }
    return files if ini is None else files | {UWSGI_INI: ini}


def test_an_option_of_the_standalone_server_is_reported(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("workers = 8"), select=ONLY), "GA609")

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("info", "high")
    assert found.message == f"workers has no effect: {UNDER} it"
    assert found.help == "remove it; uWSGI's own is processes"
    assert notes(found) == {}


def test_all_of_a_service_are_one_finding(audit_tree: AuditTree) -> None:
    files = system("client_socket_timeout = 0", "bind_port = 9292", "http_keepalive = false")
    found = finding(audit_tree(files, select=ONLY), "GA609")

    assert where(found.location) == f"{CONF}:3:1"
    assert found.message == (
        f"client_socket_timeout, bind_port and http_keepalive have no effect: {UNDER} them"
    )
    assert found.help == "remove them; uWSGI's own is socket-timeout and http-socket"
    assert notes(found) == {
        "bind_port, the same": f"{CONF}:4:1",
        "http_keepalive, the same": f"{CONF}:5:1",
    }


def test_every_one_of_them_is_named(audit_tree: AuditTree) -> None:
    files = system(*(f"{name} = 1" for name in (*EVERY, *TLS)))
    found = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA609")

    assert found.message.startswith(
        f"{', '.join((*EVERY, *TLS)[:-1])} and key_file have no effect: "
    )
    assert found.help == (
        "remove them; uWSGI's own is http-socket, processes, listen, so-keepalive and 2 more"
    )


@pytest.mark.parametrize(
    ("release", "severity"),
    [("15", "info"), ("31", "info"), ("32", "warning"), ("33", "warning"), (None, "info")],
)
def test_it_is_a_warning_once_they_are_deprecated(
    audit_tree: AuditTree, release: str | None, severity: str
) -> None:
    report = audit_tree(system("workers = 8"), select=ONLY, glance_release=release)

    assert judged(finding(report, "GA609")) == (severity, "high")


def test_what_the_release_lacks_is_no_option(audit_tree: AuditTree) -> None:
    files = system("workers = 8", "bind_port = 1")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA609")

    assert found.message == (
        "workers and bind_port are no options of this Glance: nothing reads them"
    )
    assert found.help == "remove them; uWSGI's own is processes and http-socket"


def test_it_is_none_wherever_it_stands(audit_tree: AuditTree) -> None:
    files = system("workers = 8", apache="", ini=None)
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="33"), "GA609"
    )

    assert found.message == "workers is no option of this Glance: nothing reads it"
    assert found.help == "remove it"
    assert codes(audit_tree(files, path="/etc/glance", select=ONLY, glance_release="32")) == []


@pytest.mark.parametrize("name", TLS)
def test_native_tls_is_gone_since_ussuri(audit_tree: AuditTree, name: str) -> None:
    files = system("workers = 8", f"{name} = /etc/x.pem")
    before = finding(audit_tree(files, select=ONLY, glance_release="19"), "GA609")
    after = findings(audit_tree(files, select=ONLY, glance_release="20"), "GA609")

    assert before.message == f"workers and {name} have no effect: {UNDER} them"
    assert [(where(one.location), one.message, one.help) for one in after] == [
        (
            f"{CONF}:3:1",
            f"workers has no effect: {UNDER} it",
            "remove it; uWSGI's own is processes",
        ),
        (f"{CONF}:4:1", f"{name} is no option of this Glance: nothing reads it", "remove it"),
    ]


def test_mod_wsgi_reads_them_no_more(audit_tree: AuditTree) -> None:
    files = system("workers = 8", apache=ALIAS, ini=None)
    found = finding(audit_tree(files, select=ONLY), "GA609")

    assert found.message == (
        "workers has no effect: Glance runs under mod_wsgi, and only the standalone glance-api "
        "reads it"
    )
    assert found.help == "remove it"


@pytest.mark.parametrize(
    "files",
    [
        system("#workers = 8"),
        system("[database]", "workers = 8"),
        system("debug = false"),
        system("bind-port = 9292"),  # no option at all
        system("workers = 8", ini=None),
        system("workers = 8", apache="", ini=INI.replace("glance", "keystone")),
    ],
    ids=["comment", "section", "others", "dash", "no uWSGI", "another service"],
)
def test_look_alikes_are_fine(audit_tree: AuditTree, files: dict[str, Content]) -> None:
    assert codes(audit_tree(files, select=ONLY)) == []


@pytest.mark.parametrize(
    ("lines", "url", "release", "found"),
    [
        (("workers = 8",), "http://127.0.0.1:9292", None, []),
        (("workers = 8", "bind_port = 9393"), "http://127.0.0.1:9393", None, []),
        (("workers = 8", "bind_port = 9393"), "http://127.0.0.1:9292", None, ["GA609"]),
        (("workers = 8",), "uwsgi://127.0.0.1:9292", None, ["GA609"]),
        (("workers = 8",), "http://127.0.0.1:9292", "33", ["GA609"]),
    ],
)
def test_the_standalone_server_may_run_beside(
    audit_tree: AuditTree, lines: tuple[str, ...], url: str, release: str | None, found: list[str]
) -> None:
    files = system(*lines, apache=f'{ROUTE}ProxyPass "/glance" "{url}"\n')

    assert codes(audit_tree(files, select=ONLY, glance_release=release)) == found


def test_a_uwsgi_on_that_port_is_no_standalone_server(audit_tree: AuditTree) -> None:
    files = system("bind_port = 60999", 'public_endpoint = "http://a"', ini=INI, apache=ROUTE)

    assert codes(audit_tree(files, select=ONLY)) == ["GA609"]


def test_traces_name_the_host_by_bind_host(audit_tree: AuditTree) -> None:
    traced = system("bind_host = a", "workers = 2", "[profiler]", "enabled = true")
    untraced = system("bind_host = a", "workers = 2", "[profiler]", "enabled = false")

    assert finding(audit_tree(traced, select=ONLY), "GA609").message.startswith("workers has")
    assert finding(audit_tree(untraced, select=ONLY), "GA609").message.startswith(
        "bind_host and workers have"
    )
    assert finding(
        audit_tree(traced, select=ONLY, glance_release="33"), "GA609"
    ).message.startswith("bind_host and workers are")


def test_each_service_is_told_apart(audit_tree: AuditTree) -> None:
    files = system("workers = 8", apache="") | {
        "/etc/glance/b.ini": f"{INI.replace('60999', '2')}env = OS_GLANCE_CONFIG_DIR=/srv/b\n",
        UWSGI_INI: f"{INI}env = OS_GLANCE_CONFIG_DIR=/etc/glance\n",
        "/srv/b/glance-api.conf": "[DEFAULT]\nbacklog = 1\n",
    }
    report = audit_tree(files, select=ONLY)

    assert {where(one.location): one.message.partition(",")[0] for one in report.findings} == {
        f"{CONF}:3:1": ("workers has no effect: Glance runs under uWSGI (glance-api-uwsgi.ini)"),
        "srv/b/glance-api.conf:2:1": "backlog has no effect: Glance runs under uWSGI (b.ini)",
    }
