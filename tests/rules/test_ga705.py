from __future__ import annotations

import pytest

from glance_audit.audit.settings import Floors
from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    Content,
    codes,
    finding,
    findings,
    judged,
    where,
)

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA705",)
EFFECT = (
    "uWSGI closes the connection when a request's headers are longer, as they are with a long token"
)


def system(
    *lines: str, listen: str = "http-socket", app: str = "glance.wsgi.api"
) -> dict[str, Content]:
    path, scheme = "/image" if "glance" in app else "/identity", "http"
    body = "".join(f"{line}\n" for line in lines)
    return {
        APACHE_CONF: f'ProxyPass "{path}" "{scheme}://127.0.0.1:60999"\n',
        UWSGI_INI: f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n{body}",
    }


def test_the_default_is_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system(), select=ONLY), "GA705")

    assert where(found.location) == f"{INI}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == f"buffer-size 4096 bytes by default: {EFFECT}"
    assert found.help == "set buffer-size = 65535, the most there is, in the [uwsgi] section"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("8192", "8192 bytes"),
        ("16383", "16383 bytes"),
        ("64k", "64 bytes (uWSGI reads no unit in 64k)"),
        ("0", "0 bytes"),
        ("true", "0 bytes"),
        ("16384", None),
        ("65535", None),
        ("65536", None),
        ("131072", None),
        ("4294967296", None),
    ],
)
def test_16_kib_are_enough(audit_tree: AuditTree, value: str, text: str | None) -> None:
    report = audit_tree(system(f"buffer-size = {value}"), select=ONLY)

    assert [(where(f.location), f.message) for f in report.findings] == (
        [(f"{INI}:4:1", f"buffer-size {text}: {EFFECT}")] if text else []
    )


@pytest.mark.parametrize(
    ("value", "floor", "fires"),
    [
        ("8192", 8192, False),
        ("8192", 8193, True),
        ("65535", 65535, False),
        ("65534", 65535, True),
        ("65535", 100000, False),  # there is no more
        ("100000", 100000, False),
    ],
)
def test_the_floor_can_be_set(audit_tree: AuditTree, value: str, floor: int, fires: bool) -> None:
    files = system(f"buffer-size = {value}")
    report = audit_tree(files, select=ONLY, floors=Floors(header=floor))

    assert codes(report) == (["GA705"] if fires else [])


@pytest.mark.parametrize("listen", ["http-socket", "http", "socket"])
def test_every_protocol_is_limited(audit_tree: AuditTree, listen: str) -> None:
    assert codes(audit_tree(system(listen=listen), select=ONLY)) == ["GA705"]
    files = system("http-buffer-size = 65536", listen=listen)
    assert codes(audit_tree(files, select=ONLY)) == ["GA705"]


def test_a_uwsgi_without_apache_is_told_too(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {UWSGI_INI: system()[UWSGI_INI]}

    assert codes(audit_tree(files, path=UWSGI_INI, select=ONLY)) == ["GA705"]


def test_a_neighbour_may_have_short_headers(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system(app="keystone.wsgi.api"), select=ONLY)) == []


def test_each_uwsgi_of_glance_is_reported(audit_tree: AuditTree) -> None:
    other = "/etc/glance/glance-second-uwsgi.ini"
    files = system("buffer-size = 65535")
    files[APACHE_CONF] = str(files[APACHE_CONF]) + 'ProxyPass "/image/x" "http://127.0.0.1:61000"\n'
    files[other] = str(system()[UWSGI_INI]).replace("60999", "61000")
    report = audit_tree(files, select=ONLY)

    assert [where(one.location) for one in findings(report, "GA705")] == [f"{other[1:]}:1:1"]


def test_it_leads_where_the_value_is_misread(audit_tree: AuditTree) -> None:
    report = audit_tree(system("buffer-size = 64k"), select=("GA705", "GA909"))

    assert finding(report, "GA909").caused_by == finding(report, "GA705").fingerprint
