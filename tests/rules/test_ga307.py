from __future__ import annotations

import pytest

from glance_audit.audit.settings import Floors
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
ONLY = ("GA307",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
EFFECT = "Apache ends an upload to /image when Glance does not read, or not answer, for longer"
BESIDE = "write ProxyTimeout 300 or more in the virtual host, or server, of the route"


def apache(text: str) -> dict[str, Content]:
    return {APACHE_CONF: text}


def test_the_default_is_reported_at_the_route(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(apache(ROUTE), select=ONLY), "GA307")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == f"Timeout 60 s by default: {EFFECT} (502 or 504)"
    assert found.help == BESIDE
    assert found.related == ()


@pytest.mark.parametrize(
    ("text", "place", "timer", "advice"),
    [
        ("Timeout 60\n" + ROUTE, "1:1", "Timeout 60 s", BESIDE),
        ("ProxyTimeout 30\n" + ROUTE, "1:1", "ProxyTimeout 30 s", "write ProxyTimeout 300 or more"),
        (
            ROUTE.replace('999"', '999" timeout=20'),
            "1:45",
            "worker timeout= 20 s",
            "write timeout=300 or more there",
        ),
        (
            "Timeout 600\nProxyTimeout 30\n" + ROUTE,
            "2:1",
            "ProxyTimeout 30 s",
            "write ProxyTimeout 300 or more",
        ),
        (
            "ProxyTimeout 600\n" + ROUTE.replace('999"', '999" timeout=20'),
            "2:45",
            "worker timeout= 20 s",
            "write timeout=300 or more there",
        ),
        (
            "ProxyTimeout 1500ms\n" + ROUTE,
            "1:1",
            "ProxyTimeout 1.5 s",
            "write ProxyTimeout 300 or more",
        ),
    ],
)
def test_the_effective_timer_is_reported_where_it_is_set(
    audit_tree: AuditTree, text: str, place: str, timer: str, advice: str
) -> None:
    found = finding(audit_tree(apache(text), select=ONLY), "GA307")

    assert where(found.location) == f"{CONF}:{place}"
    assert found.message == f"{timer}: {EFFECT} (502 or 504)"
    assert found.help == advice
    route = f"{CONF}:{text.count(chr(10))}:1"
    assert notes(found) == {"the Glance route it ends: /image": route}


@pytest.mark.parametrize(
    "text",
    [
        "Timeout 300\n" + ROUTE,
        "Timeout 60\nProxyTimeout 300\n" + ROUTE,
        "Timeout 60\nProxyTimeout 5min\n" + ROUTE,
        "ProxyTimeout 30\n" + ROUTE.replace('999"', '999" timeout=300'),
        'ProxyPass "/identity" "http://127.0.0.1:5000"\n',
        "WSGIScriptAlias /image /usr/bin/glance-wsgi-api\n",
    ],
)
def test_what_is_long_enough_or_has_no_backend_is_fine(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree(apache(text), select=ONLY)) == []


def test_the_floor_can_be_set(audit_tree: AuditTree) -> None:
    files = apache("ProxyTimeout 100\n" + ROUTE)

    assert codes(audit_tree(files, select=ONLY, floors=Floors(gateway=100))) == []
    found = finding(audit_tree(files, select=ONLY, floors=Floors(gateway=101)), "GA307")
    assert found.help == "write ProxyTimeout 101 or more"
    others = Floors(streaming=1, buffering=1, mercy=1)
    assert codes(audit_tree(files, select=ONLY, floors=others)) == ["GA307"]


def test_the_answer_is_that_of_the_gateway(audit_tree: AuditTree) -> None:
    text = (
        "ProxyTimeout 30\n"
        'ProxyPass "/image/a" "uwsgi://127.0.0.1:60999"\n'
        'ProxyPass "/image/b" "http://127.0.0.1:60998"\n'
    )
    found = finding(audit_tree(apache(text), select=ONLY), "GA307")
    first = finding(audit_tree(apache(text.replace("/image/b", "/nova")), select=ONLY), "GA307")
    other = finding(audit_tree(apache(ROUTE.replace("http:", "fcgi:")), select=ONLY), "GA307")

    assert "ends an upload to /image/a when" in first.message
    assert first.message.endswith("for longer (500)")
    assert "ends an upload to /image/a and /image/b when" in found.message
    assert found.message.endswith("for longer (500, 502 or 504)")
    assert other.message.endswith("for longer")
    assert notes(found) == {
        "the Glance route it ends: /image/a": f"{CONF}:2:1",
        "the Glance route it ends: /image/b": f"{CONF}:3:1",
    }


def test_one_setting_is_one_finding_and_two_are_two(audit_tree: AuditTree) -> None:
    text = (
        f"<VirtualHost *:80>\nProxyTimeout 30\n{ROUTE}</VirtualHost>\n"
        f"<VirtualHost *:81>\nProxyTimeout 40\n{ROUTE}{ROUTE.replace('image', 'image/x')}"
        f"</VirtualHost>\n<VirtualHost *:82>\nProxyTimeout 400\n{ROUTE}</VirtualHost>\n"
    )
    report = audit_tree(apache(text), select=ONLY)

    assert [where(one.location) for one in findings(report, "GA307")] == [
        f"{CONF}:2:1",
        f"{CONF}:6:1",
    ]


def test_a_fragment_of_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "    Include /etc/apache2/both.inc\n"
    files: dict[str, Content] = {
        APACHE_CONF: f"<VirtualHost *:80>\n{include}</VirtualHost>\n"
        f"<VirtualHost *:443>\n{include}</VirtualHost>\n",
        "/etc/apache2/both.inc": ROUTE,
    }

    assert where(finding(audit_tree(files, select=ONLY), "GA307").location) == (
        "etc/apache2/both.inc:1:1"
    )


def test_a_neighbours_timer_is_none_of_its_business(audit_tree: AuditTree) -> None:
    text = (
        f"<VirtualHost *:80>\nProxyTimeout 600\n{ROUTE}</VirtualHost>\n<VirtualHost *:5000>\n"
        'ProxyTimeout 10\nProxyPass "/identity" "http://127.0.0.1:5001"\n</VirtualHost>\n'
    )

    assert codes(audit_tree(apache(text), select=ONLY)) == []


def test_it_folds_under_the_rule_that_tells_of_the_same_timer(audit_tree: AuditTree) -> None:
    files = apache("ProxyTimeout 30\nSetEnv proxy-sendcl 1\n" + ROUTE)
    report = audit_tree(files, select=("GA301", "GA307"))

    assert finding(report, "GA307").caused_by == finding(report, "GA301").fingerprint


def test_the_uwsgi_behind_it_may_be_there(audit_tree: AuditTree) -> None:
    ini = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"

    assert codes(audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini}, select=ONLY)) == ["GA307"]
