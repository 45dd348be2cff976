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
    where,
)

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA209",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'


def ini(*lines: str, app: str = "glance.wsgi.api") -> str:
    body = "".join(f"{line}\n" for line in lines)
    return f"[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = {app}:application\n{body}"


def system(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: ROUTE, UWSGI_INI: ini(*lines)}


@pytest.mark.parametrize("release", ["15", "33", None])
def test_the_option_is_reported_where_it_stands(audit_tree: AuditTree, release: str | None) -> None:
    report = audit_tree(system("post-buffering = 8192"), select=ONLY, glance_release=release)
    found = finding(report, "GA209")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "post-buffering = 8192: uWSGI writes every image that comes with a Content-Length to its "
        "temporary directory before Glance sees the first byte"
    )
    assert found.help == "remove post-buffering; Glance reads what it is sent as it comes"
    assert found.related == ()


@pytest.mark.parametrize(
    ("line", "fires"),
    [
        ("post-buffering = 1", True),
        ("post-buffering = 0", False),
        ("post-buffering = true", False),  # read as 0 (measured)
        ("post-buffering = ", False),
        ("post-buffering-bufsize = 65536", False),
        ("buffer-size = 65535", False),
    ],
)
def test_only_a_number_above_zero_spools(audit_tree: AuditTree, line: str, fires: bool) -> None:
    assert codes(audit_tree(system(line), select=ONLY)) == (["GA209"] if fires else [])


def test_the_last_value_counts(audit_tree: AuditTree) -> None:
    off = system("post-buffering = 8192", "post-buffering = 0")
    on = system("post-buffering = 0", "post-buffering = 4096")

    assert codes(audit_tree(off, select=ONLY)) == []
    assert where(finding(audit_tree(on, select=ONLY), "GA209").location) == f"{INI}:5:1"


def test_a_uwsgi_without_apache_is_reported_too(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {UWSGI_INI: ini("post-buffering = 8192")}

    assert codes(audit_tree(files, path=UWSGI_INI, select=ONLY)) == ["GA209"]


def test_each_uwsgi_of_glance_is_reported(audit_tree: AuditTree) -> None:
    files = system("post-buffering = 8192")
    files["/etc/glance/second-uwsgi.ini"] = ini("post-buffering = 1").replace("60999", "61000")
    files[APACHE_CONF] = ROUTE + 'ProxyPass "/two" "http://127.0.0.1:61000"\n'

    assert len(findings(audit_tree(files, select=ONLY), "GA209")) == 2


def test_a_uwsgi_of_another_service_is_none_of_its_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/identity" "http://127.0.0.1:60999"\n',
        UWSGI_INI: ini("post-buffering = 8192", app="keystone.wsgi.api"),
    }

    assert codes(audit_tree(files, select=ONLY)) == []
