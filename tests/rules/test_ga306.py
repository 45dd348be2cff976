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
ONLY = ("GA306",)
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"'


def host(*lines: str, server: str = "") -> dict[str, Content]:
    body = "".join(f"{line}\n" for line in lines)
    return {APACHE_CONF: f"{server}<VirtualHost *:80>\n{body}</VirtualHost>\n"}


def test_the_limit_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    files = host("RequestReadTimeout header=20-40,MinRate=500 body=30", HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA306")

    assert where(found.location) == f"{CONF}:2:45"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "RequestReadTimeout body 30 s: Apache ends every upload to /image after that time, data or "
        "not, so no image above 0.3 GB at 10 MB/s or 3 GB at 100 MB/s arrives"
    )
    assert found.help == (
        "write body=20,MinRate=500, without an upper limit: it goes on while data come; body=0 in "
        "Glance's VirtualHost switches it off"
    )
    assert notes(found) == {"the Glance route it limits: /image": f"{CONF}:3:1"}


@pytest.mark.parametrize(
    ("body", "seconds"),
    [("20-40,MinRate=500", 40), ("20-600,minrate=1", 600), ("1", 1), ("86400", 86400)],
)
def test_the_upper_limit_counts_where_there_is_one(
    audit_tree: AuditTree, body: str, seconds: int
) -> None:
    found = finding(audit_tree(host(f"RequestReadTimeout body={body}", HTTP), select=ONLY), "GA306")

    assert found.message.startswith(f"RequestReadTimeout body {seconds} s: ")


@pytest.mark.parametrize(
    "line",
    [
        "RequestReadTimeout body=20,MinRate=500",
        "RequestReadTimeout body=0",
        "RequestReadTimeout header=20-40,MinRate=500",
        "Timeout 30",
    ],
)
def test_what_goes_on_while_data_come_is_fine(audit_tree: AuditTree, line: str) -> None:
    assert codes(audit_tree(host(line, HTTP), select=ONLY)) == []


@pytest.mark.parametrize(
    "route",
    [
        HTTP,
        HTTP.replace("http:", "uwsgi:"),
        'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"',
    ],
)
@pytest.mark.parametrize("sendcl", [(), ("SetEnv proxy-sendcl 1",)])
def test_every_gateway_is_meant_whether_it_spools_or_not(
    audit_tree: AuditTree, route: str, sendcl: tuple[str, ...]
) -> None:
    files = host("RequestReadTimeout body=30", *sendcl, route)

    assert codes(audit_tree(files, select=ONLY)) == ["GA306"]


@pytest.mark.parametrize(
    ("server", "own", "fires"),
    [
        ("body=30", "body=20,MinRate=500", False),
        ("body=30", "body=0", False),
        ("body=30", "header=30", True),
        ("body=20,MinRate=500", "body=30", True),
    ],
)
def test_the_virtual_hosts_word_wins(
    audit_tree: AuditTree, server: str, own: str, fires: bool
) -> None:
    files = host(f"RequestReadTimeout {own}", HTTP, server=f"RequestReadTimeout {server}\n")

    assert codes(audit_tree(files, select=ONLY)) == (["GA306"] if fires else [])


def test_one_limit_of_two_hosts_is_one_finding(audit_tree: AuditTree) -> None:
    second = f"<VirtualHost *:81>\n{HTTP.replace('/image', '/glance')}\n</VirtualHost>\n"
    files = host(HTTP, server=f"RequestReadTimeout body=30\n{second}")
    found = finding(audit_tree(files, select=ONLY), "GA306")

    assert where(found.location) == f"{CONF}:1:20"
    assert "every upload to /glance and /image after" in found.message
    assert len(found.related) == 2


def test_two_limits_are_two_findings(audit_tree: AuditTree) -> None:
    second = f"RequestReadTimeout body=60\n{HTTP}\n"
    files = host("RequestReadTimeout body=30", HTTP, server=f"<VirtualHost *:81>\n{second}")
    files[APACHE_CONF] = str(files[APACHE_CONF]).replace(
        "<VirtualHost *:80>", "</VirtualHost>\n<VirtualHost *:80>"
    )
    found = findings(audit_tree(files, select=ONLY), "GA306")

    assert [one.location.line for one in found] == [2, 6]


def test_another_service_is_none_of_its_business(audit_tree: AuditTree) -> None:
    files = host("RequestReadTimeout body=30", 'ProxyPass "/identity" "http://127.0.0.1:5000"')

    assert codes(audit_tree(files, select=ONLY)) == []
