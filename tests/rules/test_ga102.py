from __future__ import annotations

import pytest

from tests.rules.audited import APACHE_CONF, AuditTree, codes, finding, judged, notes, where

ALIAS = 'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"\n'
CONF = "etc/apache2/apache2.conf"


def host(*lines: str) -> dict[str, str]:
    body = "".join(f"    {line}\n" for line in lines)
    return {APACHE_CONF: f"<VirtualHost *:80>\n    {ALIAS}{body}</VirtualHost>\n"}


def test_without_the_directive_the_route_itself_is_reported(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(host(), select=("GA102",)), "GA102")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("error", "high")
    assert "/image with 411 Length Required" in found.message
    assert "Off is the default" in found.message


def test_an_off_is_reported_where_it_stands_with_the_route_beside_it(
    audit_tree: AuditTree,
) -> None:
    found = finding(audit_tree(host("WSGIChunkedRequest Off"), select=("GA102",)), "GA102")

    assert where(found.location) == f"{CONF}:3:5"
    assert "WSGIChunkedRequest is Off" in found.message
    assert notes(found) == {"the Glance route it closes: /image": f"{CONF}:2:5"}


def test_an_on_that_does_not_reach_the_script_is_pointed_at(audit_tree: AuditTree) -> None:
    lines = ("<Directory /srv/other>", "WSGIChunkedRequest On", "</Directory>")
    found = finding(audit_tree(host(*lines), select=("GA102",)), "GA102")

    assert where(found.location) == f"{CONF}:2:5"
    assert notes(found) == {
        "this On, for <Directory /srv/other>, does not decide here": f"{CONF}:4:5"
    }


def test_a_condition_makes_it_less_certain(audit_tree: AuditTree) -> None:
    lines = ("<If \"%{HTTP_HOST} == 'x'\">", "WSGIChunkedRequest On", "</If>")
    found = finding(audit_tree(host(*lines), select=("GA102",)), "GA102")

    assert judged(found) == ("error", "medium")
    assert "for some requests" in found.message


def test_one_off_that_closes_two_routes_is_one_finding(audit_tree: AuditTree) -> None:
    second = 'WSGIScriptAlias "/glance" "/srv/wsgi/glance-wsgi-api"'
    files = host(second, "WSGIChunkedRequest Off")
    found = finding(audit_tree(files, select=("GA102",)), "GA102")

    assert where(found.location) == f"{CONF}:4:5"
    assert "/image and /glance" in found.message
    assert len(found.related) == 2


@pytest.mark.parametrize(
    "lines",
    [
        ("WSGIChunkedRequest On",),
        ("<Directory /srv/wsgi>", "WSGIChunkedRequest On", "</Directory>"),
        ("WSGIChunkedRequest Off", "<Location /image>", "WSGIChunkedRequest On", "</Location>"),
    ],
)
def test_an_on_that_is_in_force_is_fine(audit_tree: AuditTree, lines: tuple[str, ...]) -> None:
    assert codes(audit_tree(host(*lines), select=("GA102",))) == []


@pytest.mark.parametrize(
    "text",
    [
        'WSGIScriptAlias "/identity" "/srv/wsgi/keystone-wsgi-public"\n',
        'ProxyPass "/image" "http://127.0.0.1:60999"\nWSGIChunkedRequest Off\n',
    ],
)
def test_other_services_and_other_gateways_are_none_of_its_business(
    audit_tree: AuditTree, text: str
) -> None:
    assert codes(audit_tree({APACHE_CONF: text}, select=("GA102",))) == []
