from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.rules.audited import APACHE_CONF, AuditTree, codes, finding, judged, notes, where

CONF = "etc/apache2/apache2.conf"
TCP = 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'
UNIX = 'ProxyPass "/image" "unix:/run/uwsgi/glance.socket|uwsgi://glance"\n'
BALANCER = (
    '<Proxy "balancer://images">\n    BalancerMember "uwsgi://127.0.0.1:60999"\n</Proxy>\n'
    'ProxyPass "/image" "balancer://images"\n'
)
MIXED = BALANCER.replace("</Proxy>", '    BalancerMember "http://127.0.0.1:9292"\n</Proxy>')
MIXED_LATER = BALANCER.replace(
    "    BalancerMember", '    BalancerMember "http://127.0.0.1:9292"\n    BalancerMember'
)


@pytest.mark.parametrize(
    ("text", "line"), [(TCP, 1), (UNIX, 1), (BALANCER, 4), (MIXED, 5), (MIXED_LATER, 5)]
)
def test_every_way_through_mod_proxy_uwsgi_is_refused(
    audit_tree: AuditTree, text: str, line: int
) -> None:
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA103",)), "GA103")

    assert where(found.location) == f"{CONF}:{line}:1"
    assert judged(found) == ("error", "high")
    assert "every chunked upload to /image with 411 Length Required" in found.message


@pytest.mark.parametrize(
    ("release", "workaround", "promise"),
    [
        ("15", True, False),
        ("20", True, False),
        ("21", False, False),
        ("31", False, False),
        ("32", False, True),
        (None, True, True),
    ],
)
def test_the_documentation_of_the_release_is_answered(
    audit_tree: AuditTree, release: str | None, workaround: bool, promise: bool
) -> None:
    message = finding(audit_tree({APACHE_CONF: TCP}, glance_release=release), "GA103").message

    assert ("proxy-sendcl" in message) is workaround
    assert ("full compatibility" in message) is promise


def test_proxy_sendcl_on_the_route_is_shown_to_have_no_effect(audit_tree: AuditTree) -> None:
    text = "SetEnv proxy-sendcl 1\n" + TCP
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA103",)), "GA103")

    assert where(found.location) == f"{CONF}:2:1"
    assert notes(found) == {"proxy-sendcl has no effect on this module": f"{CONF}:1:1"}


def test_proxy_sendcl_for_another_path_is_not_mentioned(audit_tree: AuditTree) -> None:
    text = "<Location /volume>\nSetEnv proxy-sendcl 1\n</Location>\n" + TCP
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA103",)), "GA103")

    assert found.related == ()


def test_an_inherited_proxypass_is_one_finding(audit_tree: AuditTree) -> None:
    text = TCP + "<VirtualHost *:80>\n</VirtualHost>\n<VirtualHost *:81>\n</VirtualHost>\n"
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA103",)), "GA103")

    assert where(found.location) == f"{CONF}:1:1"


@pytest.mark.parametrize(
    "text",
    [
        'ProxyPass "/image" "http://127.0.0.1:60999"\n',
        'ProxyPass "/placement" "uwsgi://127.0.0.1:8778"\n',
    ],
)
def test_http_for_glance_and_uwsgi_for_others_are_fine(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree({APACHE_CONF: text}, select=("GA103",))) == []


def test_what_is_said_of_each_documentation_word_for_word(audit_tree: AuditTree) -> None:
    said = {}
    for release in ("20", "25", "33", None):
        found = finding(audit_tree({APACHE_CONF: TCP}, glance_release=release), "GA103")
        said[release] = (found.message, found.help)

    assert said == snapshot(
        {
            "20": (
                (
                    "mod_proxy_uwsgi answers every chunked upload to /image with 411 Length "
                    "Required; proxy-sendcl, which the documentation of 15.0.0 to 20.0.0 "
                    "recommends, changes nothing"
                ),
                (
                    "let Glance's uWSGI listen with http-socket and reach it with http:// and "
                    "mod_proxy_http, with Proxy100Continue Off (httpd 2.4.40 and later) beside "
                    "it; set public_endpoint in glance-api.conf"
                ),
            ),
            "25": (
                "mod_proxy_uwsgi answers every chunked upload to /image with 411 Length Required",
                (
                    "let Glance's uWSGI listen with http-socket and reach it with http:// and "
                    "mod_proxy_http, with Proxy100Continue Off (httpd 2.4.40 and later) beside "
                    "it; set public_endpoint in glance-api.conf"
                ),
            ),
            "33": (
                (
                    "mod_proxy_uwsgi answers every chunked upload to /image with 411 Length "
                    'Required; the "full compatibility" that the documentation promises from '
                    "32.0.0 on has this gap"
                ),
                (
                    "let Glance's uWSGI listen with http-socket and reach it with http:// and "
                    "mod_proxy_http, with Proxy100Continue Off (httpd 2.4.40 and later) beside "
                    "it; set public_endpoint in glance-api.conf"
                ),
            ),
            None: (
                (
                    "mod_proxy_uwsgi answers every chunked upload to /image with 411 Length "
                    "Required; proxy-sendcl, which the documentation of 15.0.0 to 20.0.0 "
                    'recommends, changes nothing, and the "full compatibility" that the '
                    "documentation promises from 32.0.0 on has this gap"
                ),
                (
                    "let Glance's uWSGI listen with http-socket and reach it with http:// and "
                    "mod_proxy_http, with Proxy100Continue Off (httpd 2.4.40 and later) beside "
                    "it; set public_endpoint in glance-api.conf (Glance 15 (Pike) alone needs "
                    "proxy-sendcl there)"
                ),
            ),
        }
    )


@pytest.mark.parametrize(
    ("version", "beside"),
    [("2.4.39", ""), ("2.4.40", ", with Proxy100Continue Off beside it")],
)
def test_an_apache_that_would_not_start_with_proxy100continue_is_not_told_of_it(
    audit_tree: AuditTree, version: str, beside: str
) -> None:
    report = audit_tree({APACHE_CONF: TCP}, glance_release="25", httpd_version=version)
    found = finding(report, "GA103")

    assert found.help == (
        "let Glance's uWSGI listen with http-socket and reach it with http:// and "
        f"mod_proxy_http{beside}; set public_endpoint in glance-api.conf"
    )


def test_the_virtual_host_it_stands_in_makes_its_fingerprint(audit_tree: AuditTree) -> None:
    prints = {
        finding(
            audit_tree({APACHE_CONF: f"<VirtualHost *:{port}>\n{TCP}</VirtualHost>\n"}), "GA103"
        ).fingerprint
        for port in (80, 443)
    }

    assert len(prints) == 2
