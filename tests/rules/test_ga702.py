from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
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
INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA702",)
HELP = "set chunked-input-limit = 67108864 in the [uwsgi] section: bytes, without a unit"
NEIGHBOUR = 'ProxyPass "/identity" "http://127.0.0.1:5000"\n'


def system(
    *lines: str,
    listen: str = "http-socket = :9292",
    apache: str = NEIGHBOUR,
    app: str = "glance.wsgi.api",
) -> dict[str, Content]:
    body = "".join(f"{line}\n" for line in lines)
    ini = f"[uwsgi]\n{listen}\nmodule = {app}:application\n{body}"
    return {APACHE_CONF: apache, UWSGI_INI: ini}


def behind(path: str = "/image") -> str:
    return f'ProxyPass "{path}" "http://127.0.0.1:9292"\n'


def test_the_default_is_reported_where_clients_come_directly(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(), select=ONLY, glance_release="33"), "GA702")

    assert where(found.location) == f"{INI}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "chunked-input-limit 1048576 bytes by default: an upload fails when one of its chunks is "
        "that large, and no Apache cuts up what clients send to http-socket = :9292"
    )
    assert found.help == HELP
    assert notes(found) == {"reached without Apache": f"{INI}:2:1"}


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("1048576", "warning"),
        ("65536", "warning"),
        ("16385", "warning"),
        ("16384", "error"),
        ("1000000k", "error"),
        ("20000 kB", "error"),
        ("20000 ; bytes", "warning"),
        ("1048577", None),
        ("67108864", None),
        ("4294967296", None),
        ("0", None),
        ("none", None),
    ],
)
def test_up_to_one_mebibyte_is_little(
    audit_tree: AuditTree, value: str, severity: str | None
) -> None:
    report = audit_tree(system(f"chunked-input-limit = {value}"), select=ONLY)

    assert [f.severity.value for f in report.findings] == ([severity] if severity else [])


def test_a_unit_makes_it_tiny(audit_tree: AuditTree) -> None:
    files = system("chunked-input-limit = 16m")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA702")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "chunked-input-limit 16 bytes (uWSGI reads no unit in 16m): a chunked upload fails when "
        "one of its chunks is larger, and Apache sends it on in pieces of up to 16384 bytes"
    )
    assert found.help == HELP


def test_behind_apache_only_a_tiny_limit_bites(audit_tree: AuditTree) -> None:
    def audit(value: str) -> list[str]:
        files = system(f"chunked-input-limit = {value}", apache=behind())
        return [f.severity.value for f in audit_tree(files, select=ONLY).findings]

    assert audit("16m") == ["error"]
    assert audit("16384") == ["error"]
    assert audit("16385") == []
    assert audit("20000k") == []
    found = finding(
        audit_tree(system("chunked-input-limit = 16m", apache=behind()), select=ONLY), "GA702"
    )
    assert notes(found) == {"uploads arrive through /image on the main server": f"{CONF}:1:1"}


def test_pike_does_not_read_chunks_itself(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system(), select=ONLY, glance_release="pike")) == []
    found = finding(audit_tree(system(), select=ONLY), "GA702")
    assert judged(found) == ("warning", "medium")
    assert found.message.endswith("http-socket = :9292 (on Glance 16 (Queens) and later)")


@pytest.mark.parametrize(
    ("listen", "direct"),
    [
        ("http-socket = 0.0.0.0:9292", True),
        ("http-socket = [::]:9292", True),
        ("http-socket = 192.0.2.11:9292", True),
        ("http11-socket = controller:9292", True),
        ("http = :9292", True),
        ("http-socket = 127.0.0.1:9292", False),
        ("http-socket = localhost:9292", False),
        ("http-socket = [::1]:9292", False),
        ("http-socket = /run/glance.sock", False),
        ("http-socket = $(ADDRESS):9292", False),  # unknown
        ("socket = :9292", False),
        ("http-socket = /run/glance.sock\nhttp-socket = :9292", True),
    ],
)
def test_directly_is_http_beyond_loopback(audit_tree: AuditTree, listen: str, direct: bool) -> None:
    report = audit_tree(system(listen=listen), select=ONLY)

    assert codes(report) == (["GA702"] if direct else [])


def test_the_uwsgi_protocol_brings_no_chunks_whatever_the_limit(audit_tree: AuditTree) -> None:
    files = system("chunked-input-limit = 16", listen="socket = :9292")

    assert codes(audit_tree(files, select=ONLY)) == []


def test_an_apache_that_leads_to_it_at_all_is_enough(audit_tree: AuditTree) -> None:
    listen = "http-socket = 192.0.2.11:9292\nhttp-socket = 127.0.0.1:9292"

    assert codes(audit_tree(system(listen=listen, apache=behind()), select=ONLY)) == []
    assert codes(audit_tree(system(listen=listen), select=ONLY)) == ["GA702"]


def test_a_uwsgi_without_any_apache_is_audited_as_such(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {UWSGI_INI: system()[UWSGI_INI]}

    assert codes(audit_tree(files, path=UWSGI_INI, select=ONLY)) == ["GA702"]


def test_of_several_addresses_two_are_shown(audit_tree: AuditTree) -> None:
    listen = "\n".join(f"http-socket = 192.0.2.{n}:9292" for n in (1, 2, 3))
    found = finding(audit_tree(system(listen=listen), select=ONLY), "GA702")

    assert "192.0.2.1:9292, http-socket = 192.0.2.2:9292 and http-socket" in found.message
    assert [where(r.location) for r in found.related] == [f"{INI}:2:1", f"{INI}:3:1"]


def test_a_neighbour_is_none_of_its_business(audit_tree: AuditTree) -> None:
    files = system(app="keystone.wsgi.api", listen="http-socket = :5000")

    assert codes(audit_tree(files, select=ONLY)) == []


def test_each_uwsgi_of_glance_is_reported(audit_tree: AuditTree) -> None:
    other = "/etc/glance/glance-second-uwsgi.ini"
    files = system(apache=behind() + 'ProxyPass "/image/x" "http://127.0.0.1:9293"\n')
    small = "chunked-input-limit = 5\n"
    files[other] = str(system(listen="http-socket = 127.0.0.1:9293")[UWSGI_INI]) + small
    report = audit_tree(files, select=ONLY)

    assert [where(one.location) for one in findings(report, "GA702")] == [f"{other[1:]}:4:1"]


def test_it_leads_where_the_value_is_misread(audit_tree: AuditTree) -> None:
    report = audit_tree(system("chunked-input-limit = 16m"), select=("GA702", "GA909"))

    assert finding(report, "GA909").caused_by == finding(report, "GA702").fingerprint
