from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    codes,
    finding,
    judged,
    notes,
    where,
)
from tests.rules.wsgi_glance import CONF, ROUTE, ini, standalone, two_glances, under_mod_wsgi
from tests.rules.wsgi_glance import under_uwsgi as system

ONLY = ("GA602",)
URL = "worker_self_reference_url"
UNSET = (
    "worker_self_reference_url is not set: with several Glance nodes, an import fails on every "
    "node but the one that staged the image"
)
HELP = (
    "let all nodes share one staging directory; or set worker_self_reference_url in [DEFAULT] to "
    "the URL at which the other Glance nodes reach this one, another on each"
)


@pytest.mark.parametrize("wsgi", [system, under_mod_wsgi])
def test_no_url_is_reported_at_the_sections_header(audit_tree: AuditTree, wsgi: object) -> None:
    assert callable(wsgi)
    files = wsgi("# first", "[DEFAULT]", "debug = true")
    found = finding(audit_tree(files, select=ONLY, glance_release="22"), "GA602")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("warning", "low")  # no file tells how many nodes there are
    assert found.message == UNSET
    assert found.help == HELP
    assert found.related == ()


def test_what_counts_instead_is_related(audit_tree: AuditTree) -> None:
    files = system(
        "[DEFAULT]",
        "public_endpoint = https://images.example.net",
        "enabled_import_methods = [web-download, 'glance-direct']",
        f"{URL} =",
    )
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA602")

    assert where(found.location) == f"{CONF}:4:1"
    assert found.message == UNSET
    assert notes(found) == {
        "glance-direct is enabled here": f"{CONF}:3:1",
        "public_endpoint, which counts where nothing else is set": f"{CONF}:2:1",
    }


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:9292", "127.0.0.1"),
        ("http://127.0.1.1/image", "127.0.1.1"),
        ("http://LocalHost", "localhost"),
        ("https://localhost.localdomain/", "localhost.localdomain"),
        ("https://ip6-localhost/", "ip6-localhost"),
        ("http://[::1]:9292", "::1"),
    ],
)
def test_the_loopback_is_no_way_to_this_node(audit_tree: AuditTree, url: str, host: str) -> None:
    report = audit_tree(system("[DEFAULT]", f"{URL} = {url}"), select=ONLY, glance_release="30")
    found = finding(report, "GA602")

    assert where(found.location) == f"{CONF}:2:1"
    assert found.message == (
        f"worker_self_reference_url leads to {host}, where every Glance node finds itself: with "
        "several, an import fails on every node but the one that staged the image"
    )
    assert judged(found) == ("warning", "low")  # no file tells how many nodes there are
    assert found.help == HELP


@pytest.mark.parametrize(
    "url", ["http://i.example.net", "http://i.example.net/", "$public_endpoint"]
)
def test_the_public_endpoint_leads_to_any_node(audit_tree: AuditTree, url: str) -> None:
    conf = ("[DEFAULT]", f"{URL} = {url}", "public_endpoint = http://i.example.net")
    found = finding(audit_tree(system(*conf), select=ONLY, glance_release="30"), "GA602")

    assert where(found.location) == f"{CONF}:2:1"
    assert found.message == (
        "worker_self_reference_url is the same as public_endpoint: each Glance node takes an image "
        "that another one staged for its own, and the import fails"
    )
    assert list(notes(found).values()) == [f"{CONF}:3:1"]


@pytest.mark.parametrize(
    "lines",
    [
        (f"{URL} = http://controller1.example.net:9292",),
        (f"{URL} = http://127.example.net", "public_endpoint = http://images.example.net"),
        (f"{URL} = http://images.example.net/1", "public_endpoint = http://images.example.net"),
        (f"{URL} = http://$my_ip:9292",),
        (f"{URL} = http://[broken",),
        (f"{URL} = controller1.example.net",),
        ("enabled_import_methods = [web-download,copy-image]",),
        ("enabled_import_methods = []",),
        ("enabled_import_methods = glance-direct",),  # refused: Glance does not start
    ],
)
def test_a_url_of_its_own_and_no_staging_are_fine(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    report = audit_tree(system("[DEFAULT]", *lines), select=ONLY, glance_release="33")
    assert codes(report) == []


@pytest.mark.parametrize(
    ("release", "confidence"), [("21", None), ("22", "high"), ("33", "high"), (None, "medium")]
)
def test_the_option_came_with_wallaby(
    audit_tree: AuditTree, release: str | None, confidence: str | None
) -> None:
    common = ("public_endpoint = http://i.example.net", f"{URL} = http://i.example.net")
    report = audit_tree(system("[DEFAULT]", *common), select=ONLY, glance_release=release)

    if confidence is None:
        assert codes(report) == []
        return
    found = finding(report, "GA602")
    assert judged(found) == ("warning", confidence)
    words = " (on Glance 22 (Wallaby) and later)" if release is None else ""
    assert found.message.endswith(f", and the import fails{words}")


def test_a_standalone_glance_and_an_unseen_configuration_are_not_judged(
    audit_tree: AuditTree,
) -> None:
    unseen = {APACHE_CONF: ROUTE, UWSGI_INI: ini()}
    for files in (standalone("[DEFAULT]"), unseen):
        assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


@pytest.mark.parametrize("line", [f"{URL} = http://c1", "enabled_import_methods = []"])
def test_a_drop_in_that_some_releases_read_may_set_it(audit_tree: AuditTree, line: str) -> None:
    files = system("[DEFAULT]")
    files["/etc/glance/glance-api.conf.d/x.conf"] = f"[DEFAULT]\n{line}\n"

    assert codes(audit_tree(files, select=ONLY)) == []
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []
    assert codes(audit_tree(files, select=ONLY, glance_release="32")) == ["GA602"]


def test_each_glance_is_judged_by_its_own_configuration(audit_tree: AuditTree) -> None:
    files = two_glances("[DEFAULT]\n", f"[DEFAULT]\n{URL} = http://c1\n")
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA602")

    assert where(found.location) == f"{CONF}:1:1"
