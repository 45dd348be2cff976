from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    AuditTree,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
ONLY = ("GA113",)
MISSING = 'ProxyPass "/image/" "http://127.0.0.1:60999"\n'
DOUBLE = 'ProxyPass "/image" "http://127.0.0.1:60999/"\n'


def host(lines: str, address: str = "*:80") -> str:
    return f"<VirtualHost {address}>\n{lines}</VirtualHost>\n"


def test_a_slash_too_few_before_a_host(audit_tree: AuditTree) -> None:
    found = finding(audit_tree({APACHE_CONF: host(MISSING)}, select=ONLY), "GA113")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "every request to Glance at /image/ on <VirtualHost *:80> ends with 500: Apache looks for "
        "a host 127.0.0.1:60999v2, for the path ends in / and the target does not"
    )
    assert found.help == 'write the path without its last /: "/image"'
    assert notes(found) == {}


def test_a_slash_too_few_behind_the_root(audit_tree: AuditTree) -> None:
    text = 'ProxyPass "/" "http://127.0.0.1:9292"\n'
    found = finding(audit_tree({APACHE_CONF: text}, select=ONLY), "GA113")

    assert "Glance at / on the main server ends with 500: Apache looks for a host" in found.message
    assert found.help == "write the target with a / at its end"


def test_a_slash_too_few_before_a_path(audit_tree: AuditTree) -> None:
    text = 'ProxyPass "/image/" "http://127.0.0.1:60999/sub"\n'
    found = finding(audit_tree({APACHE_CONF: text}, select=ONLY), "GA113")

    assert judged(found) == ("warning", "high")
    assert found.message == (
        "Glance at /image/ on the main server is asked for /subv2/images/<id>/file, which it does "
        "not have: the path ends in / and the target does not"
    )
    assert found.help == 'write the path without its last /: "/image"'


def test_a_slash_too_many(audit_tree: AuditTree) -> None:
    found = finding(audit_tree({APACHE_CONF: DOUBLE}, select=ONLY), "GA113")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "Glance at /image on the main server is asked for //v2/images/<id>/file, with two slashes: "
        "the target ends in / and the path does not"
    )
    assert found.help == "write the target without its last /"


def test_a_slash_too_few_before_a_script(audit_tree: AuditTree) -> None:
    text = 'WSGIScriptAlias "/image/" "/usr/bin/glance-wsgi-api"\n'
    found = finding(audit_tree({APACHE_CONF: text}, select=ONLY), "GA113")

    assert judged(found) == ("warning", "high")
    assert found.message == (
        "every request to Glance at /image/ on the main server ends with 404: mod_wsgi looks for a "
        "file /usr/bin/glance-wsgi-apiv2, for the path ends in / and the script does not"
    )
    assert found.help == 'write the path without its last /: "/image"'


def test_a_location_is_compared_too(audit_tree: AuditTree) -> None:
    text = '<Location "/image/">\n  ProxyPass "http://127.0.0.1:60999"\n</Location>\n'
    found = finding(audit_tree({APACHE_CONF: text}, select=ONLY), "GA113")

    assert where(found.location) == f"{CONF}:2:3"


@pytest.mark.parametrize(
    "lines",
    [
        'ProxyPass "/image" "http://127.0.0.1:60999"\n',
        'ProxyPass "/image/" "http://127.0.0.1:60999/"\n',
        'ProxyPass "/" "http://127.0.0.1:9292/"\n',
        'ProxyPass "/image" "uwsgi://127.0.0.1:60999/"\n',
        'ProxyPass "/image" "unix:/run/uwsgi/glance.socket|uwsgi://glance/"\n',
        'WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n',
        'ProxyPassMatch "^/image/" "http://127.0.0.1:60999"\n',
        # Not Glance, and Glance that no upload reaches.
        'ProxyPass "/identity/" "http://127.0.0.1:5000"\n',
        'ProxyPass "/" "http://127.0.0.1:8080/"\n' + MISSING,
    ],
)
def test_equal_ends_and_other_directives_are_no_finding(audit_tree: AuditTree, lines: str) -> None:
    assert codes(audit_tree({APACHE_CONF: host(lines)}, select=ONLY)) == []


def test_a_directive_of_several_virtual_hosts_is_one_finding(audit_tree: AuditTree) -> None:
    include = "Include glance.inc\n"
    files = {
        APACHE_CONF: "".join(host(include, f"*:{port}") for port in (80, 81, 82)),
        "/etc/apache2/glance.inc": DOUBLE,
    }
    found = finding(audit_tree(files, select=ONLY), "GA113")

    assert where(found.location) == "etc/apache2/glance.inc:1:1"
    assert found.message.startswith(
        "Glance at /image on <VirtualHost *:80>, /image on <VirtualHost *:81> and 1 more is asked"
    )


def test_each_directive_is_a_finding(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: host(MISSING) + host(DOUBLE, "*:81")}

    found = findings(audit_tree(files, select=ONLY), "GA113")

    assert [where(one.location) for one in found] == [f"{CONF}:2:1", f"{CONF}:5:1"]


def test_a_macro_is_reported_at_its_use(audit_tree: AuditTree) -> None:
    load = "LoadModule macro_module modules/mod_macro.so\n"
    files = {APACHE_CONF: f"{load}<Macro image>\n{DOUBLE}</Macro>\nUse image\n"}
    found = finding(audit_tree(files, select=ONLY), "GA113")

    assert where(found.location) == f"{CONF}:5:1"
    assert notes(found) == {"the line of the macro": f"{CONF}:3:1"}


def test_a_password_is_never_told(audit_tree: AuditTree) -> None:
    text = 'ProxyPass "/image/" "http://user:secret@127.0.0.1:60999"\n'
    found = finding(audit_tree({APACHE_CONF: text}, select=ONLY), "GA113")

    assert "secret" not in found.message + found.help
