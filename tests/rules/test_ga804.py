from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    AuditTree,
    Content,
    codes,
    finding,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
ONLY = ("GA804",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
ON = "ProxyRequests On\n"
DENIED = "Require all denied\n"


def apache(text: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE + text}


def section(name: str, argument: str, body: str) -> str:
    return f"<{name} {argument}>\n{body}</{name}>\n"


def host(body: str, address: str = "*:80") -> str:
    return section("VirtualHost", address, body)


def test_an_open_proxy_is_reported(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(apache("  ProxyRequests On\n"), select=ONLY), "GA804")

    assert where(found.location) == f"{CONF}:2:3"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "ProxyRequests On without a <Proxy> section that keeps strangers out: this Apache sends "
        "anybody's requests to any host"
    )
    assert found.help == (
        "remove it, as ProxyPass needs none; for a forward proxy that is meant, add Require ip ... "
        'in <Proxy "*">'
    )
    assert found.related == ()


def test_the_section_that_lets_everybody_in_is_shown(audit_tree: AuditTree) -> None:
    text = ON + section("Proxy", "*", "Require all granted\n")
    found = finding(audit_tree(apache(text), select=ONLY), "GA804")
    assert notes(found) == {"lets everybody in": f"{CONF}:3:1"}


# Each of these was asked on a live Apache: tests/oracle/test_forward_proxy_live.py.
OPEN = {
    "alone": ON,
    "directory": ON + section("Directory", "/", DENIED),
    "location-root": ON + section("Location", '"/"', DENIED),
    "another-url": ON + section("Proxy", '"http://good.example/*"', DENIED),
    "limit": ON + section("Proxy", "*", section("Limit", "POST", DENIED)),
    "granted": ON + section("Proxy", "*", "Require all granted\n"),
    "any": ON + section("Proxy", "*", section("RequireAny", "", DENIED + "Require all granted\n")),
    "allow-all": ON + section("Proxy", "*", "Order deny,allow\nAllow from all\n"),
    "no-control": ON + section("Proxy", "*", "ProxySet keepalive=On\n"),
    "later-granted": ON
    + section("Proxy", "*", DENIED)
    + section("Proxy", '"http://*"', "Require all granted\n"),
    "off-then-on": "ProxyRequests Off\n" + ON,
    "inherited": ON + host(""),
    "of-a-host": host(ON),
    "host-grants": ON
    + section("Proxy", "*", DENIED)
    + host(section("Proxy", "*", "Require all granted\n")),
}
CLOSED = {
    "off": "ProxyRequests Off\n",
    "on-then-off": ON + "ProxyRequests Off\n",
    "denied": ON + section("Proxy", "*", DENIED),
    "http": ON + section("Proxy", '"http://*"', DENIED),
    "match": ON + section("ProxyMatch", '"^http://"', DENIED),
    "location-scheme": ON + section("Location", '"http:"', DENIED),
    "location-match": ON + section("LocationMatch", '".*"', DENIED),
    "network": ON + section("Proxy", "*", "Require ip 10.0.0.0/8\n"),
    "deny": ON + section("Proxy", "*", "Order deny,allow\nDeny from all\n"),
    "deny-but": ON + section("Proxy", "*", "Order deny,allow\nDeny from all\nAllow from 10.\n"),
    "allow-deny": ON + section("Proxy", "*", "Order allow,deny\n"),
    "block": ON + 'ProxyBlock "*"\n',
    "later-denied": ON
    + section("Proxy", '"http://*"', "Require all granted\n")
    + section("Proxy", "*", DENIED),
    "if": ON + section("If", '"true"', DENIED),
    "host-off": ON + host("ProxyRequests Off\n"),
    "main-denies": section("Proxy", "*", DENIED) + host(ON),
    "host-denies": host(ON + section("Proxy", "*", DENIED)),
    "all": ON
    + section("Proxy", "*", section("RequireAll", "", "Require all granted\nRequire ip 10\n")),
    "none": ON + section("Proxy", "*", section("RequireNone", "", "Require ip 10\n")),
    "allow-deny-both": ON
    + section("Proxy", "*", "Order allow,deny\nAllow from all\nDeny from all\n"),
    "loopback": "Listen 127.0.0.1:80\nListen [::1]:80\n" + ON,
    "loopback-host": host(ON, "127.0.0.1:80"),
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_what_leaves_it_open(audit_tree: AuditTree, text: str) -> None:
    found = finding(audit_tree(apache(text), select=ONLY), "GA804")
    assert judged(found) == ("error", "high")


@pytest.mark.parametrize("text", CLOSED.values(), ids=CLOSED)
def test_what_closes_it(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree(apache(text), select=ONLY)) == []


@pytest.mark.parametrize("text", ["Listen 127.0.0.1:80\nListen 443\n", "Listen 192.0.2.1:80\n"])
def test_one_address_of_the_network_is_enough(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree(apache(text + ON), select=ONLY)) == ["GA804"]


def test_one_switch_for_many_hosts_is_told_once(audit_tree: AuditTree) -> None:
    text = ON + host(section("Proxy", "*", DENIED)) + host("") + host("")
    found = finding(audit_tree(apache(text), select=ONLY), "GA804")
    assert where(found.location) == f"{CONF}:2:1"


def test_an_apache_without_glance_is_none_of_our_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {APACHE_CONF: f'ProxyPass "/a" "http://127.0.0.1:1"\n{ON}'}
    assert codes(audit_tree(files, select=ONLY)) == []
