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
GLANCE = 'ProxyPass "/image" "http://127.0.0.1:60999"'
PLACEMENT = 'ProxyPass "/placement" "unix:/run/uwsgi/placement.socket|uwsgi://placement"'
OBJECT = 'ProxyPass "/object" "http://127.0.0.1:8080"'
ZERO = "SetEnv proxy-sendcl 0"
ONLY = ("GA206",)


def host(*lines: str, name: str = "*:80") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"<VirtualHost {name}>\n{body}</VirtualHost>\n"


def conf(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: host(*lines)}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("0", "0"),
        ("off", "off"),
        ("Off", "Off"),
        ("no", "no"),
        ("NO", "NO"),
        ("false", "false"),
        ("False", "False"),
        ('""', '""'),
        ("''", '""'),
        ('"0"', "0"),
    ],
)
def test_a_value_that_should_switch_it_off_is_marked(
    audit_tree: AuditTree, written: str, told: str
) -> None:
    found = finding(
        audit_tree(conf(f"SetEnv proxy-sendcl {written}", GLANCE), select=ONLY), "GA206"
    )

    assert where(found.location) == f"{CONF}:2:25"
    assert judged(found) == ("warning", "high")
    assert f"the value {told} does not switch proxy-sendcl off" in found.message
    assert "this line switches the buffering on" in found.message
    assert notes(found) == {"buffered by it: /image": f"{CONF}:3:5"}


@pytest.mark.parametrize(
    "line",
    [
        "SetEnv proxy-sendcl",
        "SetEnv proxy-sendcl 1",
        "SetEnv proxy-sendcl on",
        "SetEnv proxy-sendcl true",
        "SetEnv proxy-sendcl yes",
        "SetEnv proxy-sendcl 10",
        "SetEnv proxy-sendcl official",
        "SetEnv proxy-sendcl=0",
        "UnsetEnv proxy-sendcl",
        "SetEnv proxy-sendchunked 0",
        "SetEnvIf Request_URI . proxy-sendcl",
        "SetEnvIf Request_URI . !proxy-sendcl",
    ],
)
def test_a_value_that_does_not_say_off_is_fine(audit_tree: AuditTree, line: str) -> None:
    assert codes(audit_tree(conf(line, GLANCE), select=ONLY)) == []


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (("SetEnvIf Request_URI . proxy-sendcl=0",), 2),
        (("SetEnvIf Transfer-Encoding chunked proxy-sendcl=off",), 2),
        (('BrowserMatch "" proxy-sendcl=no',), 2),
        (("RewriteEngine On", "RewriteRule . - [E=proxy-sendcl:0]"), 3),
    ],
)
def test_every_directive_that_gives_a_value_is_looked_at(
    audit_tree: AuditTree, lines: tuple[str, ...], line: int
) -> None:
    found = finding(audit_tree(conf(*lines, GLANCE), select=ONLY), "GA206")

    assert found.location.line == line
    assert judged(found) == ("warning", "high")


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (("<If \"%{HTTP_HOST} == 'x'\">", ZERO, "</If>"), "3:25"),
        ((ZERO, "<If \"%{HTTP_HOST} == 'x'\">", "UnsetEnv proxy-sendcl", "</If>"), "2:25"),
        (("SetEnvIf X-Spool yes proxy-sendcl=0",), "2:5"),
    ],
)
def test_a_condition_makes_it_less_certain(
    audit_tree: AuditTree, lines: tuple[str, ...], place: str
) -> None:
    found = finding(audit_tree(conf(*lines, GLANCE), select=ONLY), "GA206")

    assert where(found.location) == f"{CONF}:{place}"
    assert judged(found) == ("warning", "medium")


@pytest.mark.parametrize(
    ("release", "advice"),
    [
        ("15", "write proxy-sendcl 1, in Glance's own <Location>: Glance 15 (Pike) needs it there"),
        ("16", "remove the line; where another one sets it, set proxy-sendchunked"),
        ("33", "remove the line; where another one sets it, set proxy-sendchunked"),
        (None, "remove the line; where another one sets it, set proxy-sendchunked"),
    ],
)
def test_every_release_is_reported_alike_and_advised_for_itself(
    audit_tree: AuditTree, release: str | None, advice: str
) -> None:
    found = finding(audit_tree(conf(ZERO, GLANCE), select=ONLY, glance_release=release), "GA206")

    assert judged(found) == ("warning", "high")
    assert found.help.startswith(advice)


@pytest.mark.parametrize(
    ("lines", "beside"), [((ZERO, PLACEMENT, GLANCE), "GA201"), ((ZERO, GLANCE), "GA202")]
)
def test_it_is_reported_beside_the_buffering(
    audit_tree: AuditTree, lines: tuple[str, ...], beside: str
) -> None:
    report = audit_tree(conf(*lines), select=("GA201", "GA202", "GA206"), glance_release="33")

    assert sorted(codes(report)) == [beside, "GA206"]


def test_an_off_that_was_to_cancel_an_outer_on_is_reported(audit_tree: AuditTree) -> None:
    text = "SetEnv proxy-sendcl 1\n" + host(ZERO, GLANCE)
    found = finding(audit_tree({APACHE_CONF: text}, select=ONLY), "GA206")

    assert where(found.location) == f"{CONF}:3:25"


def test_every_route_it_buffers_is_shown(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(conf(ZERO, OBJECT, PLACEMENT, GLANCE), select=ONLY), "GA206")

    assert notes(found) == {
        "buffered by it: /object": f"{CONF}:3:5",
        "buffered by it: /image": f"{CONF}:5:5",
    }


@pytest.mark.parametrize(
    "lines",
    [
        (ZERO, 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"'),
        (ZERO, 'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"'),
        (ZERO, "UnsetEnv proxy-sendcl", GLANCE),
        (ZERO, "<Location /image>", "UnsetEnv proxy-sendcl", "</Location>", GLANCE),
        ("<Location /volume>", ZERO, "</Location>", GLANCE),
        ("<Directory />", ZERO, "</Directory>", GLANCE),
        ("SetEnvIf Request_URI ^/volume proxy-sendcl=0", GLANCE),
        ("SetEnvIf Request_Method GET proxy-sendcl=0", GLANCE),
        (ZERO, OBJECT),
    ],
)
def test_what_is_not_in_force_on_an_http_route_beside_glance_is_fine(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(conf(*lines), select=ONLY)) == []


def test_a_virtual_host_that_proxies_nothing_is_fine(audit_tree: AuditTree) -> None:
    text = host(ZERO) + host(GLANCE, name="*:81")

    assert codes(audit_tree({APACHE_CONF: text}, select=ONLY)) == []


def test_a_route_of_two_virtual_hosts_is_shown_once(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include) + host(include, name="*:443"),
        "/etc/apache2/both.inc": f"{ZERO}\n{GLANCE}\n",
    }
    found = finding(audit_tree(files, select=ONLY), "GA206")

    assert where(found.location) == "etc/apache2/both.inc:1:21"
    assert [where(related.location) for related in found.related] == ["etc/apache2/both.inc:2:1"]


def test_a_fragment_of_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include, GLANCE) + host(include, OBJECT, name="*:443"),
        "/etc/apache2/both.inc": f"{ZERO}\n",
    }
    found = finding(audit_tree(files, select=ONLY), "GA206")

    assert where(found.location) == "etc/apache2/both.inc:1:21"
    assert notes(found) == {
        "buffered by it: /image": f"{CONF}:3:5",
        "buffered by it: /object": f"{CONF}:7:5",
    }


def test_a_value_that_buffers_nothing_is_not_said_to(audit_tree: AuditTree) -> None:
    text = (
        "<VirtualHost *:80>\nSetEnv proxy-sendcl 0\nSetEnv proxy-sendchunked 1\n"
        'ProxyPass "/image" "http://127.0.0.1:60999"\n</VirtualHost>\n'
    )

    assert codes(audit_tree({APACHE_CONF: text}, select=("GA206",))) == []


def test_on_pike_another_services_line_is_to_go_all_the_same(audit_tree: AuditTree) -> None:
    text = (
        '<VirtualHost *:80>\nProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'
        '<Location "/object">\nSetEnv proxy-sendcl 0\nProxyPass "http://127.0.0.1:8080"\n'
        "</Location>\n</VirtualHost>\n"
    )
    found = finding(
        audit_tree({APACHE_CONF: text}, glance_release="15", select=("GA206",)), "GA206"
    )

    assert found.help.startswith("remove the line")
