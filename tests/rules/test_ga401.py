from __future__ import annotations

import pytest
from inline_snapshot import snapshot

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

CONF = "etc/apache2/apache2.conf"
GIB = 1024**3
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
BUFFERED: dict[str, Content] = {APACHE_CONF: "SetEnv proxy-sendcl 1\n" + ROUTE}
ENVVARS: dict[str, Content] = {"/etc/apache2/envvars": "export TMPDIR=/srv/spool\n"}
UWSGI = (
    "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"
    "post-buffering = 8192\n"
)


@pytest.mark.parametrize(
    ("size", "image", "uploads", "fires"),
    [
        (20 * GIB, 10 * GIB, 2, False),
        (20 * GIB - 1, 10 * GIB, 2, True),
        (20 * GIB, 10 * GIB + 1, 2, True),
        (20 * GIB, 10 * GIB, 3, True),
        (10 * GIB, 10 * GIB, 1, False),
        (None, 10 * GIB, 2, False),
    ],
)
def test_the_images_expected_at_once_have_to_fit(
    audit_tree: AuditTree, size: int | None, image: int, uploads: int, fires: bool
) -> None:
    report = audit_tree(
        BUFFERED,
        select=("GA401",),
        tmpdir_size=size,
        largest_image=image,
        concurrent_uploads=uploads,
    )

    assert codes(report) == (["GA401"] if fires else [])


def test_an_unknown_size_is_told_and_not_guessed(audit_tree: AuditTree) -> None:
    report = audit_tree(BUFFERED, select=("GA401",))

    assert any("/tmp, whose size is unknown" in note for note in report.notes)


def test_the_line_that_chooses_the_directory_is_reported_with_the_sum(
    audit_tree: AuditTree,
) -> None:
    report = audit_tree({**BUFFERED, **ENVVARS}, select=("GA401",), tmpdir_size=5 * GIB)
    found = finding(report, "GA401")

    assert found.location.file == "etc/apache2/envvars"
    assert found.location.line == 1
    assert judged(found) == ("error", "high")
    assert "in /srv/spool, which has 5 GiB (as stated)" in found.message
    assert "2 at once of up to 10 GiB (the largest image expected) take 20 GiB" in found.message
    assert "status 500" in found.message
    assert notes(found) == {"makes Apache spool them: proxy-sendcl": f"{CONF}:1:1"}


def test_the_line_that_sets_the_size_is_reported_when_the_directory_is_the_default(
    audit_tree: AuditTree,
) -> None:
    fstab = "tmpfs /tmp tmpfs size=1g 0 0\n"
    found = finding(audit_tree({**BUFFERED, "/etc/fstab": fstab}, select=("GA401",)), "GA401")

    assert found.location.file == "etc/fstab"
    assert "in /tmp, which has 1 GiB (fstab for /tmp)" in found.message


def test_the_buffering_setting_is_reported_when_no_file_chooses_directory_or_size(
    audit_tree: AuditTree,
) -> None:
    found = finding(audit_tree(BUFFERED, select=("GA401",), tmpdir_size=GIB), "GA401")

    assert where(found.location) == f"{CONF}:1:1"
    assert found.related == ()


def test_image_size_cap_counts_instead_of_what_is_expected(audit_tree: AuditTree) -> None:
    cap = {GLANCE_CONF: f"[DEFAULT]\nimage_size_cap = {3 * GIB}\n"}

    fits = audit_tree({**BUFFERED, **cap}, select=("GA401",), tmpdir_size=6 * GIB)
    small = audit_tree({**BUFFERED, **cap}, select=("GA401",), tmpdir_size=6 * GIB - 1)

    assert codes(fits) == []
    found = finding(small, "GA401")
    assert "up to 3 GiB (image_size_cap) take 6 GiB" in found.message
    assert notes(found)["how large an image may be"].startswith("etc/glance/glance-api.conf:2:")


def test_buffering_of_some_requests_is_less_certain(audit_tree: AuditTree) -> None:
    text = "<If \"%{HTTP_HOST} == 'x'\">\nSetEnv proxy-sendcl 1\n</If>\n" + ROUTE
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA401",), tmpdir_size=1), "GA401")

    assert judged(found) == ("error", "medium")


def test_a_route_that_streams_needs_no_room(audit_tree: AuditTree) -> None:
    assert codes(audit_tree({APACHE_CONF: ROUTE}, select=("GA401",), tmpdir_size=1)) == []


def test_post_buffering_of_glance_needs_room_too(audit_tree: AuditTree) -> None:
    found = finding(
        audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: UWSGI}, select=("GA401",), tmpdir_size=GIB),
        "GA401",
    )

    assert where(found.location) == "etc/glance/glance-api-uwsgi.ini:4:1"
    assert judged(found) == ("error", "high")
    assert (found.message, found.help, notes(found)) == snapshot(
        (
            (
                "uWSGI (glance-api-uwsgi.ini) spools uploads with a Content-Length in /tmp, "
                "which has 1 GiB (as stated), but 2 at once of up to 10 GiB (the largest image "
                "expected) take 20 GiB: it resets the connection of an upload that does not fit"
            ),
            "remove post-buffering, or enlarge the file system",
            {"makes uWSGI spool them": "etc/glance/glance-api-uwsgi.ini:4:1"},
        )
    )


def test_uwsgi_spools_where_its_own_env_says(audit_tree: AuditTree) -> None:
    ini = UWSGI + "env = TMPDIR=/srv/spool\n"
    files: dict[str, Content] = {**ENVVARS, APACHE_CONF: ROUTE, UWSGI_INI: ini}
    found = finding(audit_tree(files, select=("GA401",), tmpdir_size=GIB), "GA401")

    assert found.location.line == 5
    assert "in /srv/spool" in found.message


@pytest.mark.parametrize(
    "ini",
    [
        UWSGI.replace("post-buffering = 8192", "post-buffering = 0"),
        UWSGI.replace("glance.wsgi.api", "keystone.wsgi.api").replace("60999", "5000"),
    ],
)
def test_a_uwsgi_that_spools_nothing_of_glance_needs_no_room(
    audit_tree: AuditTree, ini: str
) -> None:
    report = audit_tree({APACHE_CONF: ROUTE, UWSGI_INI: ini}, select=("GA401",), tmpdir_size=1)

    assert codes(report) == []


def test_apache_and_uwsgi_are_judged_apart(audit_tree: AuditTree) -> None:
    report = audit_tree({**BUFFERED, UWSGI_INI: UWSGI}, select=("GA401",), tmpdir_size=1)

    assert [f.location.file for f in findings(report, "GA401")] == [
        CONF,
        "etc/glance/glance-api-uwsgi.ini",
    ]


@pytest.mark.parametrize("release", ["15", "33"])
def test_the_filter_buffer_needs_room_and_no_release_needs_it(
    audit_tree: AuditTree, release: str
) -> None:
    files: dict[str, Content] = {APACHE_CONF: "SetInputFilter BUFFER\n" + ROUTE, **ENVVARS}
    report = audit_tree(files, select=("GA401",), tmpdir_size=GIB, glance_release=release)
    found = finding(report, "GA401")

    assert judged(found) == ("error", "high")
    assert found.help == "stop the spooling, or enlarge the file system"
    assert notes(found) == {"makes Apache spool them: SetInputFilter BUFFER": f"{CONF}:1:1"}


def test_a_filter_of_some_requests_is_less_certain(audit_tree: AuditTree) -> None:
    text = f"<If true>\nSetInputFilter BUFFER\n</If>\n{ROUTE}"
    found = finding(audit_tree({APACHE_CONF: text}, select=("GA401",), tmpdir_size=1), "GA401")

    assert judged(found) == ("error", "medium")
    assert where(found.location) == f"{CONF}:2:1"


def test_what_apache_spools_too_small_word_for_word(audit_tree: AuditTree) -> None:
    said = {}
    for release in ("25", None):
        report = audit_tree(BUFFERED, tmpdir_size=GIB, glance_release=release, select=("GA401",))
        found = finding(report, "GA401")
        said[release] = (found.message, found.help)

    assert said == snapshot(
        {
            "25": (
                (
                    "Apache spools uploads to /image in /tmp, which has 1 GiB (as stated), but 2 "
                    "at once of up to 10 GiB (the largest image expected) take 20 GiB: an upload "
                    "that does not fit ends in status 500"
                ),
                "stop the spooling, or enlarge the file system",
            ),
            None: (
                (
                    "Apache spools uploads to /image in /tmp, which has 1 GiB (as stated), but 2 "
                    "at once of up to 10 GiB (the largest image expected) take 20 GiB: an upload "
                    "that does not fit ends in status 500"
                ),
                (
                    "stop the spooling (on Glance 15 (Pike) alone proxy-sendcl must stay), or "
                    "enlarge the file system"
                ),
            ),
        }
    )


def test_a_uwsgi_of_another_service_before_it_hides_nothing(audit_tree: AuditTree) -> None:
    other = UWSGI.replace("glance", "keystone").replace("60999", "5000")
    report = audit_tree(
        {
            APACHE_CONF: ROUTE,
            "/etc/uwsgi/apps-enabled/a.ini": other,
            "/etc/uwsgi/apps-enabled/b.ini": UWSGI,
        },
        path="/",
        tmpdir_size=GIB,
        select=("GA401",),
    )

    assert finding(report, "GA401").location.file == "etc/uwsgi/apps-enabled/b.ini"
