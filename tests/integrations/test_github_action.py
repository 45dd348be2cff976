"""``action.yml``: what GitHub accepts, and its scripts, run as a runner runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.deployments import QUIET, SHARED, lay_out
from tests.integrations.schema import faults
from tests.report.test_sarif import VALIDATOR

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "action.yml"
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]  # what `shell: bash` is
WORKFLOW = """\
on: pull_request
permissions: {{}}
jobs:
  audit:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@v5
        with: {{persist-credentials: false}}
      - uses: ./
        with: {inputs}
"""


def action() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(ACTION.read_text())
    return parsed


STEPS = {step["name"]: step for step in action()["runs"]["steps"]}
SCRIPTS = {name: step for name, step in STEPS.items() if "run" in step}


def example_of(start: str) -> str:
    """Return the block of docs/ci.md that begins so."""
    blocks = (ROOT / "docs/ci.md").read_text().split("```yaml\n")[1:]
    (found,) = (block.partition("```")[0] for block in blocks if block.startswith(start))
    return found


@dataclass
class Runner:
    """A runner's directories, and the variables that a step gets."""

    temp: Path
    workspace: Path

    @property
    def output(self) -> Path:
        return self.temp / "output"

    @property
    def summary(self) -> Path:
        return self.temp / "summary"

    def run(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run a step; its variables are its inputs' defaults and ``inputs``."""
        step = STEPS[name]
        declared = action()["inputs"]
        variables = {
            "PATH": os.environ["PATH"], "HOME": str(self.temp), "LANG": "C.UTF-8",
            "GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.temp), "GITHUB_WORKSPACE": str(self.workspace),
            "PIP_CONFIG_FILE": os.environ.get("PIP_CONFIG_FILE", ""),
        }  # fmt: skip
        for variable, expression in step.get("env", {}).items():
            source, key = re.fullmatch(r"\$\{\{ (?:(\w+)\.)?([\w.-]+) \}\}", expression).groups()  # type: ignore[union-attr]
            if source == "inputs":
                variables[variable] = inputs.pop(
                    key.replace("-", "_"), declared[key].get("default")
                )
            else:
                variables[variable] = inputs.pop(variable)
        assert not inputs
        return subprocess.run(
            [*BASH, "-c", step["run"]],
            cwd=self.workspace, env=variables, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def said(self) -> dict[str, str]:
        lines = self.output.read_text().splitlines() if self.output.exists() else []
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner on which the tool is installed: this environment's."""
    made = Runner(tmp_path / "temp dir", tmp_path / "work space")
    (made.temp / "glance-audit/bin").mkdir(parents=True)
    program = made.temp / "glance-audit/bin/glance-audit"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m glance_audit "$@"\n')
    program.chmod(0o755)
    made.workspace.mkdir()
    return made


def test_it_is_an_action_as_the_schema_has_it() -> None:
    assert faults("github-actions", action()) == []


def test_a_workflow_that_uses_it_is_one_as_the_schema_has_it() -> None:
    inputs = dict.fromkeys(action()["inputs"], "x")
    workflow = yaml.safe_load(WORKFLOW.format(inputs=json.dumps(inputs)))
    workflow["on"] = workflow.pop(True)  # YAML 1.1 reads a boolean there, GitHub does not

    assert faults("github-workflows", workflow) == []


def test_no_script_holds_an_expression_and_every_input_is_used() -> None:
    assert SCRIPTS
    for step in SCRIPTS.values():
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    text = ACTION.read_text()
    assert [name for name in action()["inputs"] if f"inputs.{name}" not in text] == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_finds_nothing(name: str) -> None:
    done = subprocess.run(
        ["shellcheck", "--shell=bash", "--enable=all", "--exclude=SC2250,SC2292,SC2154", "-"],
        input=SCRIPTS[name]["run"], capture_output=True, text=True, env=with_tools(),
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "")


def with_tools() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def test_findings_are_annotated_tabled_and_written_as_sarif(runner: Runner) -> None:
    lay_out(runner.workspace / "deploy")
    done = runner.run("Audit", paths="deploy\n")
    said = runner.said()

    assert done.returncode == 0, done.stderr
    assert said["status"] == "1"
    assert re.search(r"(?m)^::error file=deploy/etc/httpd/conf/httpd.conf,line=5,", done.stdout)
    assert runner.summary.read_text().startswith("## glance-audit: ")
    log = json.loads(Path(said["sarif"]).read_text())
    assert list(VALIDATOR.iter_errors(log)) == []
    assert "GA201" in {result["ruleId"] for result in log["runs"][0]["results"]}
    result = runner.run("Result", STATUS="1")
    assert (result.returncode, result.stdout) == (1, "")


def test_a_clean_audit_ends_well(runner: Runner) -> None:
    lay_out(runner.workspace / "deploy", QUIET)
    runner.summary.write_text("from a step before\n")
    done = runner.run("Audit", paths="deploy", fail_on="error", annotations="false")

    assert (done.returncode, runner.said()["status"]) == (0, "0")
    assert "::" not in done.stdout
    assert runner.summary.read_text().startswith("from a step before\n## glance-audit: ")
    assert runner.run("Result", STATUS="0").returncode == 0


def test_an_incomplete_audit_fails_and_says_so(runner: Runner) -> None:
    lay_out(runner.workspace / "deploy", SHARED + "Include gone.conf\n")
    runner.run("Audit", paths="deploy", fail_on="never")
    status = runner.said()["status"]
    result = runner.run("Result", STATUS=status)

    assert (status, result.returncode) == ("3", 3)
    assert "::error title=glance-audit::The audit is incomplete" in result.stdout
    assert Path(runner.said()["sarif"]).exists()


@pytest.mark.parametrize(
    ("inputs", "status", "words"),
    [
        ({"paths": ""}, "2", "name a path"),
        ({"paths": "nowhere"}, "2", "nowhere: does not exist"),
        ({"paths": "deploy", "fail_on": "always"}, "2", "--fail-on"),
        ({"paths": "deploy", "args": "--no-such-option"}, "2", "--no-such-option"),
        ({"paths": "empty"}, "4", "empty"),
    ],
)
def test_what_cannot_be_audited_is_told_and_nothing_is_uploaded(
    runner: Runner, inputs: dict[str, str], status: str, words: str
) -> None:
    lay_out(runner.workspace / "deploy")
    (runner.workspace / "empty").mkdir()
    stale = runner.temp / "glance-audit.sarif"
    stale.write_text("{}")
    done = runner.run("Audit", **inputs)
    result = runner.run("Result", STATUS=status)

    assert runner.said() == {"status": status}
    assert words in done.stderr
    assert not stale.exists()
    assert not runner.summary.exists()
    assert result.returncode == int(status)
    assert "::error title=glance-audit::Nothing was audited" in result.stdout


def test_arguments_are_lines_and_never_code(runner: Runner) -> None:
    evil = "$(touch hacked)`touch hacked`; touch hacked #'\""
    lay_out(runner.workspace / "de ploy")
    arguments = "--glance-release=2025.1\n\n--select=GA201,GA204\n"
    runner.run("Audit", paths="de ploy", args=arguments, summary="false")
    rules = json.loads(Path(runner.said()["sarif"]).read_text())["runs"][0]["results"]
    assert {rule["ruleId"] for rule in rules} == {"GA201", "GA204"}
    assert not runner.summary.exists()

    for name in ("paths", "args", "fail_on", "annotations", "summary"):
        runner.run("Audit", **{"paths": "de ploy", name: evil})
    runner.run("Audit", paths="--version")
    assert not (runner.workspace / "hacked").exists()
    assert "sarif" in runner.said()


def test_the_tool_is_installed_from_the_action_itself(tmp_path: Path) -> None:
    runner = Runner(tmp_path, tmp_path)
    fake = tmp_path / "python"
    fake.write_text(
        f'#!/bin/sh\nif [ "$1" = -c ]; then exec "{sys.executable}" "$@"; fi\n'
        'mkdir -p "$3/bin"; printf \'#!/bin/sh\\necho "$@"\\n\' >"$3/bin/python"\n'
        'chmod +x "$3/bin/python"\n'
    )
    fake.chmod(0o755)
    done = runner.run("Install glance-audit", python=str(fake), SOURCE="/the action")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "-m pip install --quiet --disable-pip-version-check "
        "--constraint /the action/tools/constraints.txt /the action\n"
    )


@pytest.mark.parametrize("python", ["no-such-python", "false"])
def test_without_a_fit_python_the_way_out_is_named(tmp_path: Path, python: str) -> None:
    runner = Runner(tmp_path, tmp_path)
    done = runner.run("Install glance-audit", python=python, SOURCE=str(ROOT))

    assert done.returncode == 2
    assert "::error title=glance-audit::Python 3.10 or newer" in done.stdout


def test_the_example_of_the_documentation_works(runner: Runner) -> None:
    example = yaml.safe_load(example_of("on: pull_request"))
    example["on"] = example.pop(True)
    assert faults("github-workflows", example) == []
    (step,) = [step for step in example["jobs"]["glance-audit"]["steps"] if "paths" in step["with"]]
    given = {name: value for name, value in step["with"].items() if name != "upload-sarif"}
    assert set(step["with"]) <= set(action()["inputs"])

    lay_out(runner.workspace / "deploy")
    given["paths"] = given["paths"].replace("apache2", "httpd")
    done = runner.run("Audit", **given)
    assert "::error file=deploy/etc/httpd/conf/httpd.conf,line=5," in done.stdout


def test_what_others_wrote_is_pinned_by_its_commit() -> None:
    used = [step["uses"] for step in STEPS.values() if "uses" in step]

    assert len(used) == 1
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in used)


def test_findings_are_uploaded_before_the_job_fails() -> None:
    names = list(STEPS)
    upload = STEPS["Upload to code scanning"]

    assert names.index("Audit") < names.index("Upload to code scanning") < names.index("Result")
    assert upload["if"] == (
        "${{ inputs.upload-sarif == 'true' && steps.audit.outputs.sarif != '' }}"
    )
    assert upload["with"]["sarif_file"] == "${{ steps.audit.outputs.sarif }}"
