"""Units of an audited tree: names, masks, places, and what a service starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from glance_audit.files import FileSource, Place, ProblemKind
from glance_audit.systemd import Unit, read_unit, unit_names
from glance_audit.systemd.unit import boolean

if TYPE_CHECKING:
    from pathlib import Path

ETC = "etc/systemd/system"
LIB = "usr/lib/systemd/system"


def _tree(root: Path, files: dict[str, str]) -> FileSource:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return FileSource(str(root))


def _unit(root: Path, files: dict[str, str], name: str = "x.service") -> Unit:
    unit = read_unit(_tree(root, files), name)
    assert unit is not None
    return unit


def test_names_are_files_instances_and_drop_ins_without_the_masked(tmp_path: Path) -> None:
    source = _tree(
        tmp_path,
        {
            f"{LIB}/apache2.service": "[Service]\n",
            f"{LIB}/masked.service": "[Service]\n",
            f"{LIB}/emptied.service": "[Service]\n",
            f"{LIB}/uwsgi@.service": "[Service]\n",
            f"{ETC}/emptied.service": "",
            f"{ETC}/only-drop-in.service.d/a.conf": "[Service]\n",
            f"{ETC}/foo-.service.d/a.conf": "[Service]\n",
            f"{ETC}/service.d/a.conf": "[Service]\n",
            f"{LIB}/tmp.mount": "[Mount]\n",
        },
    )
    (tmp_path / ETC / "masked.service").symlink_to("/dev/null")
    wants = tmp_path / ETC / "multi-user.target.wants"
    wants.mkdir()
    (wants / "uwsgi@glance.service").symlink_to("/usr/lib/systemd/system/uwsgi@.service")
    assert unit_names(source) == (
        "apache2.service",
        "only-drop-in.service",
        "uwsgi@.service",
        "uwsgi@glance.service",
    )
    assert unit_names(source, ".mount") == ("tmp.mount",)
    assert read_unit(source, "masked.service") is None
    assert read_unit(source, "emptied.service") is None
    assert read_unit(source, "none.service") is None


def test_a_unit_of_which_only_a_drop_in_is_there_is_read(tmp_path: Path) -> None:
    unit = _unit(tmp_path, {f"{ETC}/x.service.d/a.conf": "[Service]\nPrivateTmp=yes\n"})
    assert unit.fragment is None
    assert unit.private_tmp is not None
    assert boolean(unit.private_tmp.value) is True


def test_a_masked_drop_in_hides_the_one_below(tmp_path: Path) -> None:
    source = _tree(
        tmp_path,
        {
            f"{LIB}/x.service": "[Service]\n",
            f"{LIB}/x.service.d/a.conf": "[Service]\nUser=a\n",
            f"{ETC}/x.service.d/b.conf": "[Service]\nGroup=b\n",
        },
    )
    (tmp_path / ETC / "x.service.d/a.conf").symlink_to("/dev/null")
    unit = read_unit(source, "x.service")
    assert unit is not None
    assert unit.user is None
    assert [file.rpartition("/")[2] for file in unit.files] == ["x.service", "b.conf"]


def test_an_alias_takes_the_drop_ins_of_both_names(tmp_path: Path) -> None:
    source = _tree(
        tmp_path,
        {
            f"{LIB}/apache2.service": "[Service]\nEnvironment=A=%n\n",
            f"{ETC}/apache2.service.d/a.conf": "[Service]\nEnvironment=B=1\n",
            f"{ETC}/httpd.service.d/b.conf": "[Service]\nEnvironment=C=1\n",
        },
    )
    (tmp_path / ETC / "httpd.service").symlink_to("/usr/lib/systemd/system/apache2.service")
    unit = read_unit(source, "httpd.service")
    assert unit is not None
    assert [(v.name, v.value) for v in unit.environment] == [
        ("A", "apache2.service"),
        ("B", "1"),
        ("C", "1"),
    ]


def test_merged_usr_is_read_once(tmp_path: Path) -> None:
    source = _tree(tmp_path, {f"{LIB}/x.service.d/a.conf": "[Service]\nEnvironment=A=1\n"})
    (tmp_path / "lib").symlink_to("usr/lib")
    unit = read_unit(source, "x.service")
    assert unit is not None
    assert unit.files == ("/usr/lib/systemd/system/x.service.d/a.conf",)


def test_environment_files_override_whatever_the_order(tmp_path: Path) -> None:
    unit = _unit(
        tmp_path,
        {
            f"{LIB}/x.service": "[Service]\nEnvironmentFile=/etc/sysconfig/a\n"
            "EnvironmentFile=-/etc/none\nEnvironment=A=unit B=unit C=unit\n"
            "EnvironmentFile=/etc/sysconfig/%p-*\nUnsetEnvironment=C\n",
            "etc/sysconfig/a": "A=file\nD=file\n",
            "etc/sysconfig/x-2": "D=2\n",
            "etc/sysconfig/x-1": "D=1\nE=1\n",
        },
    )
    values = {v.name: v.value for v in unit.environment}
    assert values == {"A": "file", "B": "unit", "D": "2", "E": "1"}
    found = unit.variable("A")
    assert found is not None
    assert found.place == Place("/etc/sysconfig/a", 1, 1, 1, 7)
    assert unit.problems == ()


def test_a_missing_environment_file_is_a_problem_unless_it_is_optional(tmp_path: Path) -> None:
    unit = _unit(tmp_path, {f"{LIB}/x.service": "[Service]\nEnvironmentFile=/etc/none\n"})
    (problem,) = unit.problems
    assert problem.kind is ProblemKind.INCLUDE_MISSING
    assert problem.place == Place("/usr/lib/systemd/system/x.service", 2, 17, 2, 26)


def test_an_empty_assignment_resets_a_list_and_the_last_scalar_counts(tmp_path: Path) -> None:
    unit = _unit(
        tmp_path,
        {
            f"{LIB}/x.service": "[Service]\nExecStart=/bin/a\nUser=a\nTemporaryFileSystem=/x\n",
            f"{ETC}/x.service.d/a.conf": "[Service]\nExecStart=\nExecStart=/bin/b c\nUser=b\n"
            "TemporaryFileSystem=/tmp:size=1G /y\n",
        },
    )
    assert [command.argv for command in unit.exec_start] == [("/bin/b", "c")]
    assert unit.user is not None
    assert unit.user.value == "b"
    mounted = [(t.where, t.options, t.place.column) for t in unit.temporary_file_systems]
    assert mounted == [("/x", "", 21), ("/tmp", "size=1G", 21), ("/y", "", 34)]


def test_every_variable_has_its_own_place_also_on_continued_lines(tmp_path: Path) -> None:
    text = '[Service]\nEnvironment=A=1 "TMPDIR=/a b" \\\n# c\n   C=2\n'
    unit = _unit(tmp_path, {f"{LIB}/x.service": text})
    places = {v.name: (v.place.line, v.place.column, v.place.end_column) for v in unit.environment}
    assert places == {"A": (2, 13, 16), "TMPDIR": (2, 17, 30), "C": (4, 4, 7)}
    setting = unit.last("Service", "Environment")
    assert setting is not None
    assert (setting.place.line, setting.place.end_line, setting.place.end_column) == (2, 4, 7)


def test_a_value_that_depends_on_the_host_is_unknown(tmp_path: Path) -> None:
    unit = _unit(tmp_path, {f"{LIB}/x.service": "[Service]\nEnvironment=A=/x/%m\n"})
    assert [(v.name, v.value) for v in unit.environment] == [("A", None)]


def test_variables_in_commands_are_replaced_as_systemd_does(tmp_path: Path) -> None:
    text = "[Service]\nExecStart=/bin/a ${A}x $B $$C $A/y '$B' ${NONE}\nExecStart=:/bin/a $B\n"
    first, second = _unit(tmp_path, {f"{LIB}/x.service": text}).exec_start
    values = {"A": "1 2", "B": "3 '4 5'"}
    assert first.arguments(values) == (
        "/bin/a",
        "1 2x",
        "3",
        "4 5",
        "$C",
        "$A/y",
        "3",
        "4 5",
        "",
    )
    assert second.arguments(values) == ("/bin/a", "$B")


def test_what_systemd_ignores_is_told_and_what_it_refuses_is_fatal(tmp_path: Path) -> None:
    text = "A=1\n[Service\nrubbish\n=1\nUser=a\n"
    unit = _unit(tmp_path, {f"{LIB}/x.service": text})
    assert [(p.place.line, p.fatal) for p in unit.problems] == [
        (1, False),
        (2, True),
        (3, False),
        (4, False),
    ]
    assert unit.user is not None


@pytest.mark.parametrize(
    ("text", "truth"), [("YES", True), ("off", False), ("", None), ("2", None)]
)
def test_truth_values(text: str, truth: bool | None) -> None:
    assert boolean(text) is truth
