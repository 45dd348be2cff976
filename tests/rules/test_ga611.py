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
ONLY = ("GA611",)
INI = "[uwsgi]\n{} = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
PARSED = "[oslo_middleware]\nenable_proxy_headers_parsing = true"
PREFIX = "RequestHeader set X-Forwarded-Prefix /image\n"
PRESERVED = "ProxyPreserveHost On\n"
PAST = "lead to http://127.0.0.1:60999/v2/ and past Apache"
LACK = "lack /image"


def host(body: str, name: str = "images.example.net", port: int = 80) -> str:
    return f"<VirtualHost *:{port}>\n    ServerName {name}\n{body}</VirtualHost>\n"


def system(
    apache: str = ROUTE, *lines: str, ini: str | None = INI.format("http-socket")
) -> dict[str, Content]:
    files: dict[str, Content] = {
        APACHE_CONF: apache,
        GLANCE_CONF: "\n".join(("[DEFAULT]", "debug = true", *lines, "")),
    }
    return files if ini is None else files | {UWSGI_INI: ini}


def test_its_absence_is_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(host(ROUTE)), select=ONLY), "GA611")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        f"public_endpoint is not set: the version links that Glance gives at /image {PAST}"
    )
    assert found.help == (
        "set public_endpoint in [DEFAULT] to the address that clients use, such as "
        "http://images.example.net/image"
    )
    assert notes(found) == {"clients come through /image": f"{APACHE_CONF[1:]}:3:1"}


def test_an_empty_one_is_none(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(ROUTE, "public_endpoint ="), select=ONLY), "GA611")

    assert where(found.location) == f"{CONF}:3:1"
    assert found.message.startswith("public_endpoint is empty: the version links")


@pytest.mark.parametrize("release", ["15", "25", "33", None])
def test_every_release_is_reported_alike(audit_tree: AuditTree, release: str | None) -> None:
    report = audit_tree(system(), select=ONLY, glance_release=release)

    assert judged(finding(report, "GA611")) == ("warning", "high")


def test_the_address_is_fine_where_it_is_set(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system(ROUTE, "public_endpoint = http://a"), select=ONLY)) == []


@pytest.mark.parametrize(
    ("apache", "lines", "message"),
    [
        (PRESERVED + ROUTE, (), LACK),
        ("ProxyPreserveHost Off\n" + ROUTE, (), PAST),
        (ROUTE, (PARSED,), LACK),
        ("ProxyAddHeaders Off\n" + ROUTE, (PARSED,), PAST),
        (PREFIX + ROUTE, (PARSED,), None),
        (PREFIX + ROUTE, (), PAST),
        (PREFIX + PRESERVED + ROUTE, (), LACK),
        ("RequestHeader unset X-Forwarded-Prefix\n" + ROUTE, (PARSED,), LACK),
        ('ProxyPass "/" "http://127.0.0.1:60999/"\n', (), PAST),
        (PRESERVED + 'ProxyPass "/" "http://127.0.0.1:60999/"\n', (), None),
        ('ProxyPass "/" "http://127.0.0.1:60999/"\n', (PARSED,), None),
        (PRESERVED + 'ProxyPass "/image" "http://127.0.0.1:60999/image"\n', (), None),
        (PRESERVED + 'ProxyPass "/image/" "http://127.0.0.1:60999/"\n', (), LACK),
        (PRESERVED + 'ProxyPass "/image" "http://127.0.0.1:60999/other"\n', (), LACK),
        (PRESERVED + 'ProxyPassMatch "^/image(/.*)$" "http://127.0.0.1:60999$1"\n', (), LACK),
        (f"<Location /image>\n{PRESERVED}</Location>\n{ROUTE}", (), LACK),
        (f"{PRESERVED}<Location /other>\nProxyPreserveHost Off\n</Location>\n{ROUTE}", (), LACK),
        (f"<Location /other>\n{PRESERVED}</Location>\n{ROUTE}", (), PAST),
        (PRESERVED + host("ProxyPreserveHost Off\n" + ROUTE), (), PAST),
        (PRESERVED + host(ROUTE), (), LACK),
    ],
)
def test_what_glance_sees_decides(
    audit_tree: AuditTree, apache: str, lines: tuple[str, ...], message: str | None
) -> None:
    report = audit_tree(system(apache, *lines), select=ONLY)
    end = [one.message for one in findings(report, "GA611")]

    assert end == ([finding(report, "GA611").message] if message else [])
    assert all(one.endswith(message or "") for one in end)


def test_where_it_depends_on_the_request_it_is_less_sure(audit_tree: AuditTree) -> None:
    apache = f"<If \"%{{HTTP_HOST}} == 'a'\">\n{PRESERVED}</If>\n{ROUTE}"
    found = finding(audit_tree(system(apache), select=ONLY), "GA611")

    assert judged(found) == ("warning", "medium")
    assert found.message.endswith(PAST)


@pytest.mark.parametrize(
    ("apache", "listen"),
    [
        ('ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n', "socket"),
        ('WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n', "http-socket"),
    ],
)
def test_other_gateways_hand_over_the_clients_address(
    audit_tree: AuditTree, apache: str, listen: str
) -> None:
    files = system(apache, ini=INI.format(listen))

    assert codes(audit_tree(files, select=ONLY)) == []


def test_the_example_is_the_virtual_hosts_own(audit_tree: AuditTree) -> None:
    tls = host(f"    SSLEngine on\n{ROUTE}", "https://img.example.org", 443)
    found = finding(audit_tree(system(tls), select=ONLY), "GA611")
    unnamed = finding(audit_tree(system(ROUTE), select=ONLY), "GA611")

    assert found.help.endswith(" such as https://img.example.org/image")
    assert unnamed.help.endswith(" such as http://images.example.net/image")


def test_a_path_that_arrives_is_part_of_the_example(audit_tree: AuditTree) -> None:
    apache = host('ProxyPass "/image" "http://127.0.0.1:60999/image"\n')
    found = finding(audit_tree(system(apache), select=ONLY), "GA611")

    assert found.help.endswith(" such as http://images.example.net/image")


def test_one_service_is_one_finding(audit_tree: AuditTree) -> None:
    both = "Include /etc/apache2/both.inc\n"
    apache = host(ROUTE, "a") + host(both, "b", 443) + host(both, "c", 8443)
    files = system(apache) | {
        "/etc/apache2/both.inc": ROUTE + 'ProxyPass "/glance" "http://127.0.0.1:60999"\n'
    }
    found = finding(audit_tree(files, select=ONLY), "GA611")

    assert [(one.message, where(one.location)) for one in found.related] == [
        ("clients come through /image", f"{APACHE_CONF[1:]}:3:1"),
        ("clients come through /image", "etc/apache2/both.inc:1:1"),
        ("clients come through /glance", "etc/apache2/both.inc:2:1"),
    ]


@pytest.mark.parametrize(
    ("url", "confidence"),
    [
        ("http://127.0.0.1:9292", "high"),
        ("http://localhost:9292", "high"),
        ("unix:/run/glance.sock|http://glance/", "high"),
        ("http://192.0.2.7:9292", "low"),  # another machine, with another configuration
    ],
)
def test_the_standalone_server_makes_the_same_links(
    audit_tree: AuditTree, url: str, confidence: str
) -> None:
    files = system(f'ProxyPass "/image" "{url}"\n', ini=None)
    found = finding(audit_tree(files, select=ONLY), "GA611")

    assert judged(found) == ("warning", confidence)


def test_the_surest_route_is_told(audit_tree: AuditTree) -> None:
    apache = 'ProxyPass "/image/x" "http://192.0.2.7:9292"\n' + ROUTE
    found = finding(audit_tree(system(apache), select=ONLY), "GA611")

    assert judged(found) == ("warning", "high")
    assert found.message.endswith(f"at /image {PAST}")


@pytest.mark.parametrize(
    "files",
    [
        {APACHE_CONF: ROUTE, UWSGI_INI: INI.format("http-socket")},
        {APACHE_CONF: ROUTE, UWSGI_INI: INI.format("http-socket"), GLANCE_CONF: None},
        {
            APACHE_CONF: ROUTE,
            UWSGI_INI: INI.format("http-socket"),
            "/etc/glance/glance-api.conf.d/a.conf": "[DEFAULT]\n",
        },
        system('ProxyPass "/identity" "http://127.0.0.1:5000"\n'),
        system(ROUTE, ini=INI.format("http-socket").replace("glance", "keystone")),
    ],
    ids=["no configuration", "not read", "drop-ins alone", "keystone", "another service"],
)
def test_without_a_glance_and_its_configuration_nothing_is_said(
    audit_tree: AuditTree, files: dict[str, Content]
) -> None:
    assert codes(audit_tree(files, select=ONLY, glance_release="32")) == []


@pytest.mark.parametrize(("release", "found"), [("32", ["GA611"]), ("33", []), (None, [])])
def test_a_drop_in_may_set_it(audit_tree: AuditTree, release: str | None, found: list[str]) -> None:
    files = system() | {
        "/etc/glance/glance-api.conf.d/a.conf": "[DEFAULT]\npublic_endpoint = http://a\n"
    }

    assert codes(audit_tree(files, select=ONLY, glance_release=release)) == found


def test_each_service_is_told_apart(audit_tree: AuditTree) -> None:
    files = system(ROUTE + 'ProxyPass "/b/image" "http://127.0.0.1:2"\n') | {
        UWSGI_INI: INI.format("http-socket") + "env = OS_GLANCE_CONFIG_DIR=/etc/glance\n",
        "/etc/glance/b.ini": (
            INI.format("http-socket").replace("60999", "2") + "env = OS_GLANCE_CONFIG_DIR=/srv/b\n"
        ),
        "/srv/b/glance-api.conf": "[DEFAULT]\n",
    }
    report = audit_tree(files, select=ONLY)

    assert {where(one.location): one.message.rpartition(" at ")[2] for one in report.findings} == {
        f"{CONF}:1:1": f"/image {PAST}",
        "srv/b/glance-api.conf:1:1": "/b/image lead to http://127.0.0.1:2/v2/ and past Apache",
    }
