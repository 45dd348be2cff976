"""The Ansible collection, run by the real ansible-core over a fleet of local hosts."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tarfile
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml

from glance_audit import __version__
from glance_audit.cli.parser import make_parser
from tests.integrations.conftest import BIN, COLLECTION, NAME, ROOT, Ansible, Played, kept
from tests.integrations.fleet import KINDS, TEMPLATE, kind_of, lay_out
from tests.integrations.parameters import EVERYTHING, MODULE, argument_spec

PROGRAM = str(BIN / "glance-audit")
ONE_OF_EACH = ",".join(f"{name}-1" for name in KINDS)


def role(**variables: Any) -> dict[str, Any]:
    """Return the task that runs the role."""
    return {"ansible.builtin.include_role": {"name": f"{NAME}.audit"}, "vars": variables}


def installed_role(dest: Path | str, **variables: Any) -> dict[str, Any]:
    """Return the task that runs the role with the program of this environment."""
    return role(audit_install=False, audit_executable=PROGRAM, audit_dest=str(dest), **variables)


class Fleet(NamedTuple):
    """The hosts, audited once."""

    hosts: dict[str, dict[str, Any]]
    reports: Path
    merged: Path
    played: Played


@pytest.fixture(scope="module")
def fleet(ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    directory = tmp_path_factory.mktemp("fleet")
    hosts = lay_out(directory / "roots")
    reports, merged = directory / "reports", directory / "merged.json"
    reports.mkdir()
    (reports / "gone-1.json").write_text("{}")  # of an earlier run: not merged
    audited = installed_role(
        reports,
        audit_merge_file=str(merged),
        audit_merge_format="json",
        audit_merge_executable=PROGRAM,
    )
    played = ansible.play(hosts, [audited, kept(["audit_result"])])
    (reports / "gone-1.json").unlink()
    return Fleet(hosts, reports, merged, played)


def timeless(report: dict[str, Any]) -> dict[str, Any]:
    return {**report, "summary": {**report["summary"], "seconds": 0}}


def results(played: Played) -> dict[str, dict[str, Any]]:
    return {host: told["audit_result"] for host, told in played.results.items()}


def test_every_host_of_the_fleet_has_its_status_and_none_fails(fleet: Fleet) -> None:
    assert len(fleet.hosts) >= 50
    assert set(fleet.played.recap) == set(fleet.hosts)
    assert {count.failed + count.unreachable for count in fleet.played.recap.values()} == {0}
    said = {host: result["status"] for host, result in results(fleet.played).items()}
    assert said == {host: kind_of(host).status for host in fleet.hosts}


def test_an_audit_changes_nothing_and_only_new_reports_count_as_changes(fleet: Fleet) -> None:
    assert {result["changed"] for result in results(fleet.played).values()} == {False}
    assert {host for host, count in fleet.played.recap.items() if count.changed != 1} == {
        host for host in fleet.hosts if kind_of(host).status == "nothing"
    }


def test_the_kept_reports_are_those_of_the_hosts_and_follow_the_schema(fleet: Fleet) -> None:
    schema = json.loads((files("glance_audit.report") / "schema-1.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    reports = {path.stem: json.loads(path.read_text()) for path in fleet.reports.iterdir()}

    for report in reports.values():
        validator.validate(report)
    assert reports == {
        host: result["report"]
        for host, result in results(fleet.played).items()
        if result["status"] != "nothing"
    }


@pytest.mark.parametrize("host", ONE_OF_EACH.split(","))
def test_a_result_is_what_the_command_line_prints(fleet: Fleet, host: str) -> None:
    result = results(fleet.played)[host]
    if result["status"] == "nothing":
        assert "report" not in result
        assert result["findings"] == result["incomplete"] == []
        assert set(result["summary"].values()) == {0}
        return
    ran = subprocess.run(result["cmd"], capture_output=True, text=True, check=False)
    printed = json.loads(ran.stdout)

    assert timeless(result["report"]) == timeless(printed)
    assert result["exit_status"] == ran.returncode
    for key in ("findings", "incomplete", "summary"):
        assert result[key] == result["report"][key]


def test_the_merged_report_counts_the_hosts_that_a_finding_is_on(
    fleet: Fleet, ansible: Ansible
) -> None:
    merged = json.loads(fleet.merged.read_text())
    audited = {host for host in fleet.hosts if kind_of(host).status != "nothing"}
    spooled = {host for host in audited if kind_of(host).sample == "shared-vhost"}
    broken = {host for host in audited if kind_of(host).status == "incomplete"}
    (rule,) = (one for one in merged["rules"] if one["code"] == "GA201")
    shown = ansible.run("glance-audit", "merge", "--fail-on=never", fleet.reports, status=3)

    assert {host["name"] for host in merged["hosts"]} == audited
    assert set(rule["hosts"]) == spooled
    assert {host for one in merged["incomplete"] for host in one["hosts"]} == broken
    assert len(audited) == 50
    assert f"on {len(spooled)} of 50 hosts" in shown


def test_a_host_says_in_one_line_what_was_found(fleet: Fleet) -> None:
    said = {host: result["msg"] for host, result in results(fleet.played).items()}

    assert said["clean-1"] == "clean: 0 errors, 0 warnings, 0 info"
    assert said["spooled-1"] == "findings: 3 errors, 3 warnings, 1 info"
    assert said["lenient-1"] == "clean: 2 errors, 1 warning, 0 info"
    assert said["broken-1"] == (
        "incomplete: 1 error, 0 warnings, 0 info; 1 file could not be audited, the first "
        "etc/apache2/apache2.conf: line 23: <VirtualHost> was not closed."
    )
    assert said["empty-1"].startswith("nothing: none of /etc/apache2, /etc/httpd, ")
    for line in said.values():
        assert json.dumps(line)[1:-1] in fleet.played.printed


def test_the_templates_of_an_audited_file_stay_text(fleet: Fleet, ansible: Ansible) -> None:
    messages = json.dumps(results(fleet.played)["template-1"]["findings"])

    assert TEMPLATE in messages
    assert TEMPLATE in (fleet.reports / "template-1.json").read_text()
    assert list(ansible.home.rglob("ran")) == []


def test_check_mode_finds_the_same_and_writes_nothing(
    fleet: Fleet, ansible: Ansible, tmp_path: Path
) -> None:
    tasks = [installed_role(tmp_path / "reports"), kept(["audit_result"])]
    played = ansible.play(fleet.hosts, tasks, "--check", f"--limit={ONE_OF_EACH}")
    before = results(fleet.played)

    assert len(played.results) == len(KINDS)
    assert list(tmp_path.iterdir()) == []
    for host, result in results(played).items():
        for key in ("status", "findings", "incomplete", "msg"):
            assert result[key] == before[host][key]


def test_a_second_run_changes_nothing_but_a_report_that_is_out_of_date(
    fleet: Fleet, ansible: Ansible
) -> None:
    other = fleet.reports / "clean-1.json"
    kept_report = other.read_text()
    other.write_text(kept_report.replace('"error": 0', '"error": 5'))
    stale = fleet.reports / "empty-1.json"
    stale.write_text(kept_report)
    same = (fleet.reports / "spooled-1.json").stat()
    played = ansible.play(fleet.hosts, [installed_role(fleet.reports)], f"--limit={ONE_OF_EACH}")

    changed = {host for host, count in played.recap.items() if count.changed}
    assert changed == {"clean-1", "empty-1"}
    assert timeless(json.loads(other.read_text())) == timeless(json.loads(kept_report))
    assert not stale.exists()
    assert (fleet.reports / "spooled-1.json").stat().st_mtime_ns == same.st_mtime_ns


def test_hosts_with_findings_fail_after_their_report_is_kept_when_it_is_asked_for(
    fleet: Fleet, ansible: Ansible, tmp_path: Path
) -> None:
    failing = {**installed_role(tmp_path)}
    failing["vars"] = {**failing["vars"], "audit_fail_on_findings": True}
    played = ansible.play(fleet.hosts, [failing], f"--limit={ONE_OF_EACH}", status=2)

    failed = {host for host, count in played.recap.items() if count.failed}
    assert failed == {"spooled-1", "redhat-1", "template-1", "broken-1"}
    assert {path.stem for path in tmp_path.iterdir()} == failed | {"clean-1", "lenient-1"}


def script(directory: Path, name: str, *lines: str) -> str:
    path = directory / name
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o755)
    return str(path)


def outcomes(ansible: Ansible, *calls: dict[str, Any], module: str = "audit") -> list[Any]:
    """Return the result of each call of a module; a failed one does not end the play."""
    names = [f"result_{number}" for number in range(len(calls))]
    tasks: list[Any] = [
        {f"{NAME}.{module}": call, "register": name, "ignore_errors": True}
        for name, call in zip(names, calls, strict=True)
    ]
    told = ansible.play({"localhost": {}}, [*tasks, kept(names)]).results["localhost"]
    return [told[name] for name in names]


def test_a_task_fails_with_the_next_step_when_no_audit_could_be_done(
    ansible: Ansible, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    sample = str(ROOT / "samples/recommended")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"executable": "/nowhere/glance-audit"}, "install glance-audit on this host"),
        ({"executable": str(plain)}, "is not there or cannot be executed"),
        (
            {"executable": script(tmp_path, "orphan", "#!/nowhere/python")},
            "cannot be started: No such file or directory; install it again",
        ),
        ({"glance_release": "zebra"}, "glance-audit refused the command line: --glance-release"),
        ({"paths": ["/nowhere"]}, "/nowhere: does not exist; name a server's directory"),
        ({"paths": ["--version"]}, "./--version: does not exist"),
        ({"severity": "dreadful"}, "value of severity must be one of"),
        ({"releese": "33"}, "Unsupported parameters"),
        (
            {"executable": script(tmp_path, "true", "#!/bin/sh", "echo fine")},
            "printed no report: is it glance-audit?",
        ),
        (
            {"executable": script(tmp_path, "torn", "#!/bin/sh", "echo 'Traceback:\nImportError: "
             "no rich' >&2", "exit 1")},
            "printed no report: ImportError: no rich",
        ),
        (
            {"executable": script(tmp_path, "newer", "#!/bin/sh", """echo '{"schema": 2}'""")},
            "install the collection of the same release as glance-audit",
        ),
        (
            {"executable": script(tmp_path, "bug", "#!/bin/sh", "echo 'glance-audit: internal "
             "error: KeyError' >&2", "exit 70")},
            "glance-audit failed with status 70: internal error: KeyError",
        ),
    ]  # fmt: skip
    calls = [{"executable": PROGRAM, "paths": [sample], **call} for call, _ in cases]

    for (call, message), result in zip(cases, outcomes(ansible, *calls), strict=True):
        assert result["failed"], call
        assert message in result["msg"], call
        assert "Traceback" not in result["msg"], call


def test_a_task_fails_on_findings_only_when_it_is_asked_to(ansible: Ansible) -> None:
    asked = {"executable": PROGRAM, "fail_on_findings": True}
    clean, found = outcomes(
        ansible,
        {**asked, "paths": [str(ROOT / "samples/recommended")]},
        {**asked, "paths": [str(ROOT / "samples/shared-vhost")]},
    )

    assert not clean["failed"]
    assert found["failed"]
    assert found["status"] == "findings"
    assert found["summary"]["error"] == 3


def test_a_report_that_cannot_be_kept_is_a_failure_that_says_where(
    ansible: Ansible, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    dest = str(tmp_path / "file/host.json")
    (result,) = outcomes(ansible, {"dest": dest, "report": {"a": 1}}, module="report_file")

    assert result["failed"]
    assert "that you may write on the controller with `dest`" in result["msg"]


def test_every_parameter_reaches_the_command_line_with_its_value(
    ansible: Ansible, tmp_path: Path
) -> None:
    loop = "for one; do printf '%s\\n' \"$one\" >&2; done; exit 2"
    refusing = script(tmp_path, "refusing", "#!/bin/sh", loop)
    parser = make_parser("check")
    told = outcomes(
        ansible,
        {"executable": refusing, **EVERYTHING},
        {"executable": refusing, "paths": ["/etc/apache2"]},
        {"executable": refusing, "paths": ["/etc/apache2"], "host": True},
    )
    lines = [one["stderr"].splitlines() for one in told]
    options = [vars(parser.parse_intermixed_args(one[1:])) for one in lines]
    plain = vars(parser.parse_intermixed_args(["/etc/apache2"]))

    assert lines == [one["cmd"][1:] for one in told]
    assert {one[0] for one in lines} == {"check"}
    assert {name: options[0][name] for name in EVERYTHING} == EVERYTHING
    assert {name for name in EVERYTHING if EVERYTHING[name] == plain[name]} == set()
    assert {one.pop("reports")[0] for one in options} == {("format", "json")}
    del plain["reports"]
    assert options[1] == {**plain, "isolated": True}
    assert options[2] == {**plain, "isolated": True, "host": True}


def described(ansible: Ansible, kind: str, *names: str) -> dict[str, Any]:
    wanted = [f"{NAME}.{name}" for name in names]
    told = json.loads(ansible.run("ansible-doc", "--json", "--type", kind, *wanted))
    return {name: told[f"{NAME}.{name}"] for name in names}


def test_the_documentation_says_what_the_modules_take_and_return(
    ansible: Ansible, fleet: Fleet
) -> None:
    documented = described(ansible, "module", "audit", "report_file")
    options = documented["audit"]["doc"]["options"]
    spec = argument_spec()

    assert set(options) == set(spec)
    for name, option in options.items():
        assert option["description"], name
        for key in ("type", "elements", "choices", "default"):
            assert option.get(key) == spec[name].get(key), name
    returned = set(documented["audit"]["return"])
    common = {"changed", "failed", "warnings", "deprecations"}
    for host, result in results(fleet.played).items():
        assert set(result) - common <= returned, host
    for one in documented.values():
        assert yaml.safe_load(one["examples"])
        assert one["return"]


def test_the_examples_of_the_documentation_are_tasks_that_ansible_takes(ansible: Ansible) -> None:
    documented = described(ansible, "module", "audit", "report_file")
    tasks = [task for one in documented.values() for task in yaml.safe_load(one["examples"])]
    (ansible.home / "examples.json").write_text(json.dumps([{"hosts": "all", "tasks": tasks}]))

    ansible.run("ansible-playbook", "--syntax-check", "-i", "localhost,", "examples.json")


def test_the_role_has_a_documented_variable_for_each_parameter_and_hands_it_on(
    ansible: Ansible,
) -> None:
    variables = described(ansible, "role", "audit")["audit"]["entry_points"]["main"]["options"]
    spec = argument_spec()
    audit = yaml.safe_load((COLLECTION / "roles/audit/tasks/main.yml").read_text())[1]
    handed = audit[f"{NAME}.audit"]

    assert set(handed) == {*EVERYTHING, "executable"}
    for name in EVERYTHING:
        assert handed[name] == f"{{{{ audit_{name} | default(omit) }}}}"
        for key in ("type", "elements", "choices"):
            assert variables[f"audit_{name}"].get(key) == spec[name].get(key), name
    defaults = yaml.safe_load((COLLECTION / "roles/audit/defaults/main.yml").read_text())
    assert set(defaults) <= set(variables)
    for name, value in defaults.items():
        assert variables[name].get("default", value) == value, name


def test_the_archive_holds_the_collection_and_nothing_else(built: Path) -> None:
    with tarfile.open(built) as archive:
        names = {member.name for member in archive if member.isfile()}
    tree = {str(path.relative_to(COLLECTION)) for path in COLLECTION.rglob("*") if path.is_file()}
    left_out = {name for name in tree if name.startswith("tests/") or "__pycache__" in name}

    assert names == tree - left_out - {"galaxy.yml"} | {"MANIFEST.json", "FILES.json"}


def test_the_collection_has_the_version_of_the_program() -> None:
    galaxy = yaml.safe_load((COLLECTION / "galaxy.yml").read_text())

    assert galaxy["version"] == __version__
    assert f"dist/glance_audit-glance_audit-{__version__}.tar.gz" in (
        COLLECTION / "README.md"
    ).read_text("utf-8")


def test_the_module_is_written_in_a_python_that_managed_hosts_have() -> None:
    ast.parse(MODULE.read_text(), feature_version=(3, 7))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of the tree, built without leaving anything in it."""
    import shutil

    source = tmp_path_factory.mktemp("source")
    for name in ("glance_audit", "rules", "man"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (made,) = out.glob("*.whl")
    return made


def test_the_role_installs_a_wheel_once_and_audits_with_it(
    ansible: Ansible, wheel: Path, tmp_path: Path
) -> None:
    place = tmp_path / "opt"
    tasks = [
        role(
            audit_wheel=str(wheel),
            audit_directory=str(place),
            audit_python=sys.executable,
            # A JSON report needs none of the dependencies.
            audit_pip_extra_args="--no-index --no-deps",
            audit_dest=str(tmp_path / "reports"),
            audit_root=str(ROOT / "samples/shared-vhost"),
        ),
        kept(["audit_result"]),
    ]
    hosts: dict[str, dict[str, Any]] = {"localhost": {}}

    foreseen = ansible.play(hosts, tasks, "--check")
    assert foreseen.recap["localhost"].failed == 0
    assert "not audited: check mode does not install glance-audit" in foreseen.printed
    assert list(tmp_path.iterdir()) == []

    first = results(ansible.play(hosts, tasks))["localhost"]
    assert first["cmd"][0] == str(place / "venv/bin/glance-audit")
    assert first["status"] == "findings"
    assert (tmp_path / "reports/localhost.json").exists()

    again = ansible.play(hosts, tasks)
    assert again.recap["localhost"].changed == 0
    assert results(again)["localhost"]["findings"] == first["findings"]


def test_the_role_asks_where_the_program_comes_from(ansible: Ansible) -> None:
    played = ansible.play({"localhost": {}}, [role()], status=2)

    assert "say where glance-audit is installed from" in played.printed
