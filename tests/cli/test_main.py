"""What a command line prints where, and the status it ends with."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from glance_audit import __version__
from glance_audit.audit.settings import AuditSettings
from glance_audit.cli.check import status_of
from glance_audit.cli.main import main
from glance_audit.report.result import AuditReport
from tests.cli.deployments import QUIET, SHARED, lay_out
from tests.report.reports import CLEAN, INCOMPLETE, REPORT


@pytest.fixture
def shared(tmp_path: Path) -> str:
    return str(lay_out(tmp_path / "shared"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize(
    ("made", "fail_on", "status"),
    [
        (CLEAN, "warning", 0),
        (REPORT, "warning", 1),
        (REPORT, "error", 1),
        (REPORT, "never", 0),
        (INCOMPLETE, "warning", 3),
        (INCOMPLETE, "never", 3),
    ],
)
def test_the_status_of_a_report(made: AuditReport, fail_on: str, status: int) -> None:
    assert status_of(made, fail_on) == status


def test_an_audit_reports_on_standard_output_alone(
    shared: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, shared)

    assert status == 1
    assert "error[GA201] sendcl-shared-vhost: " in out
    assert "\x1b" not in out
    assert err == ""


def test_a_good_deployment_is_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, str(lay_out(tmp_path, QUIET)), "--fail-on", "error")

    assert (status, "No findings" in out or "warning" in out) == (0, True)


def test_the_json_report_fits_the_schema_and_shows_no_secret(
    shared: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "--format", "json", shared)
    data = json.loads(out)
    schema = json.loads((files("glance_audit.report") / "schema-1.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)

    assert status == 1
    assert [one["code"] for one in data["findings"]].count("GA201") == 1
    assert data["summary"]["error"] >= 1
    assert "hunter2" not in out


@pytest.mark.parametrize(
    "arguments",
    [["check"], ["show"], ["show", "--format", "json"], ["-v"], ["-q"], ["resolve"],
     ["resolve", "--format", "json"]],
)  # fmt: skip
def test_no_word_shows_a_secret(
    arguments: list[str], shared: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (f"{shared}/etc/httpd", f"{shared}/etc/glance/glance-uwsgi.ini"):
        status, out, err = run(capsys, *arguments, path)

        assert status in (0, 1), err
        assert "hunter2" not in out
        assert out or "-q" in arguments


def test_select_ignore_and_severity_choose_what_is_reported(
    shared: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def codes(*arguments: str) -> set[str]:
        _, out, _ = run(capsys, "--format", "json", shared, *arguments)
        return {one["code"] for one in json.loads(out)["findings"]}

    assert {"GA201", "GA204"} <= codes()
    assert codes("--select", "GA201,sendcl-leaks-to-others") == {"GA201", "GA204"}
    assert "GA201" not in codes("--ignore", "sendcl-shared-vhost")
    assert "GA204" not in codes("--severity", "error")


def test_show_prints_the_topology_part_of_the_report(
    shared: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, whole, _ = run(capsys, "--format", "json", shared)
    status, part, _ = run(capsys, "show", "--format", "json", shared)

    assert status == 0
    assert json.loads(part) == json.loads(whole)["topology"]
    assert "Glance /image -> http://" in run(capsys, "show", shared)[1]


def test_output_writes_the_file_and_nothing_to_standard_output(
    shared: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "report.json"
    status, out, err = run(capsys, "--format", "json", "--output", str(target), shared)

    assert (status, out, err) == (1, "", "")
    assert json.loads(target.read_text())["schema"] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ([], 2, "name a path"),
        (["/no/such/place"], 2, "/no/such/place: does not exist"),
        (["resolve", "/no/such/place"], 2, "/no/such/place: does not exist"),
        (["explian", "GA201"], 2, "did you mean the word `explain`?"),
        (["explain", "GA999"], 2, "no rule is called GA999"),
        (["explain", "sendcl-shared-vhosts"], 2, "did you mean sendcl-shared-vhost?"),
        (["explain"], 2, "RULE"),
        (["--no-such-option", "x"], 2, "--no-such-option"),
        (["--format", "xml", "x"], 2, "xml"),
        (["--width", "3", "{shared}"], 2, "--width 3"),
        (["--largest-image", "big", "{shared}"], 2, "--largest-image: 'big' is not a size"),
        (["--largest-image", "0", "{shared}"], 2, "--largest-image: must be more than 0"),
        (["--concurrent-uploads", "0", "{shared}"], 2, "--concurrent-uploads 0: must be at least"),
        (["--select", "GA999", "{shared}"], 2, "GA999"),
        (["--glance-release", "wallaby2", "{shared}"], 2, "--glance-release"),
        (["-D", "=x", "{shared}"], 2, "-D"),
        (["resolve", "-D", "=x", "{shared}/etc/httpd"], 2, "-D"),
        (["resolve", "--env", "X", "{shared}/etc/httpd"], 2, "--env X: write --env NAME=VALUE"),
        (["resolve", "--root", "/no/such", "/etc/httpd"], 2, "--root /no/such: is not a directory"),
        (["resolve", "{shared}/etc"], 4, "name the configuration file itself"),
        (["resolve", "{shared}"], 4, "try `--root {shared} /etc/httpd`"),
        (["--output", "/no/such/dir/x", "{shared}"], 2, "--output /no/such/dir/x: cannot be"),
        (["-"], 2, "--stdin-filename"),
        (["{empty}"], 4, "empty directory"),
        (["{other}"], 4, "no Apache, uWSGI or Glance configuration"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_few_lines_with_a_status_of_its_own(
    arguments: list[str],
    status: int,
    message: str,
    shared: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other/readme.txt").write_text("nothing of ours\n")
    places = {"shared": shared, "empty": tmp_path / "empty", "other": tmp_path / "other"}
    got, out, err = run(capsys, *(argument.format(**places) for argument in arguments))

    assert got == status
    assert out == ""
    assert err.startswith("glance-audit: ")
    assert message.format(**places) in err
    assert "Traceback" not in err
    assert len(err.splitlines()) <= 3


def test_a_path_with_an_escape_sequence_is_shown_harmless(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, _, err = run(capsys, "/no/\x1b[31msuch")

    assert "\x1b" not in err
    assert r"/no/\x1b[31msuch" in err


# Once as the user who runs the tests, which loads all it needs; then as one who may read less.
AS_NOBODY = """
import os, sys
from glance_audit.cli.main import main
main([*sys.argv[1:], "--output", os.devnull])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(sys.argv[1:]))
"""


def test_what_this_user_may_not_read_is_listed_and_the_rest_is_audited() -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        root.chmod(0o755)
        lay_out(root, SHARED + "Include secret.conf\n")
        hidden = root / "etc/httpd/secret.conf"
        hidden.write_text("SetEnv A 1\n")
        hidden.chmod(0)
        command = [sys.executable, "-c", AS_NOBODY, "--format", "json", "--no-host", str(root)]
        done = subprocess.run(command, capture_output=True, text=True)
    report = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (3, "")
    assert {"GA201", "GA901"} <= {finding["code"] for finding in report["findings"]}
    assert "permission denied" in report["incomplete"][0]["reason"]
    # The server reads its files as root.
    assert report["topology"]["servers"][0]["refused"] is False


def test_what_the_server_would_refuse_makes_the_audit_incomplete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path, SHARED + "Include no/such.conf\n")
    status, out, _ = run(capsys, str(root))

    assert status == 3
    assert "error[GA201]" in out
    assert "The audit is incomplete" in out


@pytest.mark.parametrize("told", [False, True])
def test_an_internal_error_is_told_shortly_and_traced_on_request(
    told: bool, shared: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("x\x1b")

    monkeypatch.setattr("glance_audit.cli.check.audit", fail)
    status, out, err = run(capsys, *(["-vv"] if told else []), shared)

    assert (status, out) == (70, "")
    assert "internal error: KeyError" in err
    assert "report it" in err
    assert "\x1b" not in err
    assert ("Traceback" in err) is told


def test_a_report_that_cannot_be_drawn_leaves_no_half_of_it(
    shared: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("glance_audit.report.text.summary_line", None)

    assert run(capsys, shared)[:2] == (70, "")


def test_an_interrupt_is_no_internal_error(
    shared: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("glance_audit.cli.check.audit", interrupt)
    assert run(capsys, shared) == (130, "", "glance-audit: interrupted\n")


def test_version_and_help_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"glance-audit {__version__}\n", "")
    status, out, err = run(capsys, "--help")

    assert (status, err) == (0, "")
    assert "words in front:" in out
    assert "usage: glance-audit explain" in run(capsys, "explain", "--help")[1]


@pytest.mark.parametrize("word", ["", "show", "resolve", "explain", "rules", "baseline"])
def test_help_fits_eighty_columns(
    word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = run(capsys, *([word] if word else []), "--help")

    assert max(map(len, out.split("\n"))) <= 80


def test_standard_input_is_read_as_the_file_it_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[AuditSettings] = []

    def audit(settings: AuditSettings, _: object) -> AuditReport:
        asked.append(settings)
        return CLEAN

    monkeypatch.setattr("glance_audit.cli.check.audit", audit)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Timeout \xff\r\n")))
    status, _, _ = run(capsys, "-", "--stdin-filename", "httpd.conf")

    assert status == 0
    assert asked[0].paths == ("-",)
    assert asked[0].stdin_text == "Timeout \udcff\r\n"
    assert asked[0].stdin_filename == "httpd.conf"


def test_rules_and_explain_print_what_the_catalogue_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, _ = run(capsys, "rules", "--format", "json")
    rules: list[dict[str, Any]] = json.loads(out)

    assert status == 0
    assert "GA201" in run(capsys, "rules")[1]
    assert "| [GA201](" in run(capsys, "rules", "--format", "markdown")[1]
    for one in rules[:2]:
        by_code = run(capsys, "explain", one["code"].lower())
        assert by_code == run(capsys, "explain", one["slug"])
        assert one["title"] in by_code[1]


def _imported(*arguments: str) -> set[str]:
    code = (
        "import sys\nfrom glance_audit.cli.main import main\nstatus = main(sys.argv[1:])\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split("\n"))


def test_a_json_audit_imports_no_rich(shared: str) -> None:
    names = _imported("--format", "json", shared)

    assert "glance_audit.audit.run" in names
    assert not {name for name in names if name.split(".")[0] in ("rich", "rich_argparse")}


def test_the_version_is_told_without_the_audit() -> None:
    names = _imported("--version")

    assert not {name for name in names if name.startswith("rich")}
    assert {name for name in names if name.startswith("glance_audit.")} <= {
        "glance_audit.cli",
        "glance_audit.cli.main",
        "glance_audit.cli.options",
        "glance_audit.cli.parser",
        "glance_audit.cli.settings",
        "glance_audit.cli.settings.apply",
        "glance_audit.cli.settings.find",
        "glance_audit.cli.status",
        "glance_audit.cli.word",
        "glance_audit.deployment",
        "glance_audit.deployment.threshold",
        "glance_audit.record",
        "glance_audit.report",
        "glance_audit.report.formats",
    }


def test_standard_input_is_audited_under_the_name_it_stands_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = b"SetEnv proxy-sendcl 1\nProxyPass /image http://127.0.0.1:60999\n"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(site)))

    status, out, _ = run(capsys, "-", "--stdin-filename", "sites/image.conf", "--format", "json")

    report = json.loads(out)
    found = {
        (one["code"], one["location"]["file"], one["location"]["line"])
        for one in report["findings"]
    }
    assert status == 1
    assert ("GA202", "image.conf", 1) in found
    assert report["summary"]["files"] == 1


def test_a_lone_file_is_not_mixed_with_what_else_lies_on_this_machine(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    site = tmp_path / "image.conf"
    site.write_text("ProxyPass /image http://127.0.0.1:60999\n")

    _, out, _ = run(capsys, str(site), "--format", "json")

    report = json.loads(out)
    assert report["summary"]["files"] == 1
    assert report["target"]["httpd_version"]["source"] == "unknown"


def test_a_cross_check_tells_where_a_second_reader_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "httpd.conf").write_text("ServerName a\nIndexIgnore *# *~\n")

    status = main(["--cross-check", "--no-host", "--width", "100", str(tmp_path)])
    printed = capsys.readouterr().out

    assert status == 0
    assert "Cross-check with apacheconfig" in printed
    assert "httpd.conf:2: the second reader sees 'IndexIgnore *'; known: it takes a #" in printed


def test_a_file_of_the_server_that_is_named_too_is_no_second_server(
    shared: str, capsys: pytest.CaptureFixture[str]
) -> None:
    httpd = f"{shared}/etc/httpd"
    _, one, _ = run(capsys, "show", "--format", "json", httpd)
    _, two, _ = run(capsys, "show", "--format", "json", httpd, f"{httpd}/conf/httpd.conf")

    assert len(json.loads(one)["servers"]) == len(json.loads(two)["servers"]) == 1


def test_paths_of_two_systems_are_not_mixed(
    shared: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    status, _, err = run(capsys, f"{shared}/etc/httpd", str(tmp_path / "elsewhere"))

    assert status == 2
    assert "audit one system at a time" in err


def test_an_envvars_file_may_lie_anywhere_on_this_machine(
    shared: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    mine.write_text("export TMPDIR=/srv/mine\n")
    _, out, _ = run(capsys, "show", "--envvars", str(mine), f"{shared}/etc/httpd")
    assert "/srv/mine" in out

    status, _, err = run(capsys, "--envvars", f"{mine}-not", f"{shared}/etc/httpd")
    assert (status, err.splitlines()[0].endswith("does not exist")) == (2, True)


def test_a_device_is_not_resolved(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "resolve", "/dev/null")

    assert (status, "is neither a file nor a directory" in err) == (2, True)
