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
BOTH = ("GA201", "GA202")
GLANCE = 'ProxyPass "/image" "http://127.0.0.1:60999"'
PLACEMENT = 'ProxyPass "/placement" "unix:/run/uwsgi/placement.socket|uwsgi://placement"'
OBJECT = 'ProxyPass "/object" "http://127.0.0.1:8080"'
SENDCL = "SetEnv proxy-sendcl 1"


def host(*lines: str, name: str = "*:80") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"<VirtualHost {name}>\n{body}</VirtualHost>\n"


def shared(*lines: str) -> dict[str, Content]:
    """A virtual host with these lines before the routes of Glance and of placement."""
    return {APACHE_CONF: host(*lines, PLACEMENT, GLANCE)}


def test_a_setting_that_a_neighbour_shares_is_reported_with_both_routes(
    audit_tree: AuditTree,
) -> None:
    found = finding(audit_tree(shared(SENDCL), select=BOTH, glance_release="33"), "GA201")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("error", "high")
    assert "set for <VirtualHost *:80>, also reaches Glance at /image:" in found.message
    assert "every chunked image upload to disk before Glance sees its first byte" in found.message
    assert "for some requests" not in found.message
    assert notes(found) == {
        "the Glance route it buffers: /image": f"{CONF}:4:5",
        "shares the scope: /placement": f"{CONF}:3:5",
    }


@pytest.mark.parametrize("release", ["16", "20", "24", "33"])
def test_every_release_that_reads_chunked_bodies_is_told_plainly(
    audit_tree: AuditTree, release: str
) -> None:
    found = finding(audit_tree(shared(SENDCL), select=BOTH, glance_release=release), "GA201")

    assert judged(found) == ("error", "high")
    assert "on Glance" not in found.message
    assert "remove the line" in found.help
    assert "that service's own <Location>" in found.help
    assert "Pike" not in found.help


def test_an_unknown_release_is_less_certain_and_names_the_releases_it_bites(
    audit_tree: AuditTree,
) -> None:
    found = finding(audit_tree(shared(SENDCL), select=BOTH), "GA201")

    assert judged(found) == ("error", "medium")
    assert found.message.endswith("(on Glance 16 (Queens) and later)")
    assert "Glance 15 (Pike) alone needs it, in its own <Location>" in found.help


def test_pike_needs_the_setting(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(shared(SENDCL), select=BOTH, glance_release="15")) == []


@pytest.mark.parametrize(
    ("text", "scope", "place"),
    [
        (f"{SENDCL}\n{PLACEMENT}\n{GLANCE}\n", "the whole server", "1:1"),
        (
            f"{SENDCL}\n{host(GLANCE)}{host(PLACEMENT, name='*:81')}",
            "the whole server",
            "1:1",
        ),
        (
            host("<Location />", SENDCL, "</Location>", PLACEMENT, GLANCE),
            "<Location />",
            "3:5",
        ),
        (host('<Proxy "*">', SENDCL, "</Proxy>", OBJECT, GLANCE), '<Proxy "*">', "3:5"),
    ],
)
def test_every_scope_that_others_share_is_named(
    audit_tree: AuditTree, text: str, scope: str, place: str
) -> None:
    report = audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33")
    found = finding(report, "GA201")

    assert codes(report) == ["GA201"]
    assert where(found.location) == f"{CONF}:{place}"
    assert judged(found) == ("error", "high")
    assert f"set for {scope}," in found.message


@pytest.mark.parametrize(
    "line",
    [
        "SetEnv proxy-sendcl",
        "SetEnv proxy-sendcl 0",
        'SetEnv proxy-sendcl ""',
        "setenv Proxy-SendCL 1",
        'SetEnv "proxy-sendcl" 1',
        "SetEnvIf Transfer-Encoding chunked proxy-sendcl",
        "SetEnvIf Transfer-Encoding ^chunked$ proxy-sendcl=1",
        "SetEnvIf Request_URI . proxy-sendcl",
        "SetEnvIf Request_Method PUT proxy-sendcl=1",
        "SetEnvIfNoCase Request_Method ^put$ proxy-sendcl=1",
        'BrowserMatch "" proxy-sendcl',
    ],
)
def test_whatever_puts_the_variable_there_for_all_uploads_is_certain(
    audit_tree: AuditTree, line: str
) -> None:
    report = audit_tree(shared(line), select=BOTH, glance_release="33")
    found = finding(report, "GA201")

    assert codes(report) == ["GA201"]
    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("error", "high")


def test_a_rewrite_rule_sets_it_as_well(audit_tree: AuditTree) -> None:
    files = shared("RewriteEngine On", "RewriteRule . - [E=proxy-sendcl:1]")
    found = finding(audit_tree(files, select=BOTH, glance_release="33"), "GA201")

    assert where(found.location) == f"{CONF}:3:5"
    assert judged(found) == ("error", "high")


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (("<If \"%{HTTP_HOST} == 'x'\">", SENDCL, "</If>"), 3),
        (("SetEnvIf X-Spool yes proxy-sendcl",), 2),
        (('BrowserMatch "^curl" proxy-sendcl',), 2),
        (("SetEnvIfExpr \"%{HTTP_HOST} == 'x'\" proxy-sendcl",), 2),
        ((SENDCL, "<If \"%{HTTP_HOST} == 'x'\">", "UnsetEnv proxy-sendcl", "</If>"), 2),
    ],
)
def test_a_condition_makes_it_less_certain(
    audit_tree: AuditTree, lines: tuple[str, ...], line: int
) -> None:
    found = finding(audit_tree(shared(*lines), select=BOTH, glance_release="33"), "GA201")

    assert where(found.location) == f"{CONF}:{line}:5"
    assert judged(found) == ("error", "medium")
    assert "for some requests Apache writes" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        ("SetEnvIf Request_URI ^/image proxy-sendcl",),
        ("RewriteEngine On", "RewriteRule ^/image - [E=proxy-sendcl:1]"),
        ("<Location /image>", SENDCL, "</Location>"),
        ("<LocationMatch ^/image>", SENDCL, "</LocationMatch>"),
        ('<Proxy "http://127.0.0.1:60999">', SENDCL, "</Proxy>"),
        ("<Location /image>", "SetEnvIf Request_URI . proxy-sendcl", "</Location>"),
    ],
)
def test_what_only_glances_requests_meet_is_the_business_of_ga202(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(shared(*lines), select=BOTH, glance_release="33")) == ["GA202"]


@pytest.mark.parametrize(
    "glance",
    [
        'ProxyPass "/image" "https://images.example.org:9292"',
        'RewriteRule "^/image(.*)" "http://127.0.0.1:60999$1" [P]',
        'ProxyPassMatch "^/image(/.*)" "http://127.0.0.1:60999$1"',
        'ProxyPass "/image" "unix:/run/uwsgi/glance.socket|http://glance"',
    ],
)
def test_every_way_through_mod_proxy_http_is_buffered(audit_tree: AuditTree, glance: str) -> None:
    text = host(SENDCL, PLACEMENT, "RewriteEngine On", glance)
    found = finding(audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33"), "GA201")

    assert where(found.location) == f"{CONF}:2:5"
    assert notes(found)["the Glance route it buffers: /image"] == f"{CONF}:5:5"


@pytest.mark.parametrize(
    "lines",
    [
        ("UnsetEnv proxy-sendcl",),
        (SENDCL, "UnsetEnv proxy-sendcl"),
        (SENDCL, "<Location /image>", "UnsetEnv proxy-sendcl", "</Location>"),
        (SENDCL, "SetEnv proxy-sendchunked 1"),
        (SENDCL, "SetEnv proxy-sendchunks 0"),
        (SENDCL, "<Location /image>", "SetEnv proxy-sendchunked 1", "</Location>"),
        ("SetEnvIf Request_URI . proxy-sendcl", "SetEnvIf Request_URI ^/image !proxy-sendcl"),
        ("SetEnv proxy-sendcl=1",),
        ("SetEnvIf Request_Method GET proxy-sendcl",),
        ("SetEnvIf Request_URI ^/placement proxy-sendcl",),
        ("<Location /placement>", SENDCL, "</Location>"),
        ('<Files "*">', SENDCL, "</Files>"),
        ("<Directory />", SENDCL, "</Directory>"),
        ("SetEnv proxy-sendchunked 1",),
        ("RewriteRule . - [E=proxy-sendcl:1]",),  # without RewriteEngine On
    ],
)
def test_what_leaves_glances_uploads_streaming_is_fine(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(shared(*lines), select=BOTH, glance_release="33")) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("UnsetEnv proxy-sendcl", SENDCL),
        ("SetEnvIf Request_URI . proxy-sendcl", "UnsetEnv proxy-sendcl"),
        (SENDCL, "SetEnvIf Request_URI . !proxy-sendcl"),
        (SENDCL, "<Location /placement>", "UnsetEnv proxy-sendcl", "</Location>"),
    ],
)
def test_what_does_not_cancel_it_for_glance_does_not_excuse_it(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(shared(*lines), select=BOTH, glance_release="33")) == ["GA201"]


@pytest.mark.parametrize(
    "text",
    [
        host(SENDCL, PLACEMENT, OBJECT) + host(GLANCE, name="*:81"),
        host(SENDCL, PLACEMENT, OBJECT),
        host(SENDCL, OBJECT, 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"'),
        host(SENDCL, OBJECT, 'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"'),
        f"{SENDCL}\n" + host("UnsetEnv proxy-sendcl", PLACEMENT, GLANCE),
    ],
)
def test_other_virtual_hosts_other_services_and_other_gateways_are_fine(
    audit_tree: AuditTree, text: str
) -> None:
    assert codes(audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33")) == []


def test_one_setting_that_reaches_two_glance_routes_is_one_finding(audit_tree: AuditTree) -> None:
    second = 'ProxyPass "/glance" "http://127.0.0.1:9292"'
    text = host(SENDCL, PLACEMENT, GLANCE, second)
    found = finding(audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33"), "GA201")

    assert "Glance at /image and /glance:" in found.message
    assert notes(found)["the Glance route it buffers: /glance"] == f"{CONF}:5:5"


def test_a_fragment_of_two_virtual_hosts_is_reported_once_and_names_them(
    audit_tree: AuditTree,
) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include) + host(include, name="*:443"),
        "/etc/apache2/both.inc": f"{SENDCL}\n{PLACEMENT}\n{GLANCE}\n",
    }
    found = finding(audit_tree(files, select=BOTH, glance_release="33"), "GA201")

    assert where(found.location) == "etc/apache2/both.inc:1:1"
    assert "set for <VirtualHost *:80> and <VirtualHost *:443>," in found.message
    assert notes(found) == {
        "the Glance route it buffers: /image": "etc/apache2/both.inc:3:1",
        "shares the scope: /placement": "etc/apache2/both.inc:2:1",
    }
    assert len(found.related) == 2


def test_a_fragment_counts_in_each_virtual_host_that_includes_it(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include, GLANCE) + host(include, PLACEMENT, name="*:443"),
        "/etc/apache2/both.inc": f"{SENDCL}\n",
    }
    report = audit_tree(files, select=BOTH, glance_release="33")

    assert codes(report) == ["GA201"]
    assert notes(finding(report, "GA201")) == {
        "the Glance route it buffers: /image": f"{CONF}:3:5",
        "shares the scope: /placement": f"{CONF}:7:5",
    }


def test_a_continued_setting_is_reported_from_its_first_line_to_its_last(
    audit_tree: AuditTree,
) -> None:
    text = host("SetEnv \\", "    proxy-sendcl 1", PLACEMENT, GLANCE)
    found = finding(audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33"), "GA201")

    assert where(found.location) == f"{CONF}:2:5"
    assert found.location.end_line == 3


def test_a_setting_from_a_macro_is_reported_where_it_is_used(audit_tree: AuditTree) -> None:
    module = "LoadModule macro_module modules/mod_macro.so\n"
    macro = f"<Macro Spooled>\n    {SENDCL}\n</Macro>\n"
    text = module + macro + host("Use Spooled", PLACEMENT, GLANCE)
    found = finding(audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33"), "GA201")

    assert where(found.location) == f"{CONF}:6:5"
    assert "set for <VirtualHost *:80>," in found.message
