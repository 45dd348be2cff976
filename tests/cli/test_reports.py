"""Which report goes where."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from glance_audit.cli.main import main
from glance_audit.cli.parser import make_parser
from glance_audit.cli.reports import Wanted, paired
from glance_audit.cli.status import Refused
from glance_audit.report.formats import FORMATS
from tests.cli.deployments import SHARED, lay_out


def wanted(*arguments: str) -> list[Wanted]:
    return paired(make_parser("check").parse_intermixed_args(arguments).reports)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", [("rich", None)]),
        ("--format json", [("json", None)]),
        ("-o a", [("rich", "a")]),
        ("-o a --format json", [("json", "a")]),
        ("--format json -o a", [("json", "a")]),
        ("--format json path -o a other", [("json", "a")]),
        ("--format jsonl -o b --format json -o a", [("jsonl", "b"), ("json", "a")]),
        ("-o b --format jsonl -o a --format json", [("jsonl", "b"), ("json", "a")]),
        ("--format rich --format json --output a", [("json", "a"), ("rich", None)]),
        ("--format json --output=a --format=rich", [("json", "a"), ("rich", None)]),
        ("--format rich -o - --format json -o a", [("json", "a"), ("rich", None)]),
        ("--format rich -o /dev/stdout --format json -o a", [("json", "a"), ("rich", None)]),
    ],
)
def test_an_output_belongs_to_the_format_before_it_and_standard_output_is_last(
    arguments: str, expected: list[tuple[str, str | None]]
) -> None:
    assert wanted(*arguments.split()) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "--format rich --format json",
            "standard output: two reports (rich, json) for one place; give each --format an --out",
        ),
        ("--format json -o - --format rich", "standard output: two reports (json, rich)"),
        ("--format json -o a --format rich -o ./a", "--output ./a: two reports (json, rich)"),
        ("-o a -o b", "--output a: say with --format which report goes there"),
        ("--format json -o a -o b", "--output b: say with --format which report goes there"),
    ],
)
def test_two_reports_for_one_place_or_an_output_without_one_are_refused(
    arguments: str, message: str
) -> None:
    with pytest.raises(Refused) as refusal:
        wanted(*arguments.split())

    assert str(refusal.value).startswith(message)


def test_two_reports_on_standard_output_are_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([str(lay_out(tmp_path)), "--format", "json", "--format", "concise"])

    assert status == 2
    assert capsys.readouterr().out == ""


def test_one_audit_writes_every_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    system = lay_out(tmp_path / "system")
    arguments = ["--format", "concise"]
    for name in FORMATS:
        arguments += ["--format", name, "-o", str(tmp_path / name)]
    status = main([*arguments, str(system)])
    out, err = capsys.readouterr()

    assert (status, err) == (1, "")
    assert out == (tmp_path / "concise").read_text()
    for name in FORMATS:
        text = (tmp_path / name).read_text()
        assert "GA201" in text
        assert "hunter2" not in text


def test_hostile_files_and_names_stay_text_in_every_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a,b::c|`d`<e>]]>\n::error::f\x1b[31m\u202e"
    text = SHARED.replace("sendcl 1", 'sendcl "<b>]]>|`y`\x1b[31m\u202e"').replace(
        "/image", "/im|<b>::error::`a`/image"
    )
    lay_out(tmp_path / name, text)
    monkeypatch.chdir(tmp_path)
    arguments = []
    for one in FORMATS:
        arguments += ["--format", one, "-o", one]
    status = main([*arguments, name, "--select", "GA2"])

    assert (status, capsys.readouterr().err) == (1, "")
    for one in FORMATS:
        written = Path(one).read_text()
        assert "GA20" in written
        assert not [
            character for character in written if character != "\n" and not character.isprintable()
        ], one
    for one in ("junit", "checkstyle"):
        assert "]]>" not in Path(one).read_text()
        assert any("<b>" in str(part.attrib) for part in fromstring(Path(one).read_text()).iter())
    for one in ("json", "sarif", "gitlab"):
        assert json.loads(Path(one).read_text())
    commands = Path("github").read_text().splitlines()
    assert all(line.startswith(("::error file=a%2Cb%3A%3Ac|", "::warning file=a%2Cb%3A%3Ac|"))
               for line in commands)  # fmt: skip
    assert not [line for line in Path("markdown").read_text().splitlines() if "<b>" in line]


def test_a_report_that_cannot_be_written_keeps_no_other_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    system = lay_out(tmp_path / "system")
    status = main(
        [*("--format", "json", "-o", f"{tmp_path}/no/such"), "--format", "concise", str(system)]
    )
    out, err = capsys.readouterr()

    assert status == 2
    assert " error GA201 " in out
    assert "no/such: cannot be written" in err


def test_the_names_in_concise_lead_to_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(tmp_path / "deploy")
    monkeypatch.chdir(tmp_path)
    main(["deploy", "--format", "concise"])
    names = {line.partition(":")[0] for line in capsys.readouterr().out.splitlines()}

    assert "deploy/etc/httpd/conf/httpd.conf" in names
    assert all(Path(name).is_file() for name in names)


def test_schema_prints_what_is_shipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = (files("glance_audit.report") / "schema-1.json").read_text("utf-8")

    assert main(["schema"]) == 0
    assert capsys.readouterr().out == shipped
    assert json.loads(shipped)["properties"]["schema"] == {"const": 1}
    assert main(["schema", "-o", str(tmp_path / "schema.json")]) == 0
    assert (tmp_path / "schema.json").read_text() == shipped


def test_the_help_has_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out

    assert all(f"\n  {name:<11} {one.use}\n" in text for name, one in FORMATS.items())
