"""``baseline`` and ``--baseline``, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glance_audit.cli.main import main
from tests.cli.deployments import lay_out


@pytest.fixture
def shared(tmp_path: Path) -> str:
    return str(lay_out(tmp_path / "shared"))


@pytest.fixture
def baseline(shared: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = str(tmp_path / "baseline.json")
    assert main(["baseline", "--no-host", shared, "-o", path]) == 0
    assert capsys.readouterr() == ("", "")
    return path


def audit(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[str, int], list[tuple[str, bool]], list[str]]:
    status = main(["--no-host", "--format", "json", *arguments])
    out, err = capsys.readouterr()
    assert err == ""
    data = json.loads(out)
    findings = [(one["code"], one["known"]) for one in data["findings"]]
    return status, data["summary"], findings, data["notes"]


def conf(shared: str) -> Path:
    (found,) = [path for path in Path(shared).rglob("*") if path.is_file()
                and "SetEnv proxy-sendcl" in path.read_text("utf-8")]  # fmt: skip
    return found


def test_an_audit_that_finds_nothing_new_is_clean(
    shared: str, baseline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--no-host", shared]) == 1
    capsys.readouterr()
    status, summary, findings, notes = audit(capsys, "--baseline", baseline, shared)

    assert status == 0
    assert findings
    assert all(known for _, known in findings)
    assert summary["known"] == len(findings)
    assert summary["error"] == summary["warning"] == summary["info"] == 0
    assert not [note for note in notes if "baseline" in note]


def test_moved_lines_stay_known(
    shared: str, baseline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = conf(shared)
    file.write_text("# moved\n\n" + file.read_text("utf-8"), encoding="utf-8")

    assert audit(capsys, "--baseline", baseline, shared)[0] == 0


def test_what_is_new_fails_and_is_told_apart(
    shared: str, baseline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = conf(shared)
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("SetEnv proxy", "SetEnv force-proxy-request-1.0 1\nSetEnv proxy"),
        encoding="utf-8",
    )
    status, summary, findings, _ = audit(capsys, "--baseline", baseline, shared)

    assert status == 1
    assert ("GA208", False) in findings
    assert ("GA201", True) in findings
    assert summary["error"] + summary["warning"] + summary["info"] == sum(
        not known for _, known in findings
    )


def test_an_entry_that_matches_nothing_any_more_is_named(
    shared: str, baseline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = conf(shared)
    rows = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(row for row in rows if "proxy-sendcl" not in row), encoding="utf-8")
    *_, notes = audit(capsys, "--baseline", baseline, shared)

    (note,) = [note for note in notes if "baseline" in note]
    assert note.startswith("of the baseline is found no more: GA201 in etc/httpd/")
    assert note.endswith("; write it anew to keep it so")
    *_, notes = audit(capsys, "--baseline", baseline, "--ignore", "GA2", shared)
    assert not [note for note in notes if "GA201" in note]


def test_a_baseline_of_another_root_says_so(
    shared: str, baseline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, findings, notes = audit(capsys, "--baseline", baseline, f"{shared}/etc/httpd")

    assert status == 1
    assert not any(known for _, known in findings)
    (note,) = [note for note in notes if "baseline" in note]
    assert note == (
        "what the baseline holds is found in files of other names: name the paths and --root as "
        "when it was written, or write it anew"
    )


def test_known_findings_stay_visible_to_people(
    shared: str, baseline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--no-host", "--baseline", baseline, shared]) == 0
    out = capsys.readouterr().out

    assert "Known, in the baseline\n" in out
    assert "error[GA201] sendcl-shared-vhost" in out
    assert "known (" in out.splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "no such file or directory; `glance-audit baseline PATH -o FILE` writes one"),
        (b"{", "line 1: no JSON"),
        (b"\xff", "byte 1 is not UTF-8"),
    ],
)
def test_a_baseline_that_cannot_be_read_is_one_line_and_status_2(
    shared: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: bytes | None,
    complaint: str,
) -> None:
    path = tmp_path / "b.json"
    if text is not None:
        path.write_bytes(text)

    assert main(["--baseline", str(path), shared]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"glance-audit: --baseline {path}: {complaint}")
    assert len(err.splitlines()) == 1


def test_the_baseline_of_an_incomplete_audit_says_so(
    shared: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = conf(shared)
    file.write_text(file.read_text("utf-8") + "<Location /open>\n", encoding="utf-8")
    path = tmp_path / "b.json"

    assert main(["baseline", "--no-host", shared, "-o", str(path)]) == 3
    assert "the audit is incomplete, and so is the baseline: " in capsys.readouterr().err
    assert json.loads(path.read_text("utf-8"))["findings"]
