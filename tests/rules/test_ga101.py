from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.rules.audited import APACHE_CONF, AuditTree, codes, finding, judged, where

GLANCE = 'WSGIScriptAlias "/image" "/usr/lib/cgi-bin/glance-wsgi-api"\n'
KEYSTONE = 'WSGIScriptAlias "/identity" "/usr/lib/cgi-bin/keystone-wsgi-public"\n'


@pytest.mark.parametrize(
    ("release", "severity"),
    [
        ("15", "error"),
        ("20", "error"),
        ("20.2.0", "error"),
        ("21", "warning"),
        ("31", "warning"),
        ("32", "info"),
        ("33", "info"),
        (None, "warning"),
    ],
)
def test_the_release_decides_how_bad_mod_wsgi_is(
    audit_tree: AuditTree, release: str | None, severity: str
) -> None:
    found = finding(audit_tree({APACHE_CONF: GLANCE}, glance_release=release), "GA101")

    assert judged(found) == (severity, "high")


def test_the_line_that_makes_the_route_is_reported(audit_tree: AuditTree) -> None:
    text = f"<VirtualHost *:80>\n    {KEYSTONE}    {GLANCE}</VirtualHost>\n"
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA101",)), "GA101")

    assert where(found.location) == "etc/apache2/apache2.conf:3:5"
    assert "/image" in found.message


@pytest.mark.parametrize(
    ("release", "words"),
    [
        ("ussuri", "Glance 20 (Ussuri) cannot run image import"),
        ("31", "documentation of this release advises against it; uploads and import work"),
        ("32", "its example refuses chunked uploads"),
        (None, "up to 20 (Ussuri), where this is an error"),
    ],
)
def test_the_message_tells_what_the_documentation_says_and_what_happens(
    audit_tree: AuditTree, release: str | None, words: str
) -> None:
    found = finding(audit_tree({APACHE_CONF: GLANCE}, glance_release=release), "GA101")

    assert words in found.message


def test_one_directive_that_several_virtual_hosts_include_is_one_finding(
    audit_tree: AuditTree,
) -> None:
    host = "<VirtualHost *:{}>\nInclude /etc/apache2/image.inc\n</VirtualHost>\n"
    report = audit_tree(
        {APACHE_CONF: host.format(80) + host.format(443), "/etc/apache2/image.inc": GLANCE},
        select=("GA101",),
    )

    assert where(finding(report, "GA101").location) == "etc/apache2/image.inc:1:1"


@pytest.mark.parametrize(
    ("release", "words"),
    [
        ("32", "check WSGIChunkedRequest On"),
        ("31", "uWSGI listen with http-socket"),
        ("31", "Proxy100Continue Off"),
        ("20", "run the standalone glance-api behind ProxyPass http://"),
        (None, "up to 20 (Ussuri) only the standalone glance-api runs import"),
    ],
)
def test_the_way_out_is_another_gateway_while_it_is_not_supported(
    audit_tree: AuditTree, release: str | None, words: str
) -> None:
    found = finding(audit_tree({APACHE_CONF: GLANCE}, glance_release=release), "GA101")

    assert words in found.help


@pytest.mark.parametrize("text", [KEYSTONE, 'ProxyPass "/image" "http://127.0.0.1:60999"\n'])
def test_mod_wsgi_for_others_and_another_gateway_for_glance_are_fine(
    audit_tree: AuditTree, text: str
) -> None:
    assert codes(audit_tree({APACHE_CONF: text}, select=("GA101",))) == []


def test_what_is_said_and_advised_for_each_release_word_for_word(audit_tree: AuditTree) -> None:
    said = {}
    for release in ("20", "25", "32", None):
        found = finding(audit_tree({APACHE_CONF: GLANCE}, glance_release=release), "GA101")
        said[release] = (found.message, found.help)

    assert said == snapshot(
        {
            "20": (
                (
                    "Glance at /image is served by mod_wsgi: Glance 20 (Ussuri) cannot run image "
                    "import there, its tasks stay queued"
                ),
                (
                    "run the standalone glance-api behind ProxyPass http://, which alone runs "
                    "import on this release, or upgrade"
                ),
            ),
            "25": (
                (
                    "Glance at /image is served by mod_wsgi: the documentation of this release "
                    "advises against it; uploads and import work, if WSGIChunkedRequest is On "
                    "and LimitRequestBody 0"
                ),
                (
                    "let Glance's uWSGI listen with http-socket and reach it with http:// and "
                    "mod_proxy_http, with Proxy100Continue Off (httpd 2.4.40 and later) beside "
                    "it; set public_endpoint in glance-api.conf (the documentation up to 31 "
                    "advises against uWSGI as well)"
                ),
            ),
            "32": (
                (
                    "Glance at /image is served by mod_wsgi: the documentation calls that "
                    "supported, but its example refuses chunked uploads (no WSGIChunkedRequest "
                    "On) and images above 1 GiB (no LimitRequestBody 0)"
                ),
                "check WSGIChunkedRequest On and LimitRequestBody 0",
            ),
            None: (
                (
                    "Glance at /image is served by mod_wsgi: the documentation up to 31 (2025.2) "
                    "advises against it, and up to 20 (Ussuri), where this is an error, image "
                    "import never runs there; supported from 32 (2026.1)"
                ),
                (
                    "from Glance 21 (Victoria) on: let Glance's uWSGI listen with http-socket and "
                    "reach it with http:// and mod_proxy_http, with Proxy100Continue Off (httpd "
                    "2.4.40 and later) beside it; set public_endpoint in glance-api.conf; up to "
                    "20 (Ussuri) only the standalone glance-api runs import"
                ),
            ),
        }
    )


def test_the_virtual_host_it_stands_in_makes_its_fingerprint(audit_tree: AuditTree) -> None:
    prints = {
        finding(
            audit_tree({APACHE_CONF: f"<VirtualHost *:{port}>\n{GLANCE}</VirtualHost>\n"}), "GA101"
        ).fingerprint
        for port in (80, 443)
    }

    assert len(prints) == 2
