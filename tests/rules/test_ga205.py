from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    AuditTree,
    Content,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"'
TCP = 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"'
UNIX = 'ProxyPass "/image" "unix:/run/uwsgi/glance.socket|uwsgi://glance"'
WSGI = 'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"'
PLACEMENT = 'ProxyPass "/placement" "unix:/run/uwsgi/placement.socket|uwsgi://placement"'
OBJECT = 'ProxyPass "/object" "http://127.0.0.1:8080"'
SENDCL = "SetEnv proxy-sendcl 1"
ONLY = ("GA205",)


def host(*lines: str, name: str = "*:80") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"<VirtualHost {name}>\n{body}</VirtualHost>\n"


def conf(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: host(*lines)}


@pytest.mark.parametrize("word", ["proxy-sendcl=1", "Proxy-SendCL=0", "proxy-sendcl="])
def test_one_word_names_another_variable(audit_tree: AuditTree, word: str) -> None:
    files = conf(f"SetEnv {word}", HTTP)
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA205")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("warning", "high")
    assert f"no effect here: one word, so it sets a variable called {word}" in found.message
    assert found.help == "remove the line"
    assert notes(found) == {}


@pytest.mark.parametrize(
    ("section", "end"),
    [
        ("<Directory /srv>", "</Directory>"),
        ("<Directory />", "</Directory>"),
        ("<DirectoryMatch ^/srv>", "</DirectoryMatch>"),
        ('<Files "*">', "</Files>"),
        ("<FilesMatch .>", "</FilesMatch>"),
    ],
)
def test_a_proxied_request_has_no_directory_and_no_file(
    audit_tree: AuditTree, section: str, end: str
) -> None:
    found = finding(audit_tree(conf(section, SENDCL, end, HTTP), select=ONLY), "GA205")

    assert where(found.location) == f"{CONF}:3:5"
    assert judged(found) == ("warning", "high")
    assert found.message.endswith(f"proxied requests never enter {section}")
    assert found.help == "remove the line"


@pytest.mark.parametrize(
    ("section", "end"),
    [
        ("<Location /images>", "</Location>"),
        ("<LocationMatch ^/volume>", "</LocationMatch>"),
        ('<Proxy "http://127.0.0.1:9999">', "</Proxy>"),
    ],
)
def test_a_section_that_no_proxied_path_enters_is_named(
    audit_tree: AuditTree, section: str, end: str
) -> None:
    found = finding(audit_tree(conf(section, SENDCL, end, HTTP), select=ONLY), "GA205")

    assert where(found.location) == f"{CONF}:3:5"
    assert judged(found) == ("warning", "high")
    assert found.message.endswith(f"no proxied path lies in {section}")
    assert found.help == "remove the line"
    assert notes(found) == {}


def test_a_virtual_host_that_proxies_nothing_is_named(audit_tree: AuditTree) -> None:
    text = host(HTTP) + host(SENDCL, name="*:81")
    found = finding(audit_tree({APACHE_CONF: text}, select=ONLY), "GA205")

    assert where(found.location) == f"{CONF}:5:5"
    assert found.message.endswith("no proxied path lies in <VirtualHost *:81>")


@pytest.mark.parametrize("route", [TCP, UNIX])
def test_mod_proxy_uwsgi_does_not_look_at_it(audit_tree: AuditTree, route: str) -> None:
    found = finding(audit_tree(conf(SENDCL, route), select=ONLY), "GA205")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("warning", "high")
    assert "mod_proxy_uwsgi answers chunked uploads with 411 whatever is set" in found.message
    assert "the documentation of 15.0.0 to 20.0.0 recommends it" in found.message
    assert "mod_wsgi" not in found.message
    assert notes(found) == {"does not look at it: /image": f"{CONF}:3:5"}


def test_mod_wsgi_does_not_look_at_it(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(conf(SENDCL, WSGI), select=ONLY), "GA205")

    assert where(found.location) == f"{CONF}:2:5"
    assert judged(found) == ("warning", "high")
    assert "mod_wsgi does not look at it" in found.message
    assert "mod_proxy_uwsgi" not in found.message
    assert notes(found) == {"does not look at it: /image": f"{CONF}:3:5"}


def test_every_gateway_that_does_not_look_at_it_is_told(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(conf(SENDCL, PLACEMENT, WSGI), select=ONLY), "GA205")

    assert "mod_proxy_uwsgi answers" in found.message
    assert "mod_wsgi does not look at it" in found.message
    assert notes(found) == {
        "does not look at it: /placement": f"{CONF}:3:5",
        "does not look at it: /image": f"{CONF}:4:5",
    }


@pytest.mark.parametrize("route", [TCP, WSGI])
@pytest.mark.parametrize(
    ("release", "pike"),
    [
        ("15", "; Glance 15 (Pike) needs proxy-sendcl there"),
        ("16", ""),
        ("33", ""),
        (None, " (Glance 15 (Pike) alone needs proxy-sendcl there)"),
    ],
)
def test_the_advice_for_glance_is_the_gateway_that_works_on_its_release(
    audit_tree: AuditTree, route: str, release: str | None, pike: str
) -> None:
    files = conf(SENDCL, route)
    found = finding(audit_tree(files, select=ONLY, glance_release=release), "GA205")

    assert judged(found) == ("warning", "high")
    assert found.help.startswith("remove the line; let Glance's uWSGI listen with http-socket")
    assert "http:// and mod_proxy_http, with Proxy100Continue Off" in found.help
    assert found.help.endswith(f"set public_endpoint in glance-api.conf{pike}")


def test_another_service_is_not_told_how_to_serve_glance(audit_tree: AuditTree) -> None:
    text = ("<Location /placement>", SENDCL, "</Location>", PLACEMENT, HTTP)
    found = finding(audit_tree(conf(*text), select=ONLY), "GA205")

    assert where(found.location) == f"{CONF}:3:5"
    assert found.help == "remove the line"
    assert notes(found) == {"does not look at it: /placement": f"{CONF}:5:5"}


@pytest.mark.parametrize(
    "lines",
    [
        (SENDCL, PLACEMENT),
        ("SetEnv proxy-sendcl=1", OBJECT),
        ("<Directory /srv>", SENDCL, "</Directory>", OBJECT),
    ],
)
def test_a_virtual_host_of_another_service_is_none_of_its_business(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    beside = {APACHE_CONF: host(*lines) + host(HTTP, name="*:81")}

    assert codes(audit_tree(beside, select=ONLY)) == []


def test_a_fragment_of_glances_virtual_host_and_of_anothers_is_reported(
    audit_tree: AuditTree,
) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include, PLACEMENT) + host(include, HTTP, name="*:81"),
        "/etc/apache2/both.inc": "SetEnv proxy-sendcl=1\n",
    }

    assert codes(audit_tree(files, select=ONLY)) == ["GA205"]


@pytest.mark.parametrize(
    "lines",
    [
        (SENDCL, HTTP),
        (SENDCL, TCP, OBJECT),
        (SENDCL, WSGI, OBJECT),
        (SENDCL, TCP, 'ProxyPass "/object" "fcgi://127.0.0.1:8080"'),
        ("SetEnv proxy-sendcl 0", HTTP),
        ("<Location /image>", SENDCL, "</Location>", HTTP),
        ("<Location /object>", SENDCL, "</Location>", HTTP, OBJECT),
        ('<Proxy "*">', SENDCL, "</Proxy>", HTTP),
        ("<If \"%{HTTP_HOST} == 'x'\">", SENDCL, "</If>", HTTP),
        ("UnsetEnv proxy-sendcl", TCP),
        ("<Directory /srv>", "UnsetEnv proxy-sendcl", "</Directory>", HTTP),
        ("SetEnvIf Request_URI . !proxy-sendcl", TCP),
        ("SetEnvIf Request_URI ^/volume proxy-sendcl", HTTP),
        ("SetEnvIf Request_URI ^/volume proxy-sendcl", TCP),
        ("SetEnv proxy-sendchunked 1", TCP),
        ("SetEnv proxy-sendchunked=1", HTTP),
        ("SetEnv proxy-sendcl-not 1", TCP),
        ("# SetEnv proxy-sendcl=1", HTTP),
    ],
)
def test_what_reaches_somebody_and_what_sets_nothing_is_fine(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(conf(*lines), select=ONLY)) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("SetEnv proxy-sendcl=1", OBJECT),
        (SENDCL, PLACEMENT),
        ("<Directory /srv>", SENDCL, "</Directory>", OBJECT),
        ("<Location /volume>", SENDCL, "</Location>", OBJECT),
    ],
)
def test_an_apache_without_glance_is_none_of_its_business(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(conf(*lines), select=ONLY)) == []


def test_a_request_that_is_mapped_to_a_file_does_enter_a_directory(audit_tree: AuditTree) -> None:
    handler = ("<Location /image>", 'SetHandler "proxy:http://127.0.0.1:60999"', "</Location>")
    files = conf("<Directory />", SENDCL, "</Directory>", *handler)

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_fragment_of_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include) + host(include, name="*:443"),
        "/etc/apache2/both.inc": f"{SENDCL}\n{TCP}\n",
    }
    found = finding(audit_tree(files, select=ONLY), "GA205")

    assert where(found.location) == "etc/apache2/both.inc:1:1"
    assert notes(found) == {"does not look at it: /image": "etc/apache2/both.inc:2:1"}
    assert len(found.related) == 1


def test_a_fragment_that_has_its_effect_in_one_virtual_host_is_fine(audit_tree: AuditTree) -> None:
    include = "Include /etc/apache2/both.inc"
    files: dict[str, Content] = {
        APACHE_CONF: host(include, TCP) + host(include, OBJECT, name="*:443"),
        "/etc/apache2/both.inc": f"{SENDCL}\n",
    }

    assert codes(audit_tree(files, select=ONLY)) == []


def test_each_setting_without_effect_is_reported(audit_tree: AuditTree) -> None:
    files = conf("SetEnv proxy-sendcl=1", "<Directory /srv>", SENDCL, "</Directory>", HTTP)
    report = audit_tree(files, select=ONLY)

    assert [where(found.location) for found in findings(report, "GA205")] == [
        f"{CONF}:2:5",
        f"{CONF}:4:5",
    ]


def test_in_the_directory_of_a_wsgi_script_it_is_met_and_not_looked_at(
    audit_tree: AuditTree,
) -> None:
    inside = ("<Directory /srv/wsgi>", SENDCL, "</Directory>")
    found = finding(audit_tree(conf(WSGI, *inside), select=ONLY), "GA205")

    assert found.message == "proxy-sendcl has no effect here: mod_wsgi does not look at it"
    assert list(notes(found)) == ["does not look at it: /image"]
