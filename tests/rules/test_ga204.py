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
VOLUME = 'ProxyPass "/volume" "http://127.0.0.1:8776"'
SENDCL = "SetEnv proxy-sendcl 1"


def host(*lines: str, name: str = "*:80") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"<VirtualHost {name}>\n{body}</VirtualHost>\n"


def conf(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: host(*lines)}


def test_a_setting_for_glance_that_reaches_another_service_names_it(
    audit_tree: AuditTree,
) -> None:
    report = audit_tree(conf(SENDCL, GLANCE, OBJECT), glance_release="33", select=("GA204",))
    found = finding(report, "GA204")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("warning", "high")
    assert "set for <VirtualHost *:80>, also makes Apache spool" in found.message
    assert found.message.endswith("the chunked requests to /object")
    assert notes(found) == {"buffered as well: /object": f"{CONF}:4:5"}


def test_it_is_reported_beside_ga201(audit_tree: AuditTree) -> None:
    report = audit_tree(conf(SENDCL, GLANCE, OBJECT), glance_release="33")

    assert {"GA201", "GA204"} <= set(codes(report))


def test_a_setting_meant_for_mod_proxy_uwsgi_is_told_to_be_useless_there(
    audit_tree: AuditTree,
) -> None:
    report = audit_tree(conf(SENDCL, PLACEMENT, OBJECT), select=("GA204",))
    found = finding(report, "GA204")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("warning", "high")
    assert found.help == "remove it: the gateway of those it is meant for does not look at it"
    assert notes(found) == {"buffered as well: /object": f"{CONF}:4:5"}


@pytest.mark.parametrize(
    ("release", "advice"),
    [
        ("15", "set it in Glance's own <Location>, where Glance 15 (Pike) needs it"),
        ("16", "remove it, or set it in the <Location> of another service that needs it"),
        ("33", "remove it, or set it in the <Location> of another service that needs it"),
        (None, "remove it; Glance 15 (Pike) alone needs it, in its own <Location>"),
    ],
)
def test_every_release_is_reported_alike_and_advised_for_itself(
    audit_tree: AuditTree, release: str | None, advice: str
) -> None:
    files = conf(SENDCL, GLANCE, OBJECT)
    found = finding(audit_tree(files, select=("GA204",), glance_release=release), "GA204")

    assert judged(found) == ("warning", "high")
    assert found.help == advice


def test_the_whole_server_leaks_into_every_virtual_host(audit_tree: AuditTree) -> None:
    text = f"{SENDCL}\n" + host(GLANCE, OBJECT) + host(VOLUME, name="*:81")
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA204",)), "GA204")

    assert where(found.location) == f"{CONF}:1:1"
    assert "set for the whole server," in found.message
    assert found.message.endswith("/object and /volume")
    assert notes(found) == {
        "buffered as well: /object": f"{CONF}:4:5",
        "buffered as well: /volume": f"{CONF}:7:5",
    }


def test_a_virtual_host_leaks_no_further_than_its_end(audit_tree: AuditTree) -> None:
    text = host(SENDCL, GLANCE, OBJECT) + host(VOLUME, name="*:81")
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA204",)), "GA204")

    assert found.message.endswith("the chunked requests to /object")


def test_a_service_that_cancels_it_for_itself_is_no_victim(audit_tree: AuditTree) -> None:
    cancel = ("<Location /object>", "UnsetEnv proxy-sendcl", "</Location>")
    some = audit_tree(conf(SENDCL, *cancel, GLANCE, OBJECT, VOLUME), select=("GA204",))
    none = audit_tree(conf(SENDCL, *cancel, GLANCE, OBJECT), select=("GA204",))

    assert finding(some, "GA204").message.endswith("the chunked requests to /volume")
    assert codes(none) == []


@pytest.mark.parametrize(
    "line",
    [
        "SetEnvIf Transfer-Encoding chunked proxy-sendcl",
        "SetEnvIf Request_URI . proxy-sendcl=1",
        "SetEnv proxy-sendcl 0",
        "SetEnv PROXY-SENDCL",
    ],
)
def test_every_way_to_set_it_for_all_requests_is_certain(audit_tree: AuditTree, line: str) -> None:
    found = finding(audit_tree(conf(line, GLANCE, OBJECT), select=("GA204",)), "GA204")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("warning", "high")
    assert "for some requests" not in found.message


@pytest.mark.parametrize(
    "line", ["SetEnvIf X-Spool yes proxy-sendcl", 'BrowserMatch "^curl" proxy-sendcl']
)
def test_a_condition_makes_it_less_certain(audit_tree: AuditTree, line: str) -> None:
    found = finding(audit_tree(conf(line, GLANCE, OBJECT), select=("GA204",)), "GA204")

    assert judged(found) == ("warning", "medium")
    assert "for some requests" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        (SENDCL, OBJECT, VOLUME),  # meant for one of them, nobody knows which
        (SENDCL, GLANCE),
        (SENDCL, GLANCE, PLACEMENT),
        (SENDCL, GLANCE, 'WSGIScriptAlias "/identity" "/srv/wsgi/keystone-wsgi-public"'),
        (SENDCL, PLACEMENT),
        ("<Location />", SENDCL, "</Location>", GLANCE, OBJECT),
        ("<Location />", SENDCL, "</Location>", PLACEMENT, OBJECT),
        ('<Proxy "*">', SENDCL, "</Proxy>", GLANCE, OBJECT),
        ("<Location /image>", SENDCL, "</Location>", GLANCE, OBJECT),
        ("<Location /object>", SENDCL, "</Location>", GLANCE, OBJECT),
        ("<Directory />", SENDCL, "</Directory>", GLANCE, OBJECT),
        ("SetEnvIf Request_URI ^/image proxy-sendcl", GLANCE, OBJECT),
        ("SetEnvIf Request_URI ^/object proxy-sendcl", GLANCE, OBJECT),
        ("SetEnv proxy-sendcl=1", GLANCE, OBJECT),
        (SENDCL, "UnsetEnv proxy-sendcl", GLANCE, OBJECT),
        ("UnsetEnv proxy-sendcl", GLANCE, OBJECT),
        ("SetEnv proxy-sendchunked 1", GLANCE, OBJECT),
    ],
)
def test_what_leaks_to_nobody_is_fine(audit_tree: AuditTree, lines: tuple[str, ...]) -> None:
    assert codes(audit_tree(conf(*lines), select=("GA204",))) == []


@pytest.mark.parametrize(
    "text",
    [
        host(SENDCL, OBJECT) + host(GLANCE, name="*:81"),
        host(SENDCL, GLANCE) + host(OBJECT, name="*:81"),
        host(SENDCL, PLACEMENT) + host(OBJECT, name="*:81"),
    ],
)
def test_a_virtual_host_without_both_is_fine(audit_tree: AuditTree, text: str) -> None:
    assert codes(audit_tree({APACHE_CONF: text}, select=("GA204",))) == []


def test_a_fragment_of_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include) + host(include, name="*:443"),
        "/etc/apache2/both.inc": f"{SENDCL}\n{GLANCE}\n{OBJECT}\n",
    }
    found = finding(audit_tree(files, select=("GA204",)), "GA204")

    assert where(found.location) == "etc/apache2/both.inc:1:1"
    assert notes(found) == {"buffered as well: /object": "etc/apache2/both.inc:3:1"}
    assert len(found.related) == 1


def test_a_fragment_counts_in_each_virtual_host_that_includes_it(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include, GLANCE) + host(include, OBJECT, name="*:443"),
        "/etc/apache2/both.inc": f"{SENDCL}\n",
    }
    found = finding(audit_tree(files, select=("GA204",)), "GA204")

    assert where(found.location) == "etc/apache2/both.inc:1:1"
    assert notes(found) == {"buffered as well: /object": f"{CONF}:7:5"}


@pytest.mark.parametrize(
    "cancel",
    [
        '<Location "/object">\nSetEnv proxy-sendchunked 1\n</Location>\n',
        "SetEnv proxy-sendchunked 1\n",
    ],
)
def test_what_streams_all_the_same_is_no_victim(audit_tree: AuditTree, cancel: str) -> None:
    text = (
        "<VirtualHost *:80>\nSetEnv proxy-sendcl 1\n"
        'ProxyPass "/image" "http://127.0.0.1:60999"\nProxyPass "/object" "http://127.0.0.1:8080"\n'
        f"{cancel}</VirtualHost>\n"
    )

    assert codes(audit_tree({APACHE_CONF: text}, select=("GA204",))) == []


def test_on_pike_a_gateway_that_does_not_look_at_it_is_not_advised_to_have_it(
    audit_tree: AuditTree,
) -> None:
    text = (
        "<VirtualHost *:80>\nSetEnv proxy-sendcl 1\n"
        'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\nProxyPass "/object" "http://127.0.0.1:8080"\n'
        "</VirtualHost>\n"
    )
    found = finding(
        audit_tree({APACHE_CONF: text}, glance_release="15", select=("GA204",)), "GA204"
    )

    assert found.help.startswith("remove it")


@pytest.mark.parametrize(
    ("path", "fires"), [("/image", False), ("/placement", True), ("/object", True)]
)
def test_a_glance_that_is_kept_out_of_it_is_not_what_it_is_set_for(
    audit_tree: AuditTree, path: str, fires: bool
) -> None:
    kept_out = (f"<Location {path}>", "UnsetEnv proxy-sendcl", "</Location>")
    files = conf(SENDCL, *kept_out, GLANCE, OBJECT, OBJECT.replace("object", "volume"))

    assert codes(audit_tree(files, select=("GA204",))) == (["GA204"] if fires else [])
