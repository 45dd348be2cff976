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
ONLY = ("GA904",)
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
SITES = "/etc/apache2/sites"


def tree(include: str, *names: str, content: str = "KeepAlive On\n") -> dict[str, Content]:
    files: dict[str, Content] = {f"{SITES}/{name}": content for name in names}
    return {APACHE_CONF: f"{ROUTE}  {include}\n", f"{SITES}/glance.conf": ROUTE, **files}


def test_a_backup_that_a_wildcard_takes_in_is_reported_at_the_include(
    audit_tree: AuditTree,
) -> None:
    report = audit_tree(tree("IncludeOptional sites/*", "glance.conf.bak"), select=ONLY)
    found = finding(report, "GA904")

    assert where(found.location) == f"{CONF}:2:3"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "sites/* takes in glance.conf.bak, which by the name is no file to be used: Apache carries "
        "out what stands in it"
    )
    assert found.help == "move it elsewhere, or include only *.conf"
    assert notes(found) == {"is read with the others": "etc/apache2/sites/glance.conf.bak:0:0"}


def test_several_are_told_once(audit_tree: AuditTree) -> None:
    names = ("a.conf~", "b.conf.dpkg-dist", "c.conf.rpmnew", "d.conf.old")
    found = finding(audit_tree(tree("Include sites/*", *names), select=ONLY), "GA904")

    assert found.message == (
        "sites/* takes in a.conf~, b.conf.dpkg-dist, c.conf.rpmnew and 1 more, which by the name "
        "are no files to be used: Apache carries out what stands in them"
    )
    assert found.help == "move them elsewhere, or include only *.conf"
    assert [related.location.file for related in found.related] == [
        f"etc/apache2/sites/{name}" for name in names
    ]


def test_the_files_in_a_finding_are_bounded(audit_tree: AuditTree) -> None:
    names = [f"{number:02}.bak" for number in range(12)]
    found = finding(audit_tree(tree("Include sites/*", *names), select=ONLY), "GA904")

    assert [related.location.file for related in found.related] == [
        f"etc/apache2/sites/{name}" for name in names[:10]
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("glance.conf~", "#glance.conf#", "glance.conf.bak", "glance.backup", "glance.conf.old"),
        *("glance.conf.orig", "glance.conf.save", "glance.conf.copy", "glance.conf.prev"),
        *("glance.conf.rej", "glance.conf.tmp", "glance.conf.disabled", "glance.conf.off"),
        *("glance.conf.swp", "glance.conf.swo", "glance.conf.rpmsave", "glance.conf.rpmorig"),
        *("glance.conf.dpkg-old", "glance.conf.ucf-dist", "glance.conf.bak2"),
        *("glance.conf.bak-2024-01-02", "glance.conf.old.1"),
    ],
)
def test_names_of_copies_are_known(audit_tree: AuditTree, name: str) -> None:
    assert findings(audit_tree(tree("Include sites/*", name), select=ONLY), "GA904")


@pytest.mark.parametrize(
    "name",
    [
        *("ports", "glance.load", "old.conf", "bak.conf", "backup-service.conf", "glance.bakery"),
        *("00-default", "glance.conf.d", "README", "a#b.conf", "glance.swap"),
    ],
)
def test_other_names_are_none(audit_tree: AuditTree, name: str) -> None:
    assert codes(audit_tree(tree("Include sites/*", name), select=ONLY)) == []


@pytest.mark.parametrize("name", [".glance.conf", ".glance.conf.swp", "glance.conf.bak"])
def test_a_directory_is_included_with_its_hidden_files(audit_tree: AuditTree, name: str) -> None:
    found = finding(audit_tree(tree("Include sites", name), select=ONLY), "GA904")

    assert where(found.location) == f"{CONF}:2:3"
    assert found.message.startswith(f"sites takes in {name}, which")


def test_a_star_takes_no_hidden_file(audit_tree: AuditTree) -> None:
    assert codes(audit_tree(tree("Include sites/*", ".glance.conf.bak"), select=ONLY)) == []


@pytest.mark.parametrize(
    "include", ["Include sites/glance.conf.bak", "Include sites/*.conf", "IncludeOptional none/*"]
)
def test_what_is_named_or_left_out_is_no_stray(audit_tree: AuditTree, include: str) -> None:
    assert codes(audit_tree(tree(include, "glance.conf.bak"), select=ONLY)) == []


@pytest.mark.parametrize("content", ["", "# a note\n\n", "# <Macro>\n\n# </Macro>\n"])
def test_a_file_without_directives_does_nothing(audit_tree: AuditTree, content: str) -> None:
    files = tree("Include sites/*", "glance.conf.bak", content=content)
    assert codes(audit_tree(files, select=ONLY)) == []


def test_an_include_in_a_file_that_is_read_twice_is_told_once(audit_tree: AuditTree) -> None:
    host = "<VirtualHost *:80>\nInclude common.conf\n</VirtualHost>\n"
    files: dict[str, Content] = {
        APACHE_CONF: f"{ROUTE}{host}{host}",
        "/etc/apache2/common.conf": "Include sites/*\n",
        f"{SITES}/a.bak": "KeepAlive On\n",
    }
    found = finding(audit_tree(files, select=ONLY), "GA904")

    assert where(found.location) == "etc/apache2/common.conf:1:1"
    assert len(found.related) == 1


def test_each_include_is_told_on_its_own(audit_tree: AuditTree) -> None:
    files = tree("Include sites/*", "a.bak") | {
        "/etc/apache2/apache2.conf": "Include sites/*\nInclude more/*\n",
        "/etc/apache2/more/b.bak": "KeepAlive On\n",
    }
    found = findings(audit_tree(files, select=ONLY), "GA904")

    assert [one.message.partition(",")[0] for one in found] == [
        "sites/* takes in a.bak",
        "more/* takes in b.bak",
    ]
