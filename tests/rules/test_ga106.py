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

CONF = "etc/apache2/apache2.conf"
UNIT = "/etc/systemd/system/glance-api.service"
ONLY = ("GA106",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:9292"\n'
OTHER = 'ProxyPass "/image" "http://127.0.0.1:9393"\n'
STARTS = "[Service]\nExecStart=/usr/bin/glance-api --config-file=/etc/glance/glance-api.conf\n"
GONE = (
    "which Glance 33 (2026.2) and later do not have: it ends with status 1, and every request with "
    "503"
)
GOING = (
    "which Glance 32 (2026.1) deprecates, and 33 (2026.2) and later do not have: there it ends "
    "with status 1, and every request with 503"
)
BY_UNIT = "/image leads to the standalone glance-api (glance-api.service starts it), "


def help_for(address: str) -> str:
    return (
        f"let uWSGI take its place: http-socket = {address} and module = "
        "glance.wsgi.api:application, with Proxy100Continue Off (httpd 2.4.40 and "
        "later) beside the route"
    )


def system(
    apache: str = ROUTE, conf: str | None = "[DEFAULT]\n", unit: str | None = STARTS
) -> dict[str, Content]:
    files: dict[str, Content] = {APACHE_CONF: apache}
    if conf is not None:
        files[GLANCE_CONF] = conf
    if unit is not None:
        files[UNIT] = unit
    return files


@pytest.mark.parametrize("release", ["33", "2026.2", "33.0.0"])
def test_the_server_is_gone_in_33(audit_tree: AuditTree, release: str) -> None:
    found = finding(audit_tree(system(), select=ONLY, glance_release=release), "GA106")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("error", "high")
    assert found.message == BY_UNIT + GONE
    assert found.help == help_for("127.0.0.1:9292")
    assert notes(found) == {"starts it": "etc/systemd/system/glance-api.service:2:11"}


@pytest.mark.parametrize("release", ["32", "32.0.0"])
def test_it_is_deprecated_in_32(audit_tree: AuditTree, release: str) -> None:
    found = finding(audit_tree(system(), select=ONLY, glance_release=release), "GA106")

    assert judged(found) == ("warning", "high")
    assert found.message == BY_UNIT + GOING
    assert found.help == help_for("127.0.0.1:9292")


@pytest.mark.parametrize("release", ["2025.2", "31.1.0", "20", "pike"])
def test_it_is_what_was_advised_before(audit_tree: AuditTree, release: str) -> None:
    assert codes(audit_tree(system(), select=ONLY, glance_release=release)) == []


def test_an_unknown_release_may_be_one_without_it(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(), select=ONLY), "GA106")

    assert judged(found) == ("warning", "medium")
    assert found.message == BY_UNIT + GOING
    assert found.help == f"{help_for('127.0.0.1:9292')} (on Glance 32 (2026.1) and later)"


@pytest.mark.parametrize(
    "start",
    [
        "/usr/bin/python3 /usr/bin/glance-api",
        "/openstack/venvs/glance-32/bin/glance-api",
        "-/usr/bin/glance-api",
    ],
)
def test_an_interpreter_or_a_virtual_environment_starts_it_too(
    audit_tree: AuditTree, start: str
) -> None:
    files = system(unit=f"[Service]\nExecStart={start}\n")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA106")

    assert judged(found) == ("error", "high")
    assert found.message.startswith(BY_UNIT)


@pytest.mark.parametrize(
    "start",
    [
        "/etc/init.d/glance-api systemd-start",
        "/usr/bin/uwsgi --procname glance-api",
        "/usr/bin/glance-api-proxy",
        "/usr/bin/logger glance-api",
    ],
)
def test_what_only_has_the_name_starts_something_else(audit_tree: AuditTree, start: str) -> None:
    files = system(unit=f"[Service]\nExecStart={start}\n", conf=None)

    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


def test_the_port_of_the_configuration_is_a_weaker_sign(audit_tree: AuditTree) -> None:
    files = system(OTHER, "[DEFAULT]\nbind_port = 9393\n", unit=None)
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA106")

    assert judged(found) == ("error", "medium")
    assert found.message == (
        f"/image leads to the standalone glance-api (bind_port = 9393), {GONE}"
    )
    assert found.help == help_for("127.0.0.1:9393")
    assert notes(found) == {"its port": "etc/glance/glance-api.conf:2:1"}


@pytest.mark.parametrize(("release", "severity"), [("32", "warning"), ("33", "error")])
def test_the_default_port_alone_is_a_hint(
    audit_tree: AuditTree, release: str, severity: str
) -> None:
    found = finding(audit_tree(system(unit=None), select=ONLY, glance_release=release), "GA106")

    assert judged(found) == (severity, "low")
    assert found.message.startswith(
        "/image leads to the standalone glance-api (9292 is its default port), which Glance 3"
    )


def test_the_default_port_says_nothing_on_an_unknown_release(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system(unit=None), select=ONLY)) == []
    files = system(conf="[DEFAULT]\nbind_port = 9292\n", unit=None)
    assert judged(finding(audit_tree(files, select=ONLY), "GA106")) == ("warning", "medium")


@pytest.mark.parametrize(
    "files",
    [
        system(OTHER),
        system(OTHER, conf=None),
        system(conf="[DEFAULT]\nbind_port = 9393\n"),
        system('ProxyPass "/image" "unix:/run/glance.socket|http://localhost:9292"\n'),
        system('ProxyPass "/image" "uwsgi://127.0.0.1:9292"\n'),
        system('ProxyPass "/identity" "http://127.0.0.1:5000"\n'),
        system(conf=None, unit=None),
        system('ProxyPass "/image" "http://images.internal:9292"\n', unit=None),
        system('ProxyPass "/image" "http://10.0.0.5:9292"\n', unit=None),
    ],
    ids=range(9),
)
def test_what_leads_elsewhere_or_to_nobody_knows_what_is_no_finding(
    audit_tree: AuditTree, files: dict[str, Content]
) -> None:
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


def test_the_default_port_counts_without_a_configuration_when_a_unit_starts_it(
    audit_tree: AuditTree,
) -> None:
    found = finding(audit_tree(system(conf=None), select=ONLY, glance_release="33"), "GA106")

    assert judged(found) == ("error", "high")


def test_another_host_may_run_a_glance_of_its_own(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "http://images.internal:9292"\n'
    for conf in ("[DEFAULT]\n", "[DEFAULT]\nbind_host = 0.0.0.0\n", None):
        report = audit_tree(system(route, conf), select=ONLY, glance_release="33")
        found = finding(report, "GA106")

        assert judged(found) == ("error", "medium")
        assert found.help == help_for("images.internal:9292")


def test_bind_host_makes_it_this_one(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "http://10.0.0.5:9292"\n'
    files = system(route, "[DEFAULT]\nbind_host = 10.0.0.5\n")

    assert judged(finding(audit_tree(files, select=ONLY, glance_release="33"), "GA106")) == (
        "error", "high",
    )  # fmt: skip


def test_an_ipv6_address_is_written_in_brackets(audit_tree: AuditTree) -> None:
    files = system('ProxyPass "/image" "http://[::1]:9292"\n')
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA106")

    assert judged(found) == ("error", "high")
    assert found.help == help_for("[::1]:9292")


@pytest.mark.parametrize(
    "listen", ["http-socket = 127.0.0.1:9292", "http-socket = 127.0.0.1:60999"]
)
def test_where_uwsgi_runs_glance_its_port_means_nothing(audit_tree: AuditTree, listen: str) -> None:
    uwsgi = f"[uwsgi]\n{listen}\nmodule = glance.wsgi.api:application\n"
    files = {**system(conf="[DEFAULT]\nbind_port = 9292\n", unit=None), UWSGI_INI: uwsgi}

    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


def test_a_uwsgi_at_the_port_is_no_standalone_server(audit_tree: AuditTree) -> None:
    uwsgi = "[uwsgi]\nhttp-socket = 127.0.0.1:9292\nmodule = glance.wsgi.api:application\n"
    files = {**system(), UWSGI_INI: uwsgi}

    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


def test_it_folds_under_the_address_that_a_uwsgi_has_left(audit_tree: AuditTree) -> None:
    uwsgi = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    files = {**system(), UWSGI_INI: uwsgi}
    report = audit_tree(files, select=("GA106", "GA107"), glance_release="33")

    assert finding(report, "GA106").caused_by == finding(report, "GA107").fingerprint


def test_mod_wsgi_that_runs_glance_is_another_way(audit_tree: AuditTree) -> None:
    apache = ROUTE.replace("/image", "/image/old")
    apache += 'WSGIScriptAlias "/image" "/srv/glance-api.wsgi"\n'
    files = system(apache, "[DEFAULT]\nbind_port = 9292\n", unit=None)
    files["/srv/glance-api.wsgi"] = "from glance.wsgi.api import application\n"

    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


def test_two_routes_are_two_findings_and_a_fragment_is_one(audit_tree: AuditTree) -> None:
    include = "<VirtualHost *:{}>\nInclude /etc/apache2/both.inc\n</VirtualHost>\n"
    own = f"<VirtualHost *:8080>\n{ROUTE}</VirtualHost>\n"
    files = system(include.format(80) + include.format(443) + own)
    files["/etc/apache2/both.inc"] = ROUTE
    report = audit_tree(files, select=ONLY, glance_release="33")

    assert [where(one.location) for one in findings(report, "GA106")] == [
        f"{CONF}:8:1", "etc/apache2/both.inc:1:1",
    ]  # fmt: skip


def test_a_macro_is_reported_at_its_use_with_the_line_of_its_body(audit_tree: AuditTree) -> None:
    load = "LoadModule macro_module mod_macro.so\n"
    files = system(f"{load}<Macro Image>\n{ROUTE}</Macro>\nUse Image\n")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA106")

    assert where(found.location) == f"{CONF}:5:1"
    assert notes(found)["the line of the macro"] == f"{CONF}:3:1"


@pytest.mark.parametrize(
    ("bind_host", "target", "confidence"),
    [
        ("10.0.0.6", "10.0.0.5", "medium"),
        ("Images.internal", "images.internal", "high"),
        ("0.0.0.0", "0.0.0.0", "medium"),
    ],
)
def test_only_bind_host_itself_is_this_machine(
    audit_tree: AuditTree, bind_host: str, target: str, confidence: str
) -> None:
    files = system(
        f'ProxyPass "/image" "http://{target}:9292"\n', f"[DEFAULT]\nbind_host = {bind_host}\n"
    )
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA106")

    assert judged(found) == ("error", confidence)


def test_neither_another_route_nor_another_member_hides_it(audit_tree: AuditTree) -> None:
    apache = (
        '<VirtualHost *:80>\nProxyPass "/image" "http://127.0.0.1:60999"\n</VirtualHost>\n'
        '<Proxy "balancer://glance">\nBalancerMember "http://127.0.0.1:9393"\n'
        'BalancerMember "http://127.0.0.1:9292"\n</Proxy>\n'
        '<VirtualHost *:8080>\nProxyPass "/image" "balancer://glance"\n</VirtualHost>\n'
    )
    uwsgi = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    files = {**system(apache), UWSGI_INI: uwsgi}
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA106")

    assert where(found.location) == f"{CONF}:9:1"
    assert found.help == help_for("127.0.0.1:9292")
