"""Which findings the hosts of a fleet have in common."""

from __future__ import annotations

import copy
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from glance_audit.fleet import Merger, ReportError
from glance_audit.report.fleet import Hosts
from glance_audit.report.result import AuditReport, ReportedFinding
from tests.cli.deployments import SHARED
from tests.fleet.hosts import SUPPRESSED, audited, fleet, loaded, merged


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return loaded(audited(tmp_path_factory.mktemp("host"), "web1", SHARED))


def together(*reports: dict[str, Any]) -> AuditReport:
    merger = Merger()
    for number, one in enumerate(reports, 1):
        merger.add(f"web{number}", f"web{number}.json", one)
    return merger.report()


def changed(data: dict[str, Any], of: str, **values: Any) -> dict[str, Any]:
    copied = copy.deepcopy(data)
    for one in copied["findings"]:
        if one["code"] == of:
            one.update(values)
    return copied


def only(report: AuditReport, code: str) -> tuple[ReportedFinding, Hosts]:
    (found,) = [one for one in report.findings if one.code == code]
    assert found.hosts is not None
    return found, found.hosts


def test_lines_may_move_from_host_to_host(tmp_path: Path) -> None:
    found, hosts = only(merged(fleet(tmp_path)), "GA201")

    assert hosts == Hosts(("web1", "web2"), 3, (), (), "web1", ("line",))
    assert found.location.line == 5


def test_what_is_suppressed_or_known_somewhere_is_counted_apart(
    tmp_path: Path, data: dict[str, Any]
) -> None:
    suppressed = loaded(audited(tmp_path, "web3", SUPPRESSED))
    known = changed(data, "GA201", known=True)
    report = together(known, suppressed, data)
    found, hosts = only(report, "GA201")

    assert (hosts.names, hosts.known, hosts.suppressed) == (("web3",), ("web1",), ("web2",))
    assert (found.known, found.suppressed) == (False, None)
    assert (report.summary.suppressed, report.summary.known) == (1, 1)

    found, hosts = only(together(known, suppressed), "GA201")

    assert (hosts.names, found.known) == ((), True)
    assert only(together(suppressed), "GA201")[0].suppressed == "it moves out"


def test_what_is_shown_is_of_the_worst_host(data: dict[str, Any]) -> None:
    mild = changed(data, "GA201", severity="info", message="not so bad")
    report = together(mild, data)
    found, hosts = only(report, "GA201")

    assert found.severity.value == "error"
    assert hosts.example == "web2"
    assert hosts.varies == ("message", "severity")
    assert report.summary.error == together(data).summary.error


def test_a_cause_that_is_not_the_same_everywhere_leads_nothing(data: dict[str, Any]) -> None:
    led = only(together(data, data), "GA204")[0].caused_by
    alone = changed(data, "GA204", caused_by=None)

    assert led == only(together(data), "GA201")[0].fingerprint
    assert only(together(data, alone), "GA204")[0].caused_by is None


def test_hosts_are_counted_by_what_counts_on_them(data: dict[str, Any]) -> None:
    clean = {**data, "findings": []}
    unread = {**clean, "incomplete": [{"file": "x", "reason": "permission denied"}]}
    report = together(data, clean, unread)
    assert report.fleet is not None
    hosts = report.fleet.hosts

    assert [host.clean for host in hosts] == [False, True, False]
    assert [host.incomplete for host in hosts] == [0, 0, 1]
    assert [one.hosts.names for one in report.incomplete if one.hosts] == [("web3",)]
    assert hosts[0].error == data["summary"]["error"]
    assert hosts[0].warning == data["summary"]["warning"]


def test_rules_come_worst_first_and_count_a_host_once(data: dict[str, Any]) -> None:
    report = together(data, {**data, "findings": data["findings"][:2]})
    assert report.fleet is not None
    ranks = [(one.severity.rank, -len(one.hosts.names)) for one in report.fleet.rules]

    assert ranks == sorted(ranks)
    assert {one.code for one in report.fleet.rules} == {one["code"] for one in data["findings"]}


def test_versions_that_differ_are_told_with_their_hosts(data: dict[str, Any]) -> None:
    other = copy.deepcopy(data)
    other["target"]["httpd_version"] = {"min": "2.4.62", "max": "2.4.62", "source": "option"}
    other["tool"]["version"] = "9.9"
    fleet = together(data, other, data).fleet
    assert fleet is not None

    assert [(one.min, one.hosts.names) for one in fleet.versions if one.product[0] == "h"] == [
        ("2.4.0", ("web1", "web3")), ("2.4.62", ("web2",)),
    ]  # fmt: skip
    assert [note.hosts.names for note in fleet.notes if " 9.9:" in note.message] == [("web2",)]


def test_one_fingerprint_is_of_one_rule(data: dict[str, Any]) -> None:
    with pytest.raises(ReportError, match="is GA202, and its fingerprint is that of a GA201"):
        together(data, changed(data, "GA201", code="GA202"))


def test_a_finding_told_twice_of_one_host_counts_once(data: dict[str, Any]) -> None:
    twice = {**data, "findings": data["findings"] * 2}

    assert together(twice) == together(data)


def test_what_is_kept_does_not_grow_with_the_reports(data: dict[str, Any]) -> None:
    text = json.dumps(data)

    def peak(hosts: int) -> int:
        tracemalloc.start()
        merger = Merger()
        for number in range(hosts):
            merger.add(f"web{number}", f"web{number}.json", json.loads(text))
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken

    assert peak(120) - peak(20) < 100 * len(text) / 10
