from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA104",)
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'


def system(apache: str, *listen: str, app: str = "glance.wsgi.api") -> dict[str, Content]:
    lines = "".join(f"{line}\n" for line in listen)
    return {APACHE_CONF: apache, UWSGI_INI: f"[uwsgi]\n{lines}module = {app}:application\n"}


def test_http_to_a_uwsgi_socket(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(HTTP, "socket = 127.0.0.1:60999"), select=ONLY), "GA104")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "Apache speaks HTTP to /image, and glance-api-uwsgi.ini the uwsgi protocol: every request "
        "ends with 502"
    )
    assert found.help == "write http-socket = 127.0.0.1:60999 in the place of socket"
    assert notes(found) == {"what listens there": f"{INI}:2:1"}


@pytest.mark.parametrize("key", ["http-socket", "http", "http11-socket"])
def test_the_uwsgi_protocol_to_what_speaks_http(audit_tree: AuditTree, key: str) -> None:
    files = system(UWSGI, f"{key} = 127.0.0.1:60999")
    found = finding(audit_tree(files, select=ONLY), "GA104")

    assert judged(found) == ("error", "high")
    assert found.message == (
        "Apache speaks the uwsgi protocol to /image, and glance-api-uwsgi.ini HTTP: every request "
        "ends with 500 or 503, chunked uploads with 411"
    )
    assert found.help == (
        "write http:// in the place of uwsgi://, with Proxy100Continue Off (httpd 2.4.40 and "
        "later) beside it: uwsgi:// refuses chunked uploads whatever listens"
    )


def test_sockets_of_the_file_system_are_compared_too(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "unix:/run/uwsgi/glance.socket|http://glance"\n'
    found = finding(
        audit_tree(system(route, "uwsgi-socket = /run/uwsgi/glance.socket"), select=ONLY), "GA104"
    )

    assert found.help == "write http-socket = /run/uwsgi/glance.socket in the place of uwsgi-socket"


@pytest.mark.parametrize(
    ("apache", "listen"),
    [
        (HTTP, ("http-socket = 127.0.0.1:60999",)),
        (HTTP, ("http = 127.0.0.1:60999",)),
        (UWSGI, ("socket = 127.0.0.1:60999",)),
        (HTTP, ("socket = 127.0.0.1:61000", "http-socket = 127.0.0.1:60999")),
        (HTTP, ("socket = 127.0.0.1:61000",)),  # who answers is not known
        (HTTP, ("fastcgi-socket = 127.0.0.1:60999",)),
        ('ProxyPass "/image" "fcgi://127.0.0.1:60999"\n', ("socket = 127.0.0.1:60999",)),
        ('WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n', ("socket = 127.0.0.1:60999",)),
    ],
)
def test_the_same_protocol_or_an_unknown_one_is_no_finding(
    audit_tree: AuditTree, apache: str, listen: tuple[str, ...]
) -> None:
    assert codes(audit_tree(system(apache, *listen), select=ONLY)) == []


def test_a_name_that_may_be_another_machines_is_a_hint(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "http://images.internal:60999"\n'
    found = finding(audit_tree(system(route, "socket = :60999"), select=ONLY), "GA104")

    assert judged(found) == ("error", "low")


def test_other_services_are_none_of_its_business(audit_tree: AuditTree) -> None:
    files = system(
        'ProxyPass "/identity" "http://127.0.0.1:60999"\n', "socket = 127.0.0.1:60999",
        app="keystone.wsgi.api",
    )  # fmt: skip

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_fragment_in_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "<VirtualHost *:{}>\nInclude /etc/apache2/both.inc\n</VirtualHost>\n"
    files = system(include.format(80) + include.format(443), "socket = 127.0.0.1:60999")
    files["/etc/apache2/both.inc"] = HTTP
    found = finding(audit_tree(files, select=ONLY), "GA104")

    assert where(found.location) == "etc/apache2/both.inc:1:1"
    assert found.message.startswith("Apache speaks HTTP to /image, and")
