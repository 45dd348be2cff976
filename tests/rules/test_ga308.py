from __future__ import annotations

import pytest

from glance_audit.audit.settings import Floors
from tests.rules.audited import (
    UWSGI_INI,
    AuditTree,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA308",)


def ini(*lines: str, app: str = "glance.wsgi.api") -> dict[str, str]:
    body = "".join(f"{line}\n" for line in lines)
    return {UWSGI_INI: f"[uwsgi]\nhttp-socket = :9292\nmodule = {app}:application\n{body}"}


def audit(tree: AuditTree, *lines: str, **settings: object) -> list[str]:
    return codes(tree(ini(*lines), path=UWSGI_INI, select=ONLY, **settings))


def test_max_requests_ends_the_uploads_of_the_other_threads(audit_tree: AuditTree) -> None:
    files = ini("threads = 4", "max-requests = 1000")
    found = finding(audit_tree(files, path=UWSGI_INI, select=ONLY), "GA308")

    assert where(found.location) == f"{INI}:5:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "max-requests: a worker ends after 1000 requests, and the uploads in its other threads are "
        "killed once worker-reload-mercy 60 s by default is over"
    )
    assert found.help == (
        "remove max-requests, or give each worker one thread: threads = 1, and more processes"
    )
    assert notes(found) == {"the threads of each worker": f"{INI}:4:1"}


@pytest.mark.parametrize("key", ["reload-on-as", "reload-on-rss"])
def test_the_memory_options_do_the_same(audit_tree: AuditTree, key: str) -> None:
    files = ini(f"{key} = 512", "worker-reload-mercy = 600", "threads = 2")
    found = finding(audit_tree(files, path=UWSGI_INI, select=ONLY), "GA308")

    assert where(found.location) == f"{INI}:4:1"
    assert found.message == (
        f"{key}: a worker ends when it takes 512 MB or more, and the uploads in its other threads "
        "are killed once worker-reload-mercy 600 s is over"
    )
    assert notes(found) == {"the threads of each worker": f"{INI}:6:1"}


@pytest.mark.parametrize(
    ("version", "judgement", "words"),
    [
        ("2.0.21", ("warning", "high"), ""),
        ("2.0.24", ("warning", "high"), ""),
        (None, ("warning", "medium"), " (on uWSGI before 2.0.25)"),
    ],
)
def test_a_lifetime_ends_with_the_next_request_and_has_no_mercy(
    audit_tree: AuditTree, version: str | None, judgement: tuple[str, str], words: str
) -> None:
    lines = ("threads = 2", "max-worker-lifetime = 3600", "worker-reload-mercy = 600")
    files = ini(*lines, "master = true")
    report = audit_tree(files, path=UWSGI_INI, select=ONLY, uwsgi_version=version)
    found = finding(report, "GA308")

    assert where(found.location) == f"{INI}:5:1"
    assert judged(found) == judgement
    assert found.message == (
        "max-worker-lifetime: a worker ends with the first request after 3600 s, and cuts off the "
        f"uploads in its other threads{words}"
    )
    assert found.help == (
        "remove max-worker-lifetime, or give each worker one thread: threads = 1, and more "
        "processes"
    )
    assert notes(found) == {"the threads of each worker": f"{INI}:4:1"}


@pytest.mark.parametrize("version", ["2.0.25", "2.0.31"])
def test_a_lifetime_waits_for_the_other_threads_from_2_0_25_on(
    audit_tree: AuditTree, version: str
) -> None:
    lines = ("threads = 2", "max-worker-lifetime = 3600", "master = true")
    assert audit(audit_tree, *lines, uwsgi_version=version) == []


@pytest.mark.parametrize("version", ["2.0.21", "2.0.31", None])
def test_a_lifetime_waits_for_nothing_where_uwsgi_is_told_not_to(
    audit_tree: AuditTree, version: str | None
) -> None:
    lines = ("threads = 2", "max-worker-lifetime = 3600", "master = true", "no-threads-wait = true")
    report = audit_tree(ini(*lines), path=UWSGI_INI, select=ONLY, uwsgi_version=version)
    found = finding(report, "GA308")

    assert judged(found) == ("warning", "high")
    assert found.message.endswith("cuts off the uploads in its other threads")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), []),
        (("master = false",), []),
        (("master = true", "master = false"), []),
        (("stats = /run/stats.sock",), ["GA308"]),
        (("master = false", "stats = /run/stats.sock"), ["GA308"]),
        (("no-such-option = true",), []),
    ],
)
def test_only_a_master_sees_the_age_of_workers(
    audit_tree: AuditTree, lines: tuple[str, ...], expected: list[str]
) -> None:
    lifetime = ("threads = 2", "max-worker-lifetime = 3600")
    assert audit(audit_tree, *lifetime, *lines, uwsgi_version="2.0.21") == expected


KEYS = ["max-requests", "reload-on-as", "reload-on-rss", "max-worker-lifetime"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("threads", ["threads = 1", "enable-threads = true", "processes = 8"])
def test_a_single_thread_has_no_other(audit_tree: AuditTree, key: str, threads: str) -> None:
    assert audit(audit_tree, threads, f"{key} = 100") == []


@pytest.mark.parametrize("key", ["evil-reload-on-as", "evil-reload-on-rss"])
@pytest.mark.parametrize("threads", [1, 2])
def test_the_evil_ones_kill_at_once(audit_tree: AuditTree, key: str, threads: int) -> None:
    files = ini(f"threads = {threads}", f"{key} = 512")
    found = finding(audit_tree(files, path=UWSGI_INI, select=ONLY), "GA308")

    assert where(found.location) == f"{INI}:5:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        f"{key}: uWSGI kills a worker that takes 512 MB or more at once, and the uploads in it"
    )
    assert found.help == (f"remove {key}; to renew workers, use max-requests with threads = 1")
    assert notes(found) == {}


@pytest.mark.parametrize(
    "line",
    [
        "max-requests = 0",
        "max-requests = none",
        "evil-reload-on-as = 0",
        "reload-on-rss = 0",
        "max-worker-lifetime = 0",
        "reload-mercy = 5",  # for daemons and vassals
        "mule-reload-mercy = 5",
        "worker-reload-mercy = 60",
        "max_requests = 10",
    ],
)
def test_what_kills_no_upload_is_fine(audit_tree: AuditTree, line: str) -> None:
    assert audit(audit_tree, "threads = 4", line) == []


@pytest.mark.parametrize("requests", ["1", "4294967296"])
def test_any_number_of_requests_is_reached(audit_tree: AuditTree, requests: str) -> None:
    assert audit(audit_tree, "threads = 2", f"max-requests = {requests}") == ["GA308"]


def test_a_short_mercy_ends_uploads_at_a_reload(audit_tree: AuditTree) -> None:
    files = ini("worker-reload-mercy = 59")
    found = finding(audit_tree(files, path=UWSGI_INI, select=ONLY), "GA308")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "worker-reload-mercy 59 s: a reload of uWSGI kills the uploads that last longer"
    )
    assert found.help == "set worker-reload-mercy = 60 or more in the [uwsgi] section"


def test_the_floor_of_mercy_can_be_set(audit_tree: AuditTree) -> None:
    floor = Floors(mercy=600)

    assert audit(audit_tree, "worker-reload-mercy = 599", floors=floor) == ["GA308"]
    assert audit(audit_tree, "worker-reload-mercy = 600", floors=floor) == []
    assert audit(audit_tree, floors=floor) == []  # the default is nobody's decision
    assert audit(audit_tree, "worker-reload-mercy = 9", floors=Floors(mercy=9, gateway=99)) == []


def test_the_last_of_two_counts(audit_tree: AuditTree) -> None:
    assert audit(audit_tree, "threads = 4", "threads = 1", "max-requests = 10") == []
    assert audit(audit_tree, "worker-reload-mercy = 5", "worker-reload-mercy = 90") == []


def test_each_option_is_a_cause_of_its_own(audit_tree: AuditTree) -> None:
    files = ini(
        "threads = 2", "evil-reload-on-rss = 1", "reload-on-as = 1", "max-requests = 1",
        "worker-reload-mercy = 5", "evil-reload-on-as = 1", "reload-on-rss = 1",
        "max-worker-lifetime = 99",
    )  # fmt: skip
    found = findings(audit_tree(files, path=UWSGI_INI, select=ONLY), "GA308")

    assert sorted(one.location.line for one in found) == [5, 6, 7, 8, 9, 10, 11]


def test_another_service_may_recycle_as_it_likes(audit_tree: AuditTree) -> None:
    files = ini("threads = 2", "max-requests = 1", "evil-reload-on-as = 1", app="nova.wsgi.api")
    files["/etc/apache2/apache2.conf"] = 'ProxyPass "/compute" "http://127.0.0.1:9292"\n'

    assert codes(audit_tree(files, select=ONLY)) == []
