from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.apache.variables import Variables, source_offset
from tests.apache.tree import messages, plain, read


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a ${X} b", "a value b"),
        ("${x}${X}", "valuevalue"),
        ("${ENV} ${env}", "of the process ${env}"),
        ("[${EMPTY}]", "[]"),
        ("${UNKNOWN} ${X", "${UNKNOWN} ${X"),
        ("$X $$ $ $${X}", "$X $$ $ $value"),
        ("${NOVALUE}", "${NOVALUE}"),
        ("${A${X}", "${A${X}"),
        ("${OTHER}", "${X}"),
        ("${BOTH}", "defined"),
    ],
)
def test_a_variable_is_replaced_once(line: str, expected: str) -> None:
    variables = Variables(
        {"X": "value", "NOVALUE": None, "OTHER": "${X}", "BOTH": "defined"},
        {"ENV": "of the process", "EMPTY": "", "BOTH": "of the process"},
    )
    assert variables.expand(line).text == expected


def test_an_offset_behind_a_replacement_leads_back_to_the_line() -> None:
    text, segments, _ = Variables({"X": "a longer value"}, {}).expand("N ${X} end")
    assert text == "N a longer value end"
    assert [source_offset(segments, at) for at in (0, 2, 9, 17)] == [0, 2, 2, 7]
    assert source_offset(segments, 16, end=True) == 6


def test_a_definition_holds_from_its_line_on_wherever_it_stands(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        'A ${V}\n<Location /x>\nDefine V "1 2"\nA ${V}\n</Location>\nA ${v}\nUnDefine V\nA ${V}\n',
    )
    assert plain(config) == ["A ${V}", "<Location /x>", "  A 1 2", "A 1 2", "A ${V}"]
    assert config.defines == {}
    assert [(one.name, one.value, one.place.line) for one in config.definitions] == [
        ("V", "1 2", 3)
    ]


def test_a_definition_in_a_skipped_section_does_not_run(tmp_path: Path) -> None:
    config = read(tmp_path, "<IfDefine NO>\nDefine V 1\n</IfDefine>\nA ${V}\n")
    assert plain(config) == ["A ${V}"]


def test_names_and_values_of_the_command_line_are_there_from_the_start(tmp_path: Path) -> None:
    config = read(
        tmp_path, "<IfDefine D>\nA ${D} ${V}\n</IfDefine>\n", defines={"D": None, "V": "1"}
    )
    assert plain(config) == ["A ${D} 1"]
    assert config.defines == {"D": "", "V": "1"}


@pytest.mark.parametrize("line", ["Define a:b 1", "UnDefine a:b"])
def test_a_name_with_a_colon_is_refused(tmp_path: Path, line: str) -> None:
    config = read(tmp_path, f"{line}\nA\n")
    assert messages(config) == [(1, "Variable name must not contain ':'")]
    assert plain(config) == ["A"]


@pytest.mark.parametrize("line", ["Define", 'Define ""', "Define a b c", "UnDefine a b"])
def test_a_wrong_number_of_arguments_is_refused(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, f"{line}\n").refused


def test_a_variable_may_bring_in_the_name_of_a_directive(tmp_path: Path) -> None:
    config = read(tmp_path, 'Define D "SetEnv A"\n${D} 1\n')
    assert plain(config) == ["SetEnv A 1"]
