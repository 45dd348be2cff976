"""``resolve``: the readers' view, as JSON and for people."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from glance_audit.cli.main import main
from tests.apache.cases import CASES, WALK_PHASE, comparable, lay_out
from tests.uwsgi.cases import CORPUS, Case, cases


def resolved(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = main(["resolve", "--format", "json", *arguments])
    out, err = capsys.readouterr()
    assert err == ""
    return status, json.loads(out)


@pytest.mark.parametrize("name", [name for name in CASES if name not in WALK_PHASE])
def test_an_apache_tree_is_printed_as_apache_dumps_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = lay_out(name, tmp_path)
    defines = [word for define in case.defines for word in ("-D", define)]
    environment = [
        word for pair in case.environment.items() for word in ("--env", "=".join(pair))
    ]  # fmt: skip
    status, view = resolved(capsys, *defines, *environment, str(case.root))

    assert list(view) == ["kind", "tree", "errors"]
    assert view["kind"] == "apache"
    assert comparable(view["tree"]) == comparable(case.expected)
    if case.refused_at is not None:
        assert status == 3
        assert case.refused_at in [(one["file"], one["line"]) for one in view["errors"]]
    else:
        assert view["errors"] == []


# These show the clock or the machine of the recording, a command's output, or need its plugins.
_ELSEWHERE = {"09_magic", "16_names", "21_atexec", "28_devstack"}
_ELSEWHERE |= {"23_need_plugin_missing", "23_plugin_missing"}


@pytest.mark.parametrize(
    "case",
    [one for one in cases() if not one.positional and one.name not in _ELSEWHERE],
    ids=str,
)
def test_uwsgis_options_are_printed_as_uwsgi_lists_them(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(CORPUS / "files", tmp_path / "conf")
    monkeypatch.chdir(case.cwd(f"{tmp_path}/conf"))
    environment = [word for pair in case.environment.items() for word in ("--env", "=".join(pair))]
    name = case.load + (f":{case.section}" if case.section else "")
    status, view = resolved(capsys, *environment, name)

    assert list(view) == ["kind", "pairs", "errors"]
    assert view["kind"] == "uwsgi"
    if case.pairs is None:
        assert (status, bool(view["errors"])) == (3, True)
    else:
        assert view["errors"] == []
        assert view["pairs"] == case.expected(f"{tmp_path}/conf")


def test_a_uwsgi_file_named_relatively_is_repeated_as_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.ini").write_text("[uwsgi]\nhttp-socket = :1\ninclude = b.ini\n[x]\ny = 1\n")
    (tmp_path / "b.ini").write_text("[uwsgi]\nmaster = %(name)\n")
    monkeypatch.chdir(tmp_path)

    assert resolved(capsys, "-D", "name=yes", "a.ini") == (
        0,
        {
            "kind": "uwsgi",
            "pairs": [
                ["set-placeholder", "name=yes"],
                ["name", "yes"],
                ["ini", "a.ini"],
                ["http-socket", ":1"],
                ["include", "b.ini"],
                ["master", "yes"],
            ],
            "errors": [],
        },
    )
    assert resolved(capsys, "a.ini:x")[1]["pairs"] == [["ini", "a.ini:x"], ["y", "1"]]


def test_envvars_is_read_and_env_wins_over_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "apache2.conf").write_text("ErrorLog ${APACHE_LOG_DIR}/a\nPidFile ${APACHE_PID}\n")
    (tmp_path / "envvars").write_text(
        "export APACHE_LOG_DIR=/var/log\nexport APACHE_PID=$APACHE_CONFDIR/pid\n"
    )
    status, view = resolved(capsys, "--env", "APACHE_LOG_DIR=/srv", str(tmp_path))

    assert status == 0
    assert [node["args"] for node in view["tree"]] == ["/srv/a", f"{tmp_path}/pid"]


def test_for_people_a_tree_has_line_numbers_files_and_closed_sections(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main_file = tmp_path / "httpd.conf"
    main_file.write_text("<VirtualHost *:80>\n  ServerName \\\n a\n</VirtualHost>\nTimeout 5\n")

    assert main(["resolve", str(main_file)]) == 0
    assert capsys.readouterr().out == (
        f"       # {main_file}\n"
        "    1  <VirtualHost *:80>\n"
        "    3      ServerName a\n"
        "       </VirtualHost>\n"
        "    5  Timeout 5\n"
    )


def test_for_people_a_refusal_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main_file = tmp_path / "httpd.conf"
    main_file.write_text("Timeout 5\nInclude no/such.conf\n")

    assert main(["resolve", str(main_file)]) == 3
    assert capsys.readouterr().out.startswith(f"refused: {main_file}:2: ")


def test_nothing_outside_the_root_is_resolved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "httpd.conf").write_text("Timeout 5\n")

    assert main(["resolve", "--root", f"{tmp_path}/inside", "../httpd.conf"]) == 2
    assert "lies outside --root" in capsys.readouterr().err
