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

ONLY = ("GA603",)
URL = "worker_self_reference_url"
CACHE = ("[paste_deploy]", "flavor = keystone+cachemanagement")
START = (
    "worker_self_reference_url is not set, and the cache of flavor keystone+cachemanagement is in "
    "the central database"
)
HELP = (
    "set worker_self_reference_url in [DEFAULT] to the URL at which the other Glance nodes reach "
    "this one, another on each"
)


@pytest.mark.parametrize("wsgi", [system, under_mod_wsgi])
def test_the_default_driver_needs_the_url(audit_tree: AuditTree, wsgi: object) -> None:
    assert callable(wsgi)
    files = wsgi("# first", "[DEFAULT]", *CACHE)
    found = finding(audit_tree(files, select=ONLY, glance_release="28"), "GA603")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("error", "high")
    assert found.message == f"{START} (by default): Glance does not load"
    assert found.help == HELP
    assert notes(found) == {"the flavor with the cache": f"{CONF}:4:1"}


def test_so_it_does_when_it_is_written(audit_tree: AuditTree) -> None:
    files = system("[DEFAULT]", f"{URL} =", "image_cache_driver = centralized_db", *CACHE)
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA603")

    assert where(found.location) == f"{CONF}:2:1"
    assert found.message == f"{START}: Glance does not load"
    assert notes(found) == {
        "the flavor with the cache": f"{CONF}:5:1",
        "the cache in the central database": f"{CONF}:3:1",
    }


@pytest.mark.parametrize(
    ("flavor", "fires"),
    [
        ("cachemanagement", True),
        ("mycache", True),
        ("keystone+caching", False),  # asked of 33.0.0: it loads
        ("keystone+CacheManagement", False),
        ("keystone", False),
        ("", False),
    ],
)
def test_glance_looks_for_the_letters(audit_tree: AuditTree, flavor: str, fires: bool) -> None:
    files = system("[DEFAULT]", "[paste_deploy]", f"flavor = {flavor}")
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == ["GA603"] * fires


@pytest.mark.parametrize(
    "line",
    [
        f"{URL} = http://controller1.example.net:9292",
        f"{URL} = http://$my_ip",
        "image_cache_driver = sqlite",
        "image_cache_driver = xattr",
        "image_cache_driver = Centralized_DB",  # asked of 33.0.0: it loads
    ],
)
def test_a_url_or_another_driver_is_fine(audit_tree: AuditTree, line: str) -> None:
    files = system("[DEFAULT]", line, *CACHE)
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


@pytest.mark.parametrize(
    ("release", "confidence"), [("27", None), ("28", "high"), ("33", "high"), (None, "medium")]
)
def test_the_default_changed_with_2024_1(
    audit_tree: AuditTree, release: str | None, confidence: str | None
) -> None:
    report = audit_tree(system("[DEFAULT]", *CACHE), select=ONLY, glance_release=release)

    if confidence is None:
        assert codes(report) == []
        return
    found = finding(report, "GA603")
    assert judged(found) == ("error", confidence)
    words = " (on Glance 28 (2024.1) and later)" if release is None else ""
    assert found.message == f"{START} (by default): Glance does not load{words}"


def test_the_standalone_server_does_not_start_either(audit_tree: AuditTree) -> None:
    files = standalone("[DEFAULT]", *CACHE)
    found = finding(audit_tree(files, select=ONLY, glance_release="32"), "GA603")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("error", "high")
    assert codes(audit_tree(files, select=ONLY, glance_release="27")) == []


def test_an_unseen_configuration_is_not_judged(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: ROUTE, UWSGI_INI: ini()}
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []


@pytest.mark.parametrize(
    "drop_in",
    [
        f"[DEFAULT]\n{URL} = http://c1\n",
        "[DEFAULT]\nimage_cache_driver = sqlite\n",
        "[paste_deploy]\nflavor = keystone\n",
    ],
)
def test_a_drop_in_that_some_releases_read_may_cure_it(audit_tree: AuditTree, drop_in: str) -> None:
    files = system("[DEFAULT]", *CACHE)
    files["/etc/glance/glance-api.conf.d/x.conf"] = drop_in

    assert codes(audit_tree(files, select=ONLY)) == []
    assert codes(audit_tree(files, select=ONLY, glance_release="33")) == []
    assert codes(audit_tree(files, select=ONLY, glance_release="32")) == ["GA603"]


def test_each_glance_is_judged_by_its_own_configuration(audit_tree: AuditTree) -> None:
    cache = "[DEFAULT]\n" + "\n".join(CACHE) + "\n"
    found = finding(
        audit_tree(two_glances("[DEFAULT]\n", cache), select=ONLY, glance_release="33"), "GA603"
    )

    assert where(found.location) == "srv/b/glance-api.conf:1:1"


def test_it_leads_the_rule_on_the_same_option(audit_tree: AuditTree) -> None:
    report = audit_tree(system("[DEFAULT]", *CACHE), select=("GA602", "GA603"), glance_release="33")

    assert sorted(codes(report)) == ["GA602", "GA603"]
    assert finding(report, "GA602").caused_by == finding(report, "GA603").fingerprint
