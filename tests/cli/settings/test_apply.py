"""The settings file and the command line together, as an audit is given them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from glance_audit.audit.settings import AuditSettings, Floors, Override
from glance_audit.cli.main import main
from glance_audit.cli.parser import make_parser
from glance_audit.cli.request import settings_of
from glance_audit.cli.settings.apply import Applied, apply
from glance_audit.cli.settings.document import read
from glance_audit.cli.settings.keys import MINIMUM, ONLY_HERE, REPORTS, keys
from glance_audit.cli.status import Refused
from glance_audit.engine.finding import Confidence, Severity
from tests.cli.deployments import lay_out
from tests.cli.settings.examples import EVERYTHING, REFUSED


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str, name: str = "glance-audit.toml") -> None:
    Path(name).write_text(text)


def applied(*arguments: str, word: str = "check") -> Applied:
    return apply(word, make_parser(word), arguments)


def settings(*arguments: str, word: str = "check") -> AuditSettings:
    return settings_of(applied(*arguments, word=word).options)._replace(today="", cwd="")


def test_without_a_file_the_settings_are_the_audits_own() -> None:
    assert settings("a") == AuditSettings(("a",), "")
    assert applied("a").file is None


def test_everything_that_the_command_line_has_can_be_said(tmp_path: Path) -> None:
    write(EVERYTHING, "named.toml")  # with a root, whose paths are the audited system's
    options = vars(applied("--config", "named.toml").options)
    override = Override(
        "overrides[1]", str(tmp_path), ("old-*.conf",), ("GA201",), "goes away",
        (("GA3", Severity.INFO),),
    )  # fmt: skip
    assert settings("--config", "named.toml") == AuditSettings(
        paths=("etc/apache2", "/etc/glance"),
        cwd="",
        root=".",
        glance_release="ussuri",
        httpd_version="2.4.62",
        uwsgi_version="2.0.31",
        python_version="3.11",
        defines=("A", "B=1"),
        envvars="envvars",
        largest_image=3 * 512 * 1024**3,
        concurrent_uploads=7,
        tmpdir_size=20 * 1024**3,
        host=False,
        select=("GA201", "GA3"),
        ignore=("GA301",),
        severity=Severity.ERROR,
        confidence=Confidence.MEDIUM,
        floors=Floors(11, 0, 12, 13, 8192),
        cross_check=True,
        suppressions=False,
        rules_dirs=("own",),
        glance_routes=("/pictures",),
        extend_select=("GA910",),
        preview=True,
        severities=(("GA201", Severity.INFO),),
        overrides=(override,),
    )
    rest = ["fail_on", "baseline", "color", "width", "verbose", "quiet", "statistics", "hyperlinks"]
    assert [options[name] for name in rest] == [
        "never", "known.json", "always", 120, 1, True, True, False,
    ]  # fmt: skip
    assert options["reports"] == (("format", "sarif"), ("output", "report.sarif"))


def test_the_test_above_says_all_there_is_to_say() -> None:
    write(EVERYTHING, "named.toml")
    assert set(read("named.toml").table) == {*keys(), *ONLY_HERE} - {MINIMUM, REPORTS}


@pytest.mark.parametrize(
    ("file", "arguments", "name", "value"),
    [
        ('fail-on = "never"', ["--fail-on", "warning"], "fail_on", "warning"),
        ('select = ["GA1"]', ["--select", "GA2", "--select", "GA3"], "select", ["GA2", "GA3"]),
        ('ignore = ["GA1"]', [], "ignore", ["GA1"]),
        ('ignore = ["GA1"]', ["--ignore", "GA2"], "ignore", ["GA2"]),
        ('extend-select = ["GA1"]', ["--extend-select", "GA2"], "extend_select", ["GA2"]),
        ('defines = ["A"]', ["-D", "B"], "defines", ["A", "B"]),
        ('glance-routes = ["/a"]', ["--glance-route", "/b"], "glance_route", ["/a", "/b"]),
        ("host = true", ["--no-host"], "host", False),
        ("verbose = 1", ["-v"], "verbose", 2),
        (
            'format = "json"\noutput = "x"',
            ["--format", "concise"], "reports", [("format", "concise")],
        ),
        ('paths = ["b"]', [], "paths", ["a"]),
    ],
)  # fmt: skip
def test_the_command_line_goes_before_the_file(
    file: str, arguments: list[str], name: str, value: Any
) -> None:
    write(file)
    assert vars(applied(*arguments, "a").options)[name] == value


def test_several_reports_are_those_of_as_many_options() -> None:
    write('[[reports]]\nformat = "rich"\n[[reports]]\noutput = "a/x"\nformat = "sarif"\n')
    assert applied("a").options.reports == (
        ("format", "rich"), ("format", "sarif"), ("output", "a/x"),
    )  # fmt: skip


def test_paths_start_at_the_files_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    write(
        'paths = ["sub/etc", "/etc/glance"]\nbaseline = "known.json"\nenvvars = "x"\noutput = "r"'
    )
    monkeypatch.chdir("sub")
    told = applied()
    assert told.file == "../glance-audit.toml"
    assert told.options.paths == ["etc", "/etc/glance"]
    assert (told.options.envvars, told.options.baseline) == ("../x", "../known.json")
    assert told.options.reports == (("output", "../r"),)


def test_paths_below_a_root_are_those_of_the_audited_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    lay_out(tmp_path / "deploy")
    (tmp_path / "sub").mkdir()
    write('root = "deploy"\npaths = ["etc/httpd"]\nfail-on = "never"')
    assert main([]) == 0
    monkeypatch.chdir("sub")
    assert applied().options.paths == ["etc/httpd"]
    assert main([]) == 0
    assert capsys.readouterr().err == ""


def test_a_file_that_is_named_holds_in_the_place_of_the_one_that_is_found() -> None:
    write('severity = "error"')
    write('severity = "warning"', "other.toml")
    assert settings("--config", "other.toml", "a").severity is Severity.WARNING
    assert settings("a").severity is Severity.ERROR


def test_isolated_heeds_no_file() -> None:
    write("this is no TOML")
    assert settings("--isolated", "a") == AuditSettings(("a",), "")


@pytest.mark.parametrize("word", ["show", "baseline"])
def test_other_words_take_what_they_have_an_option_for(word: str) -> None:
    write('glance-release = "ussuri"\nselect = ["GA2"]\nformat = "html"\nquiet = true\nverbose = 1')
    options = applied("a", word=word).options
    assert options.glance_release == "ussuri"
    assert not hasattr(options, "reports")
    assert hasattr(options, "select") == (word == "baseline")


def test_words_about_rules_heed_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    write("this is no TOML")
    assert main(["explain", "GA201"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_not_understood_is_refused_with_its_line(text: str, message: str) -> None:
    write(text)
    with pytest.raises(Refused, match=rf"\A{re.escape('glance-audit.toml:' + message)}"):
        applied("a")


def test_a_link_does_not_lead_a_report_out_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to("/etc")
    write('output = "out/x"')
    with pytest.raises(Refused, match="lies outside"):
        applied("a")


def test_a_file_that_is_named_may_write_elsewhere_and_run_own_rules() -> None:
    write('output = "/somewhere/x"\nrules-dirs = ["own"]')
    options = applied("--config", "glance-audit.toml", "a").options
    assert options.reports == (("output", "/somewhere/x"),)
    assert options.rules_dir == ["own"]


# What only an audit finds out, it says of the file: option, path, rule.
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('largest-image = "big"', "1: largest-image: 'big' is not a size: "),
        ('root = "nowhere"', "1: root nowhere: is not a directory"),
        ('\nselect = ["GA999"]', "2: select: no rule is called 'GA999'; "),
        ('extend-select = ["x"]', "1: extend-select: no rule is called 'x'; "),
        ('[severities]\nGA999 = "info"', "2: severities.GA999: no rule is called 'GA999'; "),
        (
            '[[overrides]]\npaths = ["a"]\nignore = ["x"]\nreason = "y"',
            "3: overrides[1].ignore: no rule is called 'x'; ",
        ),
        (
            '[[overrides]]\npaths = ["a"]\nseverities = { x = "info" }',
            "3: overrides[1].severities.x: no rule is called 'x'; ",
        ),
        (
            '[[overrides]]\npaths = ["!"]\nseverities = { GA1 = "info" }',
            "2: overrides[1].paths: ",
        ),
        ('defines = ["=x"]', "1: defines =x: give a name, "),
        ('glance-routes = ["x"]', "1: glance-routes x: write the path of the route, "),
        ("width = 3", "1: width 3: at least 40 columns are needed"),
        ('baseline = "none.json"', "1: baseline none.json: no such file or directory; "),
    ],
)
def test_what_an_audit_refuses_is_said_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    lay_out(tmp_path / "system")
    write(text)
    assert main(["system"]) == 2
    assert capsys.readouterr().err.startswith(f"glance-audit: glance-audit.toml:{message}")


def test_a_path_of_the_file_that_does_not_exist_is_said_of_the_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write('paths = ["nowhere"]')
    assert main([]) == 2
    assert capsys.readouterr().err == (
        "glance-audit: glance-audit.toml:1: nowhere: does not exist; name a server's directory "
        "such as /etc/apache2\n"
    )


def test_what_the_command_line_says_is_not_said_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(tmp_path / "system")
    write('largest-image = "1GiB"')
    assert main(["--largest-image", "big", "system"]) == 2
    assert capsys.readouterr().err.startswith("glance-audit: --largest-image: 'big' is not a size")


def test_verbose_names_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out(tmp_path / "system")
    write('fail-on = "never"')
    assert main(["-v", "system"]) == 0
    assert capsys.readouterr().err == "glance-audit: settings of glance-audit.toml\n"
