"""``integrations/gitlab/glance-audit.yml``: what GitLab accepts, and its script."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.cli.deployments import QUIET, SHARED, lay_out
from tests.integrations.schema import faults

TEMPLATE = Path(__file__).resolve().parents[2] / "integrations/gitlab/glance-audit.yml"
HEADER, BODY = yaml.safe_load_all(TEMPLATE.read_text())
INPUTS: dict[str, dict[str, Any]] = HEADER["spec"]["inputs"]
SHELLS = [["sh", "-e"], ["bash", "-eo", "pipefail"]]  # a runner takes bash where there is one


def job(**inputs: str) -> dict[str, Any]:
    """Return the job as GitLab makes it: inputs are put into the values of what was parsed."""

    def put(value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: given(found[1]), value)
        if isinstance(value, list):
            return [put(one) for one in value]
        if isinstance(value, dict):
            return {put(key): put(one) for key, one in value.items()}
        return value

    def given(name: str) -> str:
        return str(inputs.get(name.replace("-", "_"), INPUTS[name].get("default", "")))

    (made,) = put(BODY).values()
    return dict(made)


def run(directory: Path, shell: list[str], **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the script but for the two lines that install the tool; this environment's is there."""
    made = job(**inputs)
    program = directory / ".glance-audit/bin/glance-audit"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m glance_audit "$@"\n')
    program.chmod(0o755)
    variables = {name: one["value"] for name, one in made["variables"].items()}
    return subprocess.run(
        [*shell, "-c", "\n".join(made["script"][2:])],
        cwd=directory, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(directory), "LANG": "C.UTF-8", **variables},
    )  # fmt: skip


def test_it_is_what_the_schema_of_gitlab_has() -> None:
    assert faults("gitlab-ci", HEADER) == []
    assert faults("gitlab-ci", {"glance-audit": job(paths="deploy")}) == []


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    text = (TEMPLATE.parents[2] / "docs/ci.md").read_text()
    example = yaml.safe_load(text.partition("```yaml\ninclude:")[2].partition("```")[0])
    inputs = example[0]["inputs"]
    assert faults("gitlab-ci", {"include": example, "x": {"script": "true"}}) == []
    assert set(inputs) <= set(INPUTS)

    lay_out(tmp_path / "deploy")
    inputs["paths"] = inputs["paths"].replace("apache2", "httpd")
    assert run(tmp_path, SHELLS[0], **inputs).returncode == 1
    quality = json.loads((tmp_path / "gl-code-quality-report.json").read_text())
    assert {one["location"]["path"].partition("/")[0] for one in quality} == {"deploy"}


def test_no_input_is_in_the_script_and_every_one_is_used() -> None:
    (made,) = BODY.values()

    assert "$[[" not in "\n".join(made["script"])
    assert all(one["expand"] is False for one in made["variables"].values())
    text = TEMPLATE.read_text()
    assert [name for name in INPUTS if f"$[[ inputs.{name} ]]" not in text] == []


def test_shellcheck_finds_nothing() -> None:
    done = subprocess.run(
        ["shellcheck", "--shell=sh", "-"], input="\n".join(job()["script"]),
        capture_output=True, text=True,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_findings_fail_the_job_and_are_in_both_reports(tmp_path: Path, shell: list[str]) -> None:
    lay_out(tmp_path / "deploy here")
    done = run(tmp_path, shell, paths="deploy here\n", args="--select=GA201,GA204\n\n")
    reports = job()["artifacts"]["reports"]
    quality = json.loads((tmp_path / reports["codequality"]).read_text())
    tests = ElementTree.parse(tmp_path / reports["junit"]).getroot()

    assert (done.returncode, done.stderr) == (1, "")
    assert "\x1b[1;31merror[GA201]" in done.stdout
    assert {one["check_name"] for one in quality} == {"GA201", "GA204"}
    assert len({one["fingerprint"] for one in quality}) == len(quality)
    for one in quality:  # what GitLab needs of an issue
        assert one["description"]
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert one["location"]["path"] == "deploy here/etc/httpd/conf/httpd.conf"
        assert one["location"]["lines"]["begin"] > 0
    assert len(tests.findall(".//failure")) == 2


@pytest.mark.parametrize(
    ("apache", "inputs", "status"),
    [
        (QUIET, {"paths": "deploy", "fail_on": "error"}, 0),
        (SHARED, {"paths": "deploy", "fail_on": "never"}, 0),
        (SHARED + "Include gone.conf\n", {"paths": "deploy"}, 3),
        (SHARED, {"paths": "nowhere"}, 2),
        (SHARED, {"paths": ""}, 2),
        (SHARED, {"paths": "deploy", "args": "--no-such-option"}, 2),
    ],
)
def test_the_job_ends_with_the_status_of_the_audit(
    tmp_path: Path, apache: str, inputs: dict[str, str], status: int
) -> None:
    lay_out(tmp_path / "deploy", apache)
    done = run(tmp_path, SHELLS[0], **inputs)

    assert done.returncode == status
    assert (tmp_path / "gl-code-quality-report.json").exists() is (status != 2)
    assert bool(done.stderr) is (status == 2)


@pytest.mark.parametrize("shell", SHELLS)
def test_inputs_are_never_code(tmp_path: Path, shell: list[str]) -> None:
    lay_out(tmp_path / "deploy")
    for name in ("paths", "args", "fail_on"):
        evil = "$(touch hacked)`touch hacked`\nEND\ntouch hacked; '\""
        run(tmp_path, shell, **{"paths": "deploy", name: evil})

    assert not (tmp_path / "hacked").exists()
