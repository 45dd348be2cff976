"""XML as uWSGI reads it with libxml2."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import ProblemKind
from glance_audit.uwsgi import UwsgiConfig, resolve
from tests.uwsgi.system import CWD, write, written

IDS = '<x>\n<uwsgi id="a"><p>1</p></uwsgi>\n<uwsgi id="b"><p>2</p><q id="a">3</q></uwsgi>\n</x>'


def read(root: Path, text: str, section: str | None = None) -> UwsgiConfig:
    source = write(root, {"glance.xml": text})
    return resolve(source, f"{CWD}/glance.xml", cwd=CWD, section=section)


def test_a_value_is_the_first_child_with_its_blanks(tmp_path: Path) -> None:
    text = "<uwsgi>\n <a> 1 </a><b/>\n <é>x<!-- y -->z</é>\n <c><![CDATA[<]]></c>\n</uwsgi>"
    config = read(tmp_path, text)

    assert [(o.key, o.value, o.place.line) for o in config.pairs[1:]] == [
        ("a", " 1 ", 2),
        ("b", "1", 2),
        ("é", "x", 3),
        ("c", "<", 4),
    ]
    places = [written(tmp_path, o.value_place) for o in config.pairs[1:]]
    assert places == [" 1 ", "", "x", "<![CDATA[<]]>"]
    assert [written(tmp_path, o.key_place) for o in config.pairs[1:]] == ["a", "b", "é", "c"]


@pytest.mark.parametrize(
    ("section", "expected"),
    [(None, [("p", "1")]), ("a", [("p", "1")]), ("b", [("p", "2")])],
)
def test_an_id_chooses_among_elements(
    tmp_path: Path, section: str | None, expected: list[tuple[str, str]]
) -> None:
    config = read(tmp_path, IDS, section)

    assert [(option.key, option.value) for option in config.pairs[1:]] == expected


@pytest.mark.parametrize("section", ["c", ""])
def test_an_id_that_is_not_there_is_refused(tmp_path: Path, section: str) -> None:
    assert read(tmp_path, IDS, section).refused


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY e "1">]>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://h/x.dtd">',
        "<!DOCTYPE x [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'><!ENTITY e '&b;&b;'>]>",
    ],
)
def test_a_document_type_is_a_problem_and_nothing_of_it_is_used(
    tmp_path: Path, doctype: str
) -> None:
    config = read(tmp_path, f"<?xml version='1.0'?>\n{doctype}\n<uwsgi><a>&e;</a></uwsgi>")

    [problem] = config.problems
    assert (problem.kind, problem.fatal) == (ProblemKind.SYNTAX, False)
    assert problem.place.line == 2
    assert "document type" in problem.message
    assert config.last("a") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<uwsgi>\n<a>1</b>\n</uwsgi>", 2),
        ("<uwsgi>\n<a>1</a>\n", 2),
        ("<x>\n<y/></x>", 1),
        ("", 1),
        ("<uwsgi>\n<a><b>1</b></a></uwsgi>", 2),
        ("<uwsgi>\n\udcff</uwsgi>", 2),
        ("<uwsgi><a>&e;</a></uwsgi>", 1),
        ("<?xml version='1.0' encoding='UT'?><uwsgi><a>1</a></uwsgi>", 1),
    ],
)
def test_what_uwsgi_refuses_is_a_fatal_problem_at_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    [problem] = read(tmp_path, text).problems

    assert (problem.kind, problem.fatal) == (ProblemKind.SYNTAX, True)
    assert problem.place.line == line


def test_bytes_in_the_encoding_the_file_names_are_read(tmp_path: Path) -> None:
    text = "<?xml version='1.0' encoding='ISO-8859-1'?><uwsgi><a>\udce9</a></uwsgi>"

    option = read(tmp_path, text).last("a")
    assert option is not None
    assert option.value == "é"


def test_an_encoding_of_several_bytes_is_a_problem(tmp_path: Path) -> None:
    [problem] = read(tmp_path, "<?xml version='1.0' encoding='EUC-JP'?>\n<uwsgi/>").problems

    assert (problem.kind, problem.fatal) == (ProblemKind.SYNTAX, False)
    assert problem.message == "the XML is in an encoding that is not read here"
    assert problem.help == "write it in UTF-8"


def test_elements_as_deep_as_may_be_are_no_traceback(tmp_path: Path) -> None:
    deep = "<a>" * 100_000
    assert read(tmp_path, f"<uwsgi>{deep}{deep.replace('<', '</')}</uwsgi>").refused


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("<uwsgi><x:p>3</x:p></uwsgi>", "x:p"),
        ('<uwsgi xmlns:x="urn:x"><x:p>3</x:p></uwsgi>', "p"),
        ('<uwsgi><a xmlns:x="urn:x"/><x:p>3</x:p></uwsgi>', "x:p"),
        ('<x:uwsgi xmlns:x="urn:x"><x:p>3</x:p></x:uwsgi>', "p"),
        ("<uwsgi><:p>3</:p></uwsgi>", ":p"),
        ("<uwsgi><p:>3</p:></uwsgi>", "p:"),
    ],
)
def test_a_prefix_that_nothing_declares_is_a_part_of_the_name(
    tmp_path: Path, text: str, key: str
) -> None:
    # Asked of uWSGI 2.0.21 and 2.0.31: libxml2 only complains of it.
    config = read(tmp_path, text)

    assert (config.pairs[-1].key, config.pairs[-1].value) == (key, "3")
    assert config.problems == ()


def test_a_root_of_a_colon_alone_is_read_as_nothing(tmp_path: Path) -> None:
    config = read(tmp_path, "<:/>")

    assert not config.refused
    assert len(config.pairs) == 1
