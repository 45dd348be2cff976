"""``merge``: the reports of a fleet, each made by an audit."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glance_audit.cli.main import main
from glance_audit.report.formats import FORMATS
from tests.cli.deployments import QUIET, SHARED, UWSGI, lay_out

ROOT = Path(__file__).resolve().parents[2]
SARIF = ROOT / "tests/report/sarif-2.1.0"
# One line further down, and the first site.
MOVED = SHARED.replace("<Virt", "# moved\n<Virt")
BROKEN = QUIET.replace("</VirtualHost>", "</Location>")
PASSED = SHARED.replace(
    "    SetEnv proxy", '    # glance-audit: ignore[GA201] reason="until January"\n    SetEnv proxy'
)
HOSTS = {
    "web1": SHARED, "web2": MOVED, "web3": QUIET, "web10": PASSED, "web11": BROKEN,
}  # fmt: skip


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of five hosts, in files of their names."""
    reports = tmp_path_factory.mktemp("reports")
    for name, apache in HOSTS.items():
        uwsgi = UWSGI.replace("socket-timeout", "buffer-size = 65536\nsocket-timeout")
        system = lay_out(tmp_path_factory.mktemp(name), apache, uwsgi)
        audit = [
            "--isolated",
            "--no-host",
            "--format",
            "json",
            "--tmpdir-size",
            "1TiB",
            "--ignore",
            "GA105",
        ]
        main([*audit, "-o", str(reports / f"{name}.json"), str(system)])
    return reports


def merge(*arguments: str) -> tuple[int, str, str]:
    """Return the status and what is written, to both streams."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        status = main(["merge", *arguments])
    return status, out.getvalue(), err.getvalue()


def merged(*arguments: str) -> dict[str, Any]:
    """Return the report as data; it is one of the published schema."""
    data: dict[str, Any] = json.loads(merge("--format", "json", *arguments)[1])
    schema = json.loads((ROOT / "glance_audit/report/merge-1.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(data)
    return data


def test_a_finding_is_told_once_with_the_hosts_it_is_on(fleet: Path) -> None:
    found = [one for one in merged(str(fleet))["findings"] if one["code"] == "GA201"]

    assert [(one["hosts"], one["suppressed_on"]) for one in found] == [
        (["web1", "web2"], ["web10"])
    ]
    assert (found[0]["host_count"], found[0]["example"]) == (2, "web1")
    assert found[0]["varies"] == ["line"]


def test_the_rules_are_counted_by_hosts(fleet: Path) -> None:
    rules = {one["code"]: one for one in merged(str(fleet))["rules"]}

    assert rules["GA201"]["hosts"] == ["web1", "web2"]
    assert rules["GA201"]["suppressed_on"] == ["web10"]
    assert rules["GA201"]["severity"] == "error"


def test_each_host_has_its_counts_in_the_order_of_their_numbers(fleet: Path) -> None:
    data = merged(str(fleet))
    reports = [json.loads((fleet / f"{name}.json").read_text()) for name in HOSTS]

    assert [one["name"] for one in data["hosts"]] == list(HOSTS)
    for host, report in zip(data["hosts"], reports, strict=True):
        counted = ("error", "warning", "info", "suppressed")
        assert [host[name] for name in counted] == [report["summary"][name] for name in counted]
        assert host["incomplete"] == len(report["incomplete"])
    assert data["summary"]["hosts"] == 5
    assert (data["summary"]["clean"], data["summary"]["incomplete"]) == (1, 1)


def test_what_could_not_be_audited_makes_the_fleets_audit_incomplete(fleet: Path) -> None:
    status, out, _ = merge("--format", "concise", str(fleet))
    assert status == 3
    assert "(on 1 of 5 hosts: web11)" in out
    assert merge(str(fleet / "web1.json"))[0] == 1
    assert merge(str(fleet / "web3.json"))[0] == 0
    assert merge("--fail-on", "never", str(fleet / "web1.json"))[0] == 0


def test_people_read_on_how_many_hosts(fleet: Path) -> None:
    out = merge("--width", "100", str(fleet))[1]

    assert "= on 2 of 5 hosts: web1 and web2; suppressed on 1 of 5 hosts: web10; " in out
    assert "line varies, shown as on web1" in out
    assert "\n  2 of 5 hosts  error[GA201] sendcl-shared-vhost\n" in out
    assert "\n  1 clean: web3\n  1 incomplete: web11\n" in out


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_of_the_files_changes_nothing(
    fleet: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glance_audit.cli.merge.monotonic", lambda: 0.0)
    files = [str(fleet / f"{host}.json") for host in HOSTS]
    first, second = (merge("--format", name, *some) for some in (files, files[::-1]))

    assert first == second
    assert first[0] == 3


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_the_hosts(fleet: Path, name: str) -> None:
    out = merge("--format", name, str(fleet))[1]
    assert "web2" in out
    assert "web11" in out


def test_sarif_is_valid_and_counts_occurrences(fleet: Path) -> None:
    data = json.loads(merge("--format", "sarif", str(fleet))[1])
    (schema,) = SARIF.glob("*.json")
    jsonschema.Draft7Validator(json.loads(schema.read_text())).validate(data)

    (result,) = [one for one in data["runs"][0]["results"] if one["ruleId"] == "GA201"]
    assert result["occurrenceCount"] == 2
    assert result["properties"]["hosts"] == ["web1", "web2"]


def test_what_reads_xml_and_code_quality_can_read_it(fleet: Path) -> None:
    for name in ("junit", "checkstyle"):
        ET.fromstring(merge("--format", name, str(fleet))[1])
    issues = json.loads(merge("--format", "gitlab", str(fleet))[1])
    assert len({one["fingerprint"] for one in issues}) == len(issues) > 3


def test_json_lines_end_with_the_summary(fleet: Path) -> None:
    rows = [json.loads(row) for row in merge("--format", "jsonl", str(fleet))[1].splitlines()]
    assert [one["name"] for one in rows if one["type"] == "host"] == list(HOSTS)
    assert rows[-1]["type"] == "summary"


def test_hosts_may_be_named_by_their_directories(fleet: Path, tmp_path: Path) -> None:
    for name in HOSTS:
        (tmp_path / "fetched" / name / "var").mkdir(parents=True)
        text = (fleet / f"{name}.json").read_text()
        (tmp_path / "fetched" / name / "var/audit.json").write_text(text)
    names = [one["name"] for one in merged(str(tmp_path / "fetched"))["hosts"]]
    assert names == list(HOSTS)


def test_a_stream_of_json_lines_is_the_reports_of_its_audits(tmp_path: Path) -> None:
    system = lay_out(tmp_path / "system")
    stream = tmp_path / "all.jsonl"
    audit = ["--isolated", "--no-host", "--format", "jsonl", "-o", str(stream), str(system)]
    main(audit)
    once = stream.read_text()
    assert [one["name"] for one in merged(str(stream))["hosts"]] == ["all"]
    stream.write_text(once * 3)
    data = merged(str(stream))
    assert [one["name"] for one in data["hosts"]] == ["all:1", "all:2", "all:3"]
    assert {one["host_count"] for one in data["findings"]} == {3}


def test_rules_and_severities_can_be_chosen(fleet: Path) -> None:
    assert {one["code"] for one in merged("--select", "GA201", str(fleet))["findings"]} == {"GA201"}
    assert "GA201" not in {one["code"] for one in merged("--ignore", "GA2", str(fleet))["findings"]}
    data = merged("--severity", "error", str(fleet))
    assert {one["severity"] for one in data["findings"]} == {"error"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty, no report of an audit: "),
        ("{", "line 1, column 2: no JSON ("),
        ('{\n"a": 1,\n}', "line 3, column 1: no JSON ("),
        ("[]", "no report of an audit: "),
        ('{"a": 1}', "no report of an audit: "),
        ("[" * 100_000, "is nested too deeply, "),
        ("9" * 10_000, "a number in it has too many digits"),
        (
            '{"schema": 2, "tool": {"name": "glance-audit"}}',
            "schema 2: this version reads schema 1",
        ),
        ('{"schema": 1, "tool": {"name": "glance-audit"}}', "findings: is missing"),
        ('{"type": "finding"}\n', "is cut off: its last line is no summary"),
        ('{"type": "\\u001b[31m"}\n', "line 1: "),
    ],
)
def test_what_is_no_report_is_refused_with_its_place_and_nothing_is_written(
    fleet: Path, tmp_path: Path, text: str, message: str
) -> None:
    bad, target = tmp_path / "bad.json", tmp_path / "merged.json"
    bad.write_text(text)
    target.write_text("as before")
    status, out, err = merge("--format", "json", "-o", str(target), str(fleet), str(bad))

    assert (status, out) == (2, "")
    assert err.startswith(f"glance-audit: {bad}: {message}")
    assert err.count("\n") == 1
    assert "\x1b" not in err
    assert target.read_text() == "as before"


def test_paths_that_hold_no_report_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bytes.json").write_bytes(b"\xff")
    for name, message in (
        ("empty", "holds no *.json; "),
        ("missing", "does not exist; "),
        ("bytes.json", "byte 1 is not UTF-8"),
    ):
        status, out, err = merge(str(tmp_path / name))
        assert (status, out) == (2, "")
        assert err.startswith(f"glance-audit: {tmp_path / name}: {message}")
    assert merge()[0] == 2


def test_a_merged_report_is_not_merged_again(fleet: Path, tmp_path: Path) -> None:
    target = tmp_path / "merged.json"
    merge("--format", "json", "-o", str(target), str(fleet))
    status, _, err = merge(str(target))
    assert status == 2
    assert "is itself merged: name the reports of its hosts" in err


def test_a_report_that_is_too_large_or_cannot_be_read_is_refused(
    fleet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert merge("/proc/self/mem") == (
        2, "", "glance-audit: /proc/self/mem: input/output error\n",
    )  # fmt: skip
    monkeypatch.setattr("glance_audit.cli.collected.LARGEST", 1)
    with (fleet.parent / "large.json").open("wb") as file:
        file.truncate(1024**2 + 1)

    assert "large.json: is larger than 1 MiB" in merge(file.name)[2]


def test_what_is_in_the_baseline_of_a_host_is_known_in_the_fleet(tmp_path: Path) -> None:
    system, baseline, report = (str(tmp_path / name) for name in ("system", "known", "web1.json"))
    lay_out(tmp_path / "system")
    main(["baseline", "--isolated", "--no-host", "-o", baseline, system])
    audit = ["--isolated", "--no-host", "--baseline", baseline, "--format", "json", "-o", report]
    main([*audit, system])
    data = merged(report)

    assert merge(report)[0] == 0
    assert data["summary"]["clean"] == 1
    assert data["summary"]["known"] == len(data["findings"]) > 3
    assert {tuple(one["known_on"]) for one in data["findings"]} == {("web1",)}


def test_a_mistyped_rule_is_refused(fleet: Path) -> None:
    status, _, err = merge("--select", "GA999", str(fleet))
    assert (status, err.partition(":")[2]) == (
        2, " --select: no rule is called 'GA999'; `glance-audit rules` lists them\n",
    )  # fmt: skip


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, one in steps:
        found.append((*path, key))
        if isinstance(one, dict | list):
            found += _paths(one, (*path, key))
    return found


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 7, -1, 10**30, 1.5, "x", "\x1b]0;x\x07<script>", [], {}, [{}]]
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_report_with_another_type_anywhere_is_taken_or_refused_in_one_line(
    fleet: Path, tmp_path: Path, data: st.DataObject
) -> None:
    report = json.loads((fleet / "web1.json").read_text())
    path = data.draw(st.sampled_from(_paths(report)))
    holder = report
    for step in path[:-1]:
        holder = holder[step]
    if data.draw(st.booleans()):
        holder[path[-1]] = data.draw(ODD)
    else:
        del holder[path[-1]]
    bad = tmp_path / "odd.json"
    bad.write_text(json.dumps(report))
    status, out, err = merge("--format", "html", str(bad))

    assert status in (0, 1, 2, 3)
    assert "\x1b" not in out + err
    assert "x07<script>" not in out
    if status == 2:
        assert err.startswith(f"glance-audit: {bad}: ")
        assert err.count("\n") == 1


def test_two_rules_of_one_fingerprint_are_refused(fleet: Path, tmp_path: Path) -> None:
    report = json.loads((fleet / "web1.json").read_text())
    for one in report["findings"]:
        one["fingerprint"] = "0" * 32
    (tmp_path / "odd.json").write_text(json.dumps(report))
    status, _, err = merge(str(tmp_path / "odd.json"))
    assert status == 2
    assert "its fingerprint is that of a GA" in err


def test_what_is_written_into_the_directory_is_no_report_of_a_host_the_next_time(
    fleet: Path, tmp_path: Path
) -> None:
    for name in HOSTS:
        (tmp_path / f"{name}.json").write_text((fleet / f"{name}.json").read_text())
    target = str(tmp_path / "merged.json")
    for _ in range(2):
        merge("--format", "json", "-o", target, str(tmp_path))
        hosts = json.loads(Path(target).read_text())["hosts"]
        assert [one["name"] for one in hosts] == list(HOSTS)
