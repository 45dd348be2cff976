"""Suppressions on the command line: status, reports, dates, and what is imported for them."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from glance_audit.cli.main import main
from tests.cli.deployments import QUIET, lay_out

COMMENT = '# glance-audit: ignore[GA307] reason="clients give up" until=2027-01-31\n'
SUPPRESSED = QUIET.replace("Timeout 600", f"{COMMENT}Timeout 60")
ONLY = ("--select", "GA307,GA910")
SCHEMA = json.loads((files("glance_audit.report") / "schema-1.json").read_text("utf-8"))


def audit(
    capsys: pytest.CaptureFixture[str], root: Path, *options: str, today: str = "2027-01-31"
) -> tuple[int, str]:
    status = main([*ONLY, *options, "--today", today, str(root)])
    out, err = capsys.readouterr()
    assert err == ""
    return status, out


def test_what_is_suppressed_is_counted_and_does_not_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path / "a", SUPPRESSED)
    status, out = audit(capsys, root, "--fail-on", "info")
    assert status == 0
    assert "GA307" not in out
    assert out.split("\n")[-2].startswith("No findings, 1 suppressed (")
    assert audit(capsys, root, "-q") == (0, "")

    status, out = audit(capsys, root, "-v")
    assert status == 0
    assert "warning[GA307]" in out
    assert "= suppressed: clients give up" in out


def test_json_has_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = audit(capsys, lay_out(tmp_path / "a", SUPPRESSED), "--format", "json")
    data = json.loads(out)
    jsonschema.Draft202012Validator(SCHEMA).validate(data)

    assert status == 0
    assert [(f["code"], f["suppressed"]) for f in data["findings"]] == [
        ("GA307", "clients give up")
    ]
    assert [data["summary"][name] for name in ("warning", "suppressed")] == [0, 1]


def test_one_that_has_expired_and_none_at_all_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path / "a", SUPPRESSED)
    status, out = audit(capsys, root, "-q", today="2027-02-01")
    assert (status, "[GA307]" in out, "[GA910]" in out) == (1, True, True)
    status, out = audit(capsys, root, "-q", "--no-suppressions")
    assert (status, "[GA307]" in out, "[GA910]" in out) == (1, True, False)


def test_a_refused_file_stays_incomplete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = f'# glance-audit: ignore-file[GA903] reason="we know"\n{QUIET}</Location>\n'
    status = main(["--select", "GA903,GA910", "-q", str(lay_out(tmp_path / "a", broken))])
    assert status == 3
    assert "[GA903]" not in capsys.readouterr().out


@pytest.mark.parametrize("text", [QUIET, SUPPRESSED])
def test_what_reads_them_is_imported_where_there_is_one(tmp_path: Path, text: str) -> None:
    code = (
        "import sys\nfrom glance_audit.cli.main import main\nmain(sys.argv[1:])\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    root = lay_out(tmp_path / "a", text)
    command = [sys.executable, "-c", code, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    names = set(done.stderr.split("\n"))
    lazy = {
        "glance_audit.deployment.suppression_comment",
        "glance_audit.engine.suppress",
        "glance_audit.files.comment",
    }
    assert names & lazy == (lazy if text is SUPPRESSED else set())
