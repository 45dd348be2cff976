from __future__ import annotations

import pytest
from inline_snapshot import snapshot

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


def test_every_variant_word_for_word(audit_tree: AuditTree) -> None:
    said = {}
    for name, files in {
        "default": host(),
        "main server": {APACHE_CONF: ALIAS},
        "off": host("WSGIChunkedRequest Off"),
        "condition": host("<If \"%{HTTP_HOST} == 'x'\">", "WSGIChunkedRequest On", "</If>"),
    }.items():
        found = finding(audit_tree(files, select=("GA102",)), "GA102")
        said[name] = (found.message, found.help)

    assert said == snapshot(
        {
            "default": (
                (
                    "mod_wsgi answers chunked uploads to /image with 411 Length Required: "
                    "WSGIChunkedRequest is not set for it, and Off is the default"
                ),
                "set WSGIChunkedRequest On in the VirtualHost, and LimitRequestBody 0",
            ),
            "main server": (
                (
                    "mod_wsgi answers chunked uploads to /image with 411 Length Required: "
                    "WSGIChunkedRequest is not set for it, and Off is the default"
                ),
                "set WSGIChunkedRequest On beside the script's alias, and LimitRequestBody 0",
            ),
            "off": (
                (
                    "mod_wsgi answers chunked uploads to /image with 411 Length Required: "
                    "WSGIChunkedRequest is Off"
                ),
                "change it to On, or remove it and set WSGIChunkedRequest On in the VirtualHost",
            ),
            "condition": (
                (
                    "mod_wsgi answers chunked uploads to /image with 411 Length Required for "
                    "some requests: WSGIChunkedRequest is not set for it, and Off is the default"
                ),
                "set WSGIChunkedRequest On in the VirtualHost, and LimitRequestBody 0",
            ),
        }
    )


def test_the_scope_of_an_off_makes_its_fingerprint(audit_tree: AuditTree) -> None:
    off = ("WSGIChunkedRequest Off",)
    plain = finding(audit_tree(host(*off), select=("GA102",)), "GA102")
    scoped = ("<Location /image>", *off, "</Location>")

    assert finding(audit_tree(host(*scoped), select=("GA102",)), "GA102").fingerprint != (
        plain.fingerprint
    )


def test_three_places_where_an_on_does_not_decide_are_enough(audit_tree: AuditTree) -> None:
    lines = []
    for number in range(5):
        lines += [f"<Directory /srv/other{number}>", "WSGIChunkedRequest On", "</Directory>"]
    found = finding(audit_tree(host(*lines), select=("GA102",)), "GA102")

    assert [note.removeprefix("this On, for ") for note in notes(found)] == [
        f"<Directory /srv/other{number}>, does not decide here" for number in range(3)
    ]


def test_a_route_of_another_gateway_before_it_hides_nothing(audit_tree: AuditTree) -> None:
    proxied = 'ProxyPass "/glance" "http://127.0.0.1:9292"\n'
    found = finding(audit_tree({APACHE_CONF: proxied + ALIAS}, select=("GA102",)), "GA102")

    assert where(found.location) == f"{CONF}:2:1"
