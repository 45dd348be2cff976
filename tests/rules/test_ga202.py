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
SENDCL = "SetEnv proxy-sendcl 1"


def host(*lines: str, name: str = "*:80") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"<VirtualHost {name}>\n{body}</VirtualHost>\n"


def location(*lines: str) -> dict[str, Content]:
    """Glance's own Location beside placement, with these lines in it."""
    glance = 'ProxyPass "http://127.0.0.1:60999"'
    return {APACHE_CONF: host(PLACEMENT, "<Location /image>", *lines, glance, "</Location>")}


def test_a_setting_in_glances_own_location_is_needless(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(location(SENDCL), select=BOTH, glance_release="33"), "GA202")

    assert where(found.location) == f"{CONF}:4:5"
    assert judged(found) == ("warning", "high")
    assert "set for <Location /image>, makes Apache write every chunked upload" in found.message
    assert "upload to /image to disk first; Glance reads chunked bodies itself" in found.message
    assert notes(found) == {"the Glance route it buffers: /image": f"{CONF}:5:5"}


@pytest.mark.parametrize("release", ["16", "20", "23", "24", "33"])
def test_every_release_that_reads_chunked_bodies_is_told_plainly(
    audit_tree: AuditTree, release: str
) -> None:
    found = finding(audit_tree(location(SENDCL), select=BOTH, glance_release=release), "GA202")

    assert judged(found) == ("warning", "high")
    assert "on Glance" not in found.message
    assert found.help == "remove the line"


def test_an_unknown_release_is_less_certain_and_names_the_releases_it_bites(
    audit_tree: AuditTree,
) -> None:
    found = finding(audit_tree(location(SENDCL), select=BOTH), "GA202")

    assert judged(found) == ("warning", "medium")
    assert found.message.endswith("(on Glance 16 (Queens) and later)")
    assert "Glance 15 (Pike) alone needs it" in found.help


def test_pike_needs_the_setting(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(location(SENDCL), select=BOTH, glance_release="15")) == []


@pytest.mark.parametrize(
    ("text", "scope", "place"),
    [
        (f"{SENDCL}\n{GLANCE}\n", "the whole server", "1:1"),
        (host(SENDCL, GLANCE), "<VirtualHost *:80>", "2:5"),
        (
            host(SENDCL, GLANCE) + host(PLACEMENT, name="*:81"),
            "<VirtualHost *:80>",
            "2:5",
        ),
        (
            host(SENDCL, GLANCE, 'ProxyPass "/glance" "http://127.0.0.1:9292"'),
            "<VirtualHost *:80>",
            "2:5",
        ),
        (host(SENDCL, 'ProxyPass "/static" "!"', GLANCE), "<VirtualHost *:80>", "2:5"),
        (
            host("<LocationMatch ^/image>", SENDCL, "</LocationMatch>", PLACEMENT, GLANCE),
            "<LocationMatch ^/image>",
            "3:5",
        ),
        (
            host('<Proxy "http://127.0.0.1:60999">', SENDCL, "</Proxy>", PLACEMENT, GLANCE),
            '<Proxy "http://127.0.0.1:60999">',
            "3:5",
        ),
        (
            "<Location /image>\n" + SENDCL + "\n</Location>\n" + host(PLACEMENT, GLANCE),
            "<Location /image>",
            "2:1",
        ),
    ],
)
def test_every_scope_that_is_glances_own_is_named(
    audit_tree: AuditTree, text: str, scope: str, place: str
) -> None:
    report = audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33")
    found = finding(report, "GA202")

    assert codes(report) == ["GA202"]
    assert where(found.location) == f"{CONF}:{place}"
    assert judged(found) == ("warning", "high")
    assert f"set for {scope}, makes Apache" in found.message


@pytest.mark.parametrize(
    "line",
    [
        "SetEnvIf Request_URI ^/image proxy-sendcl",
        "SetEnvIf Request_URI ^/image/v2/ proxy-sendcl=1",
        "SetEnvIfNoCase Request_URI ^/IMAGE proxy-sendcl=1",
    ],
)
def test_a_condition_that_glances_requests_alone_meet_makes_the_scope_its_own(
    audit_tree: AuditTree, line: str
) -> None:
    text = host(line, PLACEMENT, GLANCE)
    report = audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33")

    assert codes(report) == ["GA202"]
    assert where(finding(report, "GA202").location) == f"{CONF}:2:5"
    assert judged(finding(report, "GA202")) == ("warning", "high")


def test_chunked_uploads_meet_a_condition_on_their_transfer_encoding(
    audit_tree: AuditTree,
) -> None:
    files = location("SetEnvIf Transfer-Encoding chunked proxy-sendcl")
    found = finding(audit_tree(files, select=BOTH, glance_release="33"), "GA202")

    assert judged(found) == ("warning", "high")
    assert "for some requests" not in found.message


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (("<If \"%{HTTP_HOST} == 'x'\">", SENDCL, "</If>"), 5),
        (("SetEnvIf X-Spool yes proxy-sendcl",), 4),
        (('BrowserMatch "^curl" proxy-sendcl',), 4),
    ],
)
def test_a_condition_makes_it_less_certain(
    audit_tree: AuditTree, lines: tuple[str, ...], line: int
) -> None:
    found = finding(audit_tree(location(*lines), select=BOTH, glance_release="33"), "GA202")

    assert where(found.location) == f"{CONF}:{line}:5"
    assert judged(found) == ("warning", "medium")
    assert "for some requests makes Apache write" in found.message


def test_a_setting_in_a_shared_scope_is_the_business_of_ga201(audit_tree: AuditTree) -> None:
    text = host(SENDCL, PLACEMENT, GLANCE)

    assert codes(audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33")) == ["GA201"]


@pytest.mark.parametrize(
    "lines",
    [
        ("UnsetEnv proxy-sendcl",),
        (SENDCL, "UnsetEnv proxy-sendcl"),
        (SENDCL, "SetEnv proxy-sendchunked 1"),
        (SENDCL, "SetEnv proxy-sendchunks 1"),
        ("SetEnv proxy-sendcl=1",),
        ("SetEnvIf Request_Method GET proxy-sendcl",),
        ("SetEnvIf Request_URI ^/volume proxy-sendcl",),
        ('<Files "*">', SENDCL, "</Files>"),
        ("SetEnv proxy-sendchunked 1",),
    ],
)
def test_what_leaves_uploads_streaming_is_fine(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(location(*lines), select=BOTH, glance_release="33")) == []


@pytest.mark.parametrize(
    "text",
    [
        host(SENDCL, 'ProxyPass "/object" "http://127.0.0.1:8080"'),
        host(SENDCL) + host(GLANCE, name="*:81"),
        host(SENDCL, 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"'),
        host(SENDCL, 'ProxyPass "/image" "unix:/run/uwsgi/glance.socket|uwsgi://glance"'),
        host(SENDCL, 'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"'),
        host(GLANCE, "<Location /volume>", SENDCL, "</Location>"),
        host(GLANCE, "<Location /images>", SENDCL, "</Location>"),
    ],
)
def test_other_services_other_virtual_hosts_and_other_gateways_are_fine(
    audit_tree: AuditTree, text: str
) -> None:
    assert codes(audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33")) == []


def test_a_fragment_of_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include) + host(include, name="*:443"),
        "/etc/apache2/both.inc": f"{SENDCL}\n{GLANCE}\n",
    }
    report = audit_tree(files, select=BOTH, glance_release="33")
    found = finding(report, "GA202")

    assert codes(report) == ["GA202"]
    assert where(found.location) == "etc/apache2/both.inc:1:1"
    assert notes(found) == {"the Glance route it buffers: /image": "etc/apache2/both.inc:2:1"}
    assert len(found.related) == 1


def test_each_of_two_settings_is_reported(audit_tree: AuditTree) -> None:
    text = host(SENDCL, GLANCE) + host(SENDCL, GLANCE, name="*:443")
    report = audit_tree({APACHE_CONF: text}, select=BOTH, glance_release="33")

    assert [where(found.location) for found in report.findings] == [f"{CONF}:2:5", f"{CONF}:6:5"]
    assert codes(report) == ["GA202", "GA202"]


def test_a_chance_that_it_is_cancelled_makes_it_less_certain(audit_tree: AuditTree) -> None:
    text = (
        "<VirtualHost *:80>\nSetEnv proxy-sendcl 1\nSetEnvIf X-Stream yes proxy-sendchunked\n"
        'ProxyPass "/image" "http://127.0.0.1:60999"\n</VirtualHost>\n'
    )
    found = finding(
        audit_tree({APACHE_CONF: text}, glance_release="33", select=("GA202",)), "GA202"
    )

    assert judged(found) == ("warning", "medium")
    assert "for some requests" in found.message


def test_a_fragment_names_every_virtual_host_it_is_in(audit_tree: AuditTree) -> None:
    fragment = 'SetEnv proxy-sendcl 1\nProxyPass "/image" "http://127.0.0.1:60999"\n'
    host = "<VirtualHost *:{}>\nInclude /etc/apache2/image.inc\n</VirtualHost>\n"
    files = {
        APACHE_CONF: host.format(80) + host.format(443),
        "/etc/apache2/image.inc": fragment,
    }
    found = finding(audit_tree(files, select=("GA202",)), "GA202")

    assert "<VirtualHost *:80> and <VirtualHost *:443>" in found.message


def test_out_of_a_macro_the_use_is_the_place_and_the_body_is_related(
    audit_tree: AuditTree,
) -> None:
    text = (
        "LoadModule macro_module mod_macro.so\n<Macro Spool>\nSetEnv proxy-sendcl 1\n</Macro>\n"
        'Use Spool\nProxyPass "/image" "http://127.0.0.1:60999"\n'
    )
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA202",)), "GA202")

    assert where(found.location) == "etc/apache2/apache2.conf:5:1"
    assert notes(found)["the line of the macro"] == "etc/apache2/apache2.conf:3:1"


def test_a_macro_that_nothing_can_use_sets_nothing(audit_tree: AuditTree) -> None:
    text = (
        "<Macro Spool>\nSetEnv proxy-sendcl 1\n</Macro>\n"
        'ProxyPass "/image" "http://127.0.0.1:60999"\n'
    )

    assert codes(audit_tree({APACHE_CONF: text}, select=("GA201", "GA202"))) == []
