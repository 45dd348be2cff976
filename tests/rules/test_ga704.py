from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    GLANCE_CONF,
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

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA704",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def system(
    *lines: str,
    listen: str = "http-socket",
    apache: str = ROUTE,
    app: str = "glance.wsgi.api",
) -> dict[str, Content]:
    body = "".join(f"{line}\n" for line in lines)
    ini = f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n{body}"
    return {APACHE_CONF: apache, UWSGI_INI: ini}


def test_a_limit_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("limit-post = 1073741824"), select=ONLY), "GA704")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "limit-post 1073741824 bytes: uWSGI closes the connection of an upload with a larger "
        "Content-Length without an answer, while chunked ones of any size pass"
    )
    assert (
        found.help == "remove limit-post, and set image_size_cap in glance-api.conf to limit images"
    )
    assert notes(found) == {}


def test_the_uwsgi_protocol_brings_no_chunks(audit_tree: AuditTree) -> None:
    files = system("limit-post = 1000", listen="socket", apache=ROUTE.replace("http:", "uwsgi:"))
    found = finding(audit_tree(files, select=ONLY), "GA704")

    assert found.message == (
        "limit-post 1000 bytes: uWSGI closes the connection of an upload with a larger "
        "Content-Length without an answer"
    )


def test_glances_own_limit_is_shown(audit_tree: AuditTree) -> None:
    files = system("limit-post = 1000")
    files[GLANCE_CONF] = "[DEFAULT]\nimage_size_cap = 1000\n"
    found = finding(audit_tree(files, path="/etc", select=ONLY), "GA704")

    assert found.help == "remove limit-post"
    assert notes(found) == {"Glance's own limit": "etc/glance/glance-api.conf:2:1"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("21474836480", "limit-post 21474836480 bytes: "),  # 0 in 32 bits
        ("10g", "limit-post 10 bytes (uWSGI reads no unit in 10g): "),
        ("1", "limit-post 1 bytes: "),
        ("0", None),
        ("none", None),
        ("", None),
    ],
)
def test_a_number_above_zero_is_a_limit(
    audit_tree: AuditTree, value: str, text: str | None
) -> None:
    report = audit_tree(system(f"limit-post = {value}"), select=ONLY)

    assert codes(report) == (["GA704"] if text else [])
    assert all(f.message.startswith(str(text)) for f in report.findings)


@pytest.mark.parametrize("release", ["15", "33", None])
def test_every_release_is_reported_alike(audit_tree: AuditTree, release: str | None) -> None:
    files = system("limit-post = 1000")
    found = finding(audit_tree(files, select=ONLY, glance_release=release), "GA704")

    assert judged(found) == ("warning", "high")


def test_a_uwsgi_without_apache_is_told_too(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {UWSGI_INI: system("limit-post = 1000")[UWSGI_INI]}

    assert codes(audit_tree(files, path=UWSGI_INI, select=ONLY)) == ["GA704"]


def test_the_last_one_counts_and_a_neighbours_does_not(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(system("limit-post = 9", "limit-post = 0"), select=ONLY)) == []
    files = system(
        "limit-post = 9",
        app="keystone.wsgi.api",
        apache='ProxyPass "/identity" "http://127.0.0.1:60999"\n',
    )
    assert codes(audit_tree(files, select=ONLY)) == []


def test_each_uwsgi_of_glance_is_reported(audit_tree: AuditTree) -> None:
    other = "/etc/glance/glance-second-uwsgi.ini"
    files = system(apache=ROUTE + 'ProxyPass "/image/x" "http://127.0.0.1:61000"\n')
    files[other] = str(system("limit-post = 9")[UWSGI_INI]).replace("60999", "61000")
    report = audit_tree(files, select=ONLY)

    assert [where(one.location) for one in findings(report, "GA704")] == [f"{other[1:]}:4:1"]
