from __future__ import annotations

import pytest

from tests.rules.audited import GLANCE_CONF, AuditTree, codes, finding, findings, judged, where

CONF = GLANCE_CONF[1:]
ONLY = ("GA605",)
BACKENDS = "enabled_backends = local:file"
STORE = "[os_glance_staging_store]\nfilesystem_store_datadir = {}"
BELOW = "images wait for their import below /tmp, which they may fill and a reboot empties"
ROOM = ", a directory of Glance's own with room for several images"


def conf(*lines: str) -> dict[str, str]:
    return {GLANCE_CONF: "\n".join(("[DEFAULT]", *lines, ""))}


def test_a_bare_path_is_no_uri(audit_tree: AuditTree) -> None:
    files = conf("debug = true", "node_staging_uri = /srv/staging")
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="27"), "GA605"
    )

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == "node_staging_uri is no file:// URI: Glance does not start"
    assert found.help == "write node_staging_uri = file:///srv/staging"


@pytest.mark.parametrize("value", ["http://x/y", "", "FILE:///srv/s", "filesystem:///srv/s"])
def test_nor_is_another_scheme(audit_tree: AuditTree, value: str) -> None:
    files = conf(f"node_staging_uri = {value}")
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="33"), "GA605"
    )

    assert judged(found) == ("error", "high")
    assert found.help == "write node_staging_uri = file:///var/lib/glance/staging"


@pytest.mark.parametrize(
    ("release", "judgement", "message"),
    [
        ("15", None, ""),
        ("16", "high", "no image can be imported"),
        ("26", "high", "no image can be imported"),
        ("27", "high", "Glance does not start"),
        (
            None,
            "medium",
            (
                "no image can be imported (on Glance 16 (Queens) and later), and Glance does not "
                "start (on Glance 27 (2023.2) and later)"
            ),
        ),
    ],
)
def test_what_comes_of_it_depends_on_the_release(
    audit_tree: AuditTree, release: str | None, judgement: str | None, message: str
) -> None:
    files = conf("node_staging_uri = /srv/staging")
    report = audit_tree(files, path="/etc/glance", select=ONLY, glance_release=release)

    assert [judged(one) for one in findings(report, "GA605")] == (
        [("error", judgement)] if judgement else []
    )
    assert [one.message for one in report.findings] == (
        [f"node_staging_uri is no file:// URI: {message}"] if judgement else []
    )


def test_without_imports_it_keeps_glance_from_starting_all_the_same(
    audit_tree: AuditTree,
) -> None:
    files = conf("enabled_import_methods = []", "node_staging_uri = /srv/staging")
    later = audit_tree(files, path="/etc/glance", select=ONLY, glance_release="27")
    before = audit_tree(files, path="/etc/glance", select=ONLY, glance_release="26")
    unknown = audit_tree(files, path="/etc/glance", select=ONLY)

    assert codes(before) == []
    assert [one.message for one in later.findings] == [
        "node_staging_uri is no file:// URI: Glance does not start"
    ]
    assert [(judged(one)[1], one.message) for one in unknown.findings] == [
        (
            "medium",
            (
                "node_staging_uri is no file:// URI: Glance does not start "
                "(on Glance 27 (2023.2) and later)"
            ),
        )
    ]


def test_the_default_is_reported_at_the_sections_header(audit_tree: AuditTree) -> None:
    files = {GLANCE_CONF: "[database]\n\n[DEFAULT]\ndebug = true\n"}
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="16"), "GA605"
    )

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("warning", "high")
    assert found.message == f"node_staging_uri is not set: {BELOW}"
    assert found.help == f"set node_staging_uri = file:///var/lib/glance/staging{ROOM}"


@pytest.mark.parametrize(
    "uri",
    ["file:///tmp/staging", "file:///tmp", "file:///tmp/", "file:///srv/../tmp/a", "file://$dir"],
)
def test_a_directory_below_tmp_is_reported(audit_tree: AuditTree, uri: str) -> None:
    files = conf("dir = /tmp/x", f"node_staging_uri = {uri}")
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="33"), "GA605"
    )

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("warning", "high")
    assert found.message == f"node_staging_uri is {uri}: {BELOW}"
    assert found.help == f"write node_staging_uri = file:///var/lib/glance/staging{ROOM}"


@pytest.mark.parametrize(
    "uri",
    [
        "file:///var/lib/glance/staging",
        "file:///var/tmp/staging",
        "file:///tmpfs/staging",
        "file:///srv/tmp",
        "file:///tmp/../srv",
        "file://tmp/staging",  # below the working directory
        "file://$nothing_sets_this",
    ],
)
def test_other_directories_are_fine(audit_tree: AuditTree, uri: str) -> None:
    assert (
        codes(audit_tree(conf(f"node_staging_uri = {uri}"), path="/etc/glance", select=ONLY)) == []
    )


@pytest.mark.parametrize(
    ("lines", "release", "judgement"),
    [
        ((), "15", None),
        ((), "16", "high"),
        ((), None, "medium"),
        (("enable_image_import = true",), "15", "high"),
        (("enable_image_import = true",), None, "high"),
        (("enable_image_import = false",), "15", None),
        (("enable_image_import = false",), "16", None),
        (("enable_image_import = false",), "17", "high"),
        (("enabled_import_methods = []",), "33", None),
        (("enabled_import_methods = [web-download]",), "33", "high"),
    ],
)
def test_where_images_cannot_be_imported_none_is_staged(
    audit_tree: AuditTree, lines: tuple[str, ...], release: str | None, judgement: str | None
) -> None:
    report = audit_tree(conf(*lines), path="/etc/glance", select=ONLY, glance_release=release)

    assert [judged(one) for one in findings(report, "GA605")] == (
        [("warning", judgement)] if judgement else []
    )
    end = " (on Glance 16 (Queens) and later)" if judgement == "medium" else ""
    assert all(one.message.endswith(f"empties{end}") for one in report.findings)


def test_with_several_stores_the_reserved_one_counts(audit_tree: AuditTree) -> None:
    files = conf(BACKENDS, "node_staging_uri = /srv/s", STORE.format("/tmp/s"))
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="19"), "GA605"
    )

    assert where(found.location) == f"{CONF}:5:1"
    assert judged(found) == ("warning", "high")
    assert found.message == f"filesystem_store_datadir is /tmp/s: {BELOW}"
    assert found.help == f"write filesystem_store_datadir = /var/lib/glance/staging{ROOM}"


@pytest.mark.parametrize(
    ("lines", "release", "found"),
    [
        ((BACKENDS,), "33", []),
        ((BACKENDS, STORE.format("/srv/s")), "33", []),
        ((BACKENDS, "node_staging_uri = /srv/s"), "33", []),
        ((BACKENDS, STORE.format("tmp/s")), "33", []),
        ((BACKENDS, STORE.format("$what/s")), "33", []),
        ((BACKENDS, STORE.format("/tmp/s")), "18", ["node_staging_uri is not set"]),
        (("enabled_backends =", STORE.format("/tmp/s")), "33", ["node_staging_uri is not set"]),
        ((STORE.format("/tmp/s"),), "33", ["node_staging_uri is not set"]),
        ((BACKENDS, "[local]\nfilesystem_store_datadir = /tmp/s"), "33", []),
    ],
)
def test_the_one_that_does_not_count_is_left_alone(
    audit_tree: AuditTree, lines: tuple[str, ...], release: str, found: list[str]
) -> None:
    report = audit_tree(conf(*lines), path="/etc/glance", select=ONLY, glance_release=release)

    assert [one.message.partition(":")[0] for one in report.findings] == found


def test_an_unknown_release_may_have_the_reserved_store(audit_tree: AuditTree) -> None:
    files = conf(BACKENDS, STORE.format("/tmp/s"))
    found = finding(audit_tree(files, path="/etc/glance", select=ONLY), "GA605")

    assert judged(found) == ("warning", "medium")
    assert found.message.endswith("empties (on Glance 19 (Train) and later)")


@pytest.mark.parametrize(
    ("lines", "drop_in", "judgements"),
    [
        ((), "node_staging_uri = file:///srv/s", []),
        (("node_staging_uri = /s",), "node_staging_uri = file:///srv/s", [("error", "medium")]),
        (
            ("node_staging_uri = file:///tmp/s",),
            "node_staging_uri = file:///srv/s",
            [("warning", "medium")],
        ),
        (("node_staging_uri = file:///tmp/s",), "debug = true", [("warning", "high")]),
        (
            (BACKENDS, STORE.format("/tmp/s")),
            STORE.format("/srv/s"),
            [("warning", "medium")],
        ),
    ],
)
def test_a_drop_in_that_may_be_read_leaves_a_doubt(
    audit_tree: AuditTree,
    lines: tuple[str, ...],
    drop_in: str,
    judgements: list[tuple[str, str]],
) -> None:
    files = conf(*lines) | {"/etc/glance/glance-api.conf.d/a.conf": f"[DEFAULT]\n{drop_in}\n"}
    report = audit_tree(files, path="/etc/glance", select=ONLY, glance_release="32")

    assert [judged(one) for one in findings(report, "GA605")] == judgements


def test_without_a_configuration_nothing_is_said_of_the_default(audit_tree: AuditTree) -> None:
    files = {"/etc/apache2/apache2.conf": 'ProxyPass "/image" "http://127.0.0.1:60999"\n'}

    assert codes(audit_tree(files, select=ONLY)) == []


def test_nor_where_it_cannot_be_read(audit_tree: AuditTree) -> None:
    assert codes(audit_tree({GLANCE_CONF: None}, path="/etc/glance", select=ONLY)) == []


def test_nor_where_drop_ins_are_all_there_is(audit_tree: AuditTree) -> None:
    files = {"/etc/glance/glance-api.conf.d/a.conf": "[DEFAULT]\n"}

    assert codes(audit_tree(files, path="/etc/glance", select=ONLY, glance_release="32")) == []
