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
ONLY = ("GA303",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
SECOND = 'ProxyPass "/glance" "http://127.0.0.1:60999"\n'
SENDCL = "SetEnv proxy-sendcl 1\n"


def ini(*lines: str, listen: str = "http-socket", app: str = "glance.wsgi.api") -> str:
    body = "".join(f"{line}\n" for line in lines)
    return f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n{body}"


def system(*lines: str, apache: str = ROUTE) -> dict[str, Content]:
    return {APACHE_CONF: apache, UWSGI_INI: ini(*lines)}


def test_the_option_is_an_error_where_it_stands(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(system("harakiri = 60"), select=ONLY), "GA303")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "harakiri 60 s: uWSGI kills an upload that takes longer, so no image above 0.6 GB at "
        "10 MB/s or 6 GB at 100 MB/s arrives"
    )
    assert "remove harakiri" in found.help
    assert found.related == ()


@pytest.mark.parametrize(
    ("seconds", "sizes"),
    [
        (1, "0.01 GB at 10 MB/s or 0.1 GB at 100 MB/s"),
        (30, "0.3 GB at 10 MB/s or 3 GB at 100 MB/s"),
        (600, "6 GB at 10 MB/s or 60 GB at 100 MB/s"),
        (3600, "36 GB at 10 MB/s or 360 GB at 100 MB/s"),
    ],
)
def test_the_largest_image_is_the_time_at_each_rate(
    audit_tree: AuditTree, seconds: int, sizes: str
) -> None:
    found = finding(audit_tree(system(f"harakiri = {seconds}"), select=ONLY), "GA303")

    assert found.message.startswith(f"harakiri {seconds} s: ")
    assert f"no image above {sizes} arrives" in found.message


@pytest.mark.parametrize("release", ["15", "16", "33", None])
def test_every_release_is_reported_alike(audit_tree: AuditTree, release: str | None) -> None:
    files = system("harakiri = 60")
    found = finding(audit_tree(files, select=ONLY, glance_release=release), "GA303")

    assert judged(found) == ("error", "high")


def test_post_buffering_spares_uploads_with_a_content_length(audit_tree: AuditTree) -> None:
    files = system("harakiri = 60", "post-buffering = 8192")
    found = finding(audit_tree(files, select=ONLY), "GA303")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("error", "high")
    assert "kills an upload sent in chunks that takes longer" in found.message
    assert "arrives in chunks (uploads with a Content-Length are spooled first" in found.message
    assert "by post-buffering)" in found.message


def test_spooling_by_apache_spares_chunked_uploads(audit_tree: AuditTree) -> None:
    files = system("harakiri = 60", apache=SENDCL + ROUTE)
    found = finding(audit_tree(files, select=ONLY), "GA303")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("error", "high")
    assert "kills an upload with a Content-Length that takes longer" in found.message
    assert "arrives with a Content-Length (chunked ones are spooled first" in found.message
    assert "by Apache)" in found.message


@pytest.mark.parametrize(
    ("lines", "apache", "listen"),
    [
        (("post-buffering = 0",), ROUTE, "http-socket"),
        (("post-buffering = true",), ROUTE, "http-socket"),  # a word is 0
        ((), "<If \"%{HTTP_HOST} == 'x'\">\n" + SENDCL + "</If>\n" + ROUTE, "http-socket"),
        ((), "SetEnvIf X-Spool yes proxy-sendcl\n" + ROUTE, "http-socket"),
        ((), "<Location /image>\n" + SENDCL + "</Location>\n" + ROUTE + SECOND, "http-socket"),
        ((), SENDCL + "UnsetEnv proxy-sendcl\n" + ROUTE, "http-socket"),
        ((), SENDCL + "SetEnv proxy-sendchunked 1\n" + ROUTE, "http-socket"),
        ((), SENDCL + 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n', "socket"),
        ((), 'ProxyPass "/object" "http://127.0.0.1:8080"\n', "http-socket"),
        ((), ROUTE, "http"),
    ],
)
def test_what_spools_not_every_upload_spares_none(
    audit_tree: AuditTree, lines: tuple[str, ...], apache: str, listen: str
) -> None:
    uwsgi = ini("harakiri = 60", *lines, listen=listen)
    files: dict[str, Content] = {APACHE_CONF: apache, UWSGI_INI: uwsgi}
    found = finding(audit_tree(files, select=ONLY, path="/"), "GA303")

    assert where(found.location) == f"{INI}:4:1"
    assert "kills an upload that takes longer" in found.message
    assert found.message.endswith("100 MB/s arrives")


@pytest.mark.parametrize(
    "apache",
    [
        SENDCL + ROUTE + SECOND,
        "SetEnvIf Transfer-Encoding chunked proxy-sendcl\n" + ROUTE,
        "SetEnv force-proxy-request-1.0 1\n" + ROUTE,
    ],
)
def test_every_chunked_upload_may_be_spooled_in_several_ways(
    audit_tree: AuditTree, apache: str
) -> None:
    found = finding(audit_tree(system("harakiri = 60", apache=apache), select=ONLY), "GA303")

    assert found.message.endswith(
        "with a Content-Length (chunked ones are spooled first, by Apache)"
    )


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("harakiri = 0",),
        ("harakiri = false",),
        ("harakiri = 60", "harakiri = 0"),
        ("harakiri-verbose = true",),
        ("mule-harakiri = 60",),
        ("spooler-harakiri = 60",),
        ("# harakiri = 60",),
    ],
)
def test_a_harakiri_that_is_off_is_fine(audit_tree: AuditTree, lines: tuple[str, ...]) -> None:
    assert codes(audit_tree(system(*lines), select=ONLY)) == []


def test_the_last_value_counts(audit_tree: AuditTree) -> None:
    files = system("harakiri = 0", "harakiri = 600")
    found = finding(audit_tree(files, select=ONLY), "GA303")

    assert where(found.location) == f"{INI}:5:1"


def test_a_uwsgi_of_another_service_is_none_of_its_business(audit_tree: AuditTree) -> None:
    files: dict[str, Content] = {
        APACHE_CONF: 'ProxyPass "/identity" "http://127.0.0.1:60999"\n',
        UWSGI_INI: ini("harakiri = 60", app="keystone.wsgi.api"),
    }

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_uwsgi_behind_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "    Include /etc/apache2/both.inc\n"
    files: dict[str, Content] = {
        APACHE_CONF: f"<VirtualHost *:80>\n{include}</VirtualHost>\n"
        f"<VirtualHost *:443>\n{include}</VirtualHost>\n",
        "/etc/apache2/both.inc": ROUTE,
        UWSGI_INI: ini("harakiri = 60"),
    }

    assert where(finding(audit_tree(files, select=ONLY), "GA303").location) == f"{INI}:4:1"


def test_each_uwsgi_of_glance_is_reported_with_what_its_own_routes_spool(
    audit_tree: AuditTree,
) -> None:
    second = ini("harakiri = 90").replace("60999", "61000")
    location = f"<Location /image>\n{SENDCL}</Location>\n"
    apache = location + ROUTE + 'ProxyPass "/glance" "http://127.0.0.1:61000"\n'
    other = "/etc/glance/glance-second-uwsgi.ini"
    files: dict[str, Content] = {
        APACHE_CONF: apache,
        UWSGI_INI: ini("harakiri = 60"),
        other: second,
    }
    found = {
        where(f.location): f.message for f in findings(audit_tree(files, select=ONLY), "GA303")
    }

    assert set(found) == {f"{INI}:4:1", f"{other[1:]}:4:1"}
    assert "kills an upload with a Content-Length that" in found[f"{INI}:4:1"]
    assert "kills an upload that" in found[f"{other[1:]}:4:1"]


def test_what_apache_spools_post_buffering_spools_again(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: 'SetEnv proxy-sendcl 1\nProxyPass "/image" "http://127.0.0.1:60999"\n',
        UWSGI_INI: (
            "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
            "harakiri = 60\npost-buffering = 8192\n"
        ),
    }
    found = finding(audit_tree(files, select=ONLY), "GA303")

    assert "an upload that Glance takes longer to store" in found.message
    assert "GB" not in found.message


BUFFER = "SetInputFilter BUFFER\n"


def test_the_filter_buffer_spares_uploads_with_a_content_length(audit_tree: AuditTree) -> None:
    files = system("harakiri = 60", apache=BUFFER + ROUTE)
    found = finding(audit_tree(files, select=ONLY), "GA303")

    assert found.message.endswith(
        "uWSGI kills an upload sent in chunks that takes longer, so no image above 0.6 GB at 10 "
        "MB/s or 6 GB at 100 MB/s arrives in chunks (uploads with a Content-Length are spooled "
        "first, by Apache)"
    )


def test_what_is_spooled_either_way_dies_while_glance_stores_it(audit_tree: AuditTree) -> None:
    files = system("harakiri = 60", apache=BUFFER + SENDCL + ROUTE)
    found = finding(audit_tree(files, select=ONLY), "GA303")

    assert found.message == (
        "harakiri 60 s: uWSGI kills an upload that Glance takes longer to store, once it is spooled"
    )


@pytest.mark.parametrize(
    "apache",
    [
        "<Location /image>\n" + BUFFER + "</Location>\n" + ROUTE + SECOND,
        BUFFER + "SetEnv proxy-sendchunked 1\n" + ROUTE,
    ],
)
def test_a_filter_that_not_every_upload_meets_spares_none(
    audit_tree: AuditTree, apache: str
) -> None:
    found = finding(audit_tree(system("harakiri = 60", apache=apache), select=ONLY), "GA303")

    assert "kills an upload that takes longer" in found.message
