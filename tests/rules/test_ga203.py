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
ONLY = ("GA203",)
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
SENDCL = "SetEnv proxy-sendcl 1\n"
HELP = "write SetEnv proxy-sendcl 1 in Glance's own <Location>"


def apache(text: str) -> dict[str, Content]:
    return {APACHE_CONF: text}


@pytest.mark.parametrize("release", ["pike", "15", "15.0.2"])
def test_the_route_is_reported_on_pike(audit_tree: AuditTree, release: str) -> None:
    report = audit_tree(apache(HTTP), select=ONLY, glance_release=release)
    found = finding(report, "GA203")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "Glance 15 (Pike) cannot read chunked uploads, and Apache hands those to /image on as they "
        "come: proxy-sendcl is not in force there"
    )
    assert found.help == HELP
    assert notes(found) == {}


@pytest.mark.parametrize("release", ["16", "33", None])
def test_no_other_release_needs_it_and_nobody_is_taken_for_pike(
    audit_tree: AuditTree, release: str | None
) -> None:
    assert codes(audit_tree(apache(HTTP), select=ONLY, glance_release=release)) == []


@pytest.mark.parametrize(
    "text",
    [
        SENDCL + HTTP,
        "SetEnv force-proxy-request-1.0 1\n" + HTTP,
        'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n',
        'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"\n',
        'ProxyPass "/identity" "http://127.0.0.1:5000"\n',
    ],
)
def test_uploads_that_have_their_length_and_other_gateways_are_fine(
    audit_tree: AuditTree, text: str
) -> None:
    assert codes(audit_tree(apache(text), select=ONLY, glance_release="15")) == []


def test_a_filter_gives_chunked_uploads_no_length(audit_tree: AuditTree) -> None:
    text = "SetInputFilter BUFFER\n" + HTTP

    assert codes(audit_tree(apache(text), select=ONLY, glance_release="15")) == ["GA203"]


def test_what_takes_it_away_is_named(audit_tree: AuditTree) -> None:
    text = SENDCL + "SetEnv proxy-sendchunked 1\n" + HTTP
    found = finding(audit_tree(apache(text), select=ONLY, glance_release="15"), "GA203")

    assert where(found.location) == f"{CONF}:3:1"
    assert found.help == f"{HELP}, and remove proxy-sendchunked, which cancels it"
    assert notes(found) == {"cancels it: proxy-sendchunked": f"{CONF}:2:1"}


def test_what_takes_it_away_elsewhere_is_not(audit_tree: AuditTree) -> None:
    text = f"<Location /other>\nSetEnv proxy-sendchunked 1\n</Location>\n{HTTP}"
    found = finding(audit_tree(apache(text), select=ONLY, glance_release="15"), "GA203")

    assert found.help == HELP


def test_a_length_for_some_requests_is_not_enough(audit_tree: AuditTree) -> None:
    text = f'BrowserMatch "curl" proxy-sendcl\n{HTTP}'
    found = finding(audit_tree(apache(text), select=ONLY, glance_release="15"), "GA203")

    assert judged(found) == ("error", "medium")
    assert "on as they come for some requests: proxy-sendcl" in found.message


def test_a_route_of_two_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    text = HTTP + "<VirtualHost *:80>\n</VirtualHost>\n<VirtualHost *:81>\n</VirtualHost>\n"
    found = finding(audit_tree(apache(text), select=ONLY, glance_release="15"), "GA203")

    assert where(found.location) == f"{CONF}:1:1"


def test_out_of_a_macro_the_body_is_related(audit_tree: AuditTree) -> None:
    text = f"LoadModule macro_module m.so\n<Macro Route>\n{HTTP}</Macro>\nUse Route\n"
    found = finding(audit_tree(apache(text), select=ONLY, glance_release="15"), "GA203")

    assert where(found.location) == f"{CONF}:5:1"
    assert notes(found) == {"the line of the macro": f"{CONF}:3:1"}


@pytest.mark.parametrize(
    ("port", "told"), [("9292", []), ("60999", ["GA203"])], ids=["its-port", "another"]
)
def test_the_standalone_server_reads_chunks_by_itself(
    audit_tree: AuditTree, port: str, told: list[str]
) -> None:
    files = apache(HTTP.replace("60999", port))
    files["/etc/systemd/system/glance-api.service"] = "[Service]\nExecStart=/usr/bin/glance-api\n"

    assert codes(audit_tree(files, select=ONLY, glance_release="15.0.0")) == told
