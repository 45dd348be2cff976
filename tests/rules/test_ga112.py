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
ONLY = ("GA112",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
OFF = "Proxy100Continue Off\n"
KNOWN = "2.4.71"


def system(
    apache: str = ROUTE, listen: str = "http-socket = 127.0.0.1:60999", *lines: str
) -> dict[str, Content]:
    rest = "".join(f"{line}\n" for line in lines)
    app = "module = glance.wsgi.api:application\n"
    return {APACHE_CONF: apache, UWSGI_INI: f"[uwsgi]\n{listen}\n{app}{rest}"}


def host(*lines: str) -> str:
    return f"<VirtualHost *:80>\n{''.join(lines)}</VirtualHost>\n"


def test_a_route_without_the_directive_is_told_what_happens(audit_tree: AuditTree) -> None:
    files = system(host(ROUTE))
    found = finding(audit_tree(files, select=ONLY, httpd_version=KNOWN), "GA112")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "an upload with Expect: 100-continue, as curl sends, to /image fails with 500 or 502 after "
        "socket-timeout 4 s by default: Apache passes the header on and waits for an answer that "
        "uWSGI never gives"
    )
    assert found.help == "write Proxy100Continue Off in the VirtualHost"
    assert notes(found) == {"the uWSGI that never answers": f"{INI}:2:1"}


def test_the_timer_that_ends_it_is_uwsgis(audit_tree: AuditTree) -> None:
    files = system(ROUTE, "http-socket = 127.0.0.1:60999", "socket-timeout = 300")
    found = finding(audit_tree(files, select=ONLY, httpd_version=KNOWN), "GA112")

    assert "after socket-timeout 300 s: Apache passes" in found.message
    assert found.help == "write Proxy100Continue Off beside the route"


def test_an_on_that_decides_is_the_place(audit_tree: AuditTree) -> None:
    files = system(OFF + host(ROUTE, "Proxy100Continue On\n"))
    found = finding(audit_tree(files, select=ONLY, httpd_version=KNOWN), "GA112")

    assert where(found.location) == f"{CONF}:4:1"
    assert found.help == "write Proxy100Continue Off in the place of Proxy100Continue On"
    assert notes(found) == {
        "the Glance route: /image": f"{CONF}:3:1",
        "the uWSGI that never answers": f"{INI}:2:1",
    }


def test_one_on_for_two_routes_is_one_finding(audit_tree: AuditTree) -> None:
    second = 'ProxyPass "/glance" "http://127.0.0.1:60999"\n'
    files = system("Proxy100Continue On\n" + ROUTE + second)
    found = finding(audit_tree(files, select=ONLY, httpd_version=KNOWN), "GA112")

    assert "as curl sends, to /image and /glance fails with" in found.message
    assert list(notes(found)) == [
        "the Glance route: /image",
        "the Glance route: /glance",
        "the uWSGI that never answers",
    ]


@pytest.mark.parametrize(
    "listen",
    ["http-socket = 127.0.0.1:60999", "http = 127.0.0.1:60999", "http11-socket = :60999"],
)
def test_every_listener_that_speaks_http_keeps_silent(audit_tree: AuditTree, listen: str) -> None:
    report = audit_tree(system(ROUTE, listen), select=ONLY, httpd_version=KNOWN)

    assert judged(finding(report, "GA112")) == ("error", "high")


@pytest.mark.parametrize(
    "apache",
    [
        ROUTE + OFF,
        OFF + host(ROUTE),
        host(ROUTE, OFF),
        host(ROUTE, f'<Location "/image">\n{OFF}</Location>\n'),
        host(ROUTE, "SetEnv force-proxy-request-1.0 1\n"),
    ],
)
def test_what_apache_answers_itself_is_fine(audit_tree: AuditTree, apache: str) -> None:
    assert codes(audit_tree(system(apache), select=ONLY, httpd_version=KNOWN)) == []


def test_the_header_unset_does_not_help(audit_tree: AuditTree) -> None:
    files = system(ROUTE + 'RequestHeader unset "Expect" early\n')

    assert codes(audit_tree(files, select=ONLY, httpd_version=KNOWN)) == ["GA112"]


def test_a_condition_makes_it_less_sure(audit_tree: AuditTree) -> None:
    condition = f"<If \"%{{REQUEST_METHOD}} == 'PUT'\">\n{OFF}</If>\n"
    files = system(ROUTE + condition)
    found = finding(audit_tree(files, select=ONLY, httpd_version=KNOWN), "GA112")

    assert judged(found) == ("error", "medium")
    assert "to /image fails for some requests with 500 or 502" in found.message


@pytest.mark.parametrize(
    ("version", "words"),
    [("2.4.40", ""), ("2.4.39", None), (None, " (on httpd 2.4.40 and later)")],
)
def test_older_servers_do_not_pass_it_on(
    audit_tree: AuditTree, version: str | None, words: str | None
) -> None:
    report = audit_tree(system(), select=ONLY, httpd_version=version)

    if words is None:
        assert codes(report) == []
    else:
        found = finding(report, "GA112")
        assert judged(found) == ("error", "medium" if words else "high")
        assert found.message.endswith(f"uWSGI never gives{words}")


@pytest.mark.parametrize(
    ("apache", "listen"),
    [
        ('ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n', "socket = 127.0.0.1:60999"),
        (ROUTE, "socket = 127.0.0.1:60999"),  # that is GA104's business
        (ROUTE, "http-socket = 127.0.0.1:61000"),  # nothing is known of what answers
    ],
)
def test_only_a_uwsgi_that_speaks_http_behind_http_is_meant(
    audit_tree: AuditTree, apache: str, listen: str
) -> None:
    assert codes(audit_tree(system(apache, listen), select=ONLY, httpd_version=KNOWN)) == []


def test_a_uwsgi_that_may_be_another_machines_is_a_hint(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "http://images.internal:60999"\n'
    report = audit_tree(system(route, "http-socket = :60999"), select=ONLY, httpd_version=KNOWN)

    assert [judged(one) for one in findings(report, "GA112")] == [("error", "low")]


def test_other_services_are_none_of_its_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/identity" "http://127.0.0.1:60999"\n',
        UWSGI_INI: "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = keystone.wsgi.api\n",
    }

    assert codes(audit_tree(files, select=ONLY, httpd_version=KNOWN)) == []


def test_a_fragment_in_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc\n"
    files = system(host(include) + host(include).replace(":80", ":443"))
    files["/etc/apache2/both.inc"] = ROUTE
    found = finding(audit_tree(files, select=ONLY, httpd_version=KNOWN), "GA112")

    assert where(found.location) == "etc/apache2/both.inc:1:1"


def test_the_line_of_a_macro_is_named(audit_tree: AuditTree) -> None:
    module = "LoadModule macro_module modules/mod_macro.so\n"
    files = system(f"{module}<Macro Image>\n{ROUTE}</Macro>\nUse Image\n")
    found = finding(audit_tree(files, select=ONLY, httpd_version=KNOWN), "GA112")

    assert where(found.location) == f"{CONF}:5:1"
    assert notes(found)["the line of the macro"].startswith(f"{CONF}:3")


@pytest.mark.parametrize("server", ["", "Proxy100Continue On\n"])
def test_a_route_without_its_module_has_that_to_mend_first(
    audit_tree: AuditTree, server: str
) -> None:
    load = "LoadModule proxy_module modules/mod_proxy.so\n"
    files = system(load + server + host(ROUTE))
    report = audit_tree(files, select=("GA108", "GA112"), httpd_version=KNOWN)

    assert sorted(codes(report)) == ["GA108", "GA112"]
    assert finding(report, "GA112").caused_by == finding(report, "GA108").fingerprint
