from __future__ import annotations

import pytest

from tests.rules.audited import GLANCE_CONF, AuditTree, codes, finding, findings, judged, where

CONF = GLANCE_CONF[1:]
ONLY = ("GA608",)


def conf(line: str, section: str = "task") -> dict[str, str]:
    return {GLANCE_CONF: f"[DEFAULT]\nname = eventlet\n[{section}]\n{line}\n"}


def test_eventlet_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    files = conf("task_executor = eventlet")
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="33"), "GA608"
    )

    assert where(found.location) == f"{CONF}:4:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "task_executor = eventlet: Glance starts, and every import ends with status 400 because "
        "taskflow is the only value it takes"
    )
    assert found.help == "remove the line, or write task_executor = taskflow"


@pytest.mark.parametrize(
    ("release", "judgement", "words"),
    [
        ("15", None, ""),
        ("32", None, ""),
        ("33", ("error", "high"), "takes"),
        (None, ("error", "medium"), "takes (on Glance 33 (2026.2) and later)"),
    ],
)
def test_older_releases_run_taskflow_in_its_place(
    audit_tree: AuditTree,
    release: str | None,
    judgement: tuple[str, str] | None,
    words: str,
) -> None:
    files = conf("task_executor = eventlet")
    report = audit_tree(files, path="/etc/glance", select=ONLY, glance_release=release)

    assert [judged(one) for one in findings(report, "GA608")] == ([judgement] if judgement else [])
    assert all(one.message.endswith(words) for one in report.findings)


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("task_executor = taskflow", "task"),
        ("eventlet_executor_pool_size = 1000", "task"),
        ("task_executor =", "task"),
        ("task_executor = eventlet", "taskflow_executor"),
        ("task_executor = eventlet", "tasks"),
        ("#task_executor = eventlet", "task"),
        ("task_executor = eventlet\ntask_executor = taskflow", "task"),
        ("task_executor = $unknown", "task"),
    ],
)
def test_look_alikes_are_fine(audit_tree: AuditTree, line: str, section: str) -> None:
    files = conf(line, section)

    assert codes(audit_tree(files, path="/etc/glance", select=ONLY)) == []


def test_a_reference_is_followed(audit_tree: AuditTree) -> None:
    files = conf("task_executor = $name")

    assert codes(audit_tree(files, path="/etc/glance", select=ONLY)) == ["GA608"]


def test_a_drop_in_counts_when_the_release_reads_it(audit_tree: AuditTree) -> None:
    files = conf("task_executor = taskflow") | {
        "/etc/glance/glance-api.conf.d/a.conf": "[task]\ntask_executor = eventlet\n",
        "/etc/glance/a.ini": "[uwsgi]\nhttp-socket = :1\nmodule = glance.wsgi.api:application\n",
    }
    found = finding(
        audit_tree(files, path="/etc/glance", select=ONLY, glance_release="33"), "GA608"
    )

    assert where(found.location) == "etc/glance/glance-api.conf.d/a.conf:2:1"
