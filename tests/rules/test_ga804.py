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
from tests.rules.proxy_cases import CLOSED, DENIED, ON, OPEN, host, section

CONF = "etc/apache2/apache2.conf"
ONLY = ("GA804",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def apache(text: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE + text}


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
