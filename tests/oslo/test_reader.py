"""The reader agrees with oslo.config itself, and knows where everything stands."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from oslo_config import cfg, iniparser

from glance_audit.files import FileSource, Place
from glance_audit.oslo import OsloConfig, read

if TYPE_CHECKING:
    from pathlib import Path

ACCEPTED = {
    "spaces": "[DEFAULT]\nbind_port = 9292\n",
    "colon": "[DEFAULT]\nurl: http://x:1/a=b\n",
    "equal before colon": "[DEFAULT]\nurl = http://x:1/\n",
    "colon before equal": "[DEFAULT]\na:b = c\n",
    "double quotes": '[a]\nx = "two words "\n',
    "single quotes": "[a]\nx='  v'\n",
    "quotes that differ": "[a]\nx = \"v'\n",
    "lone quote": '[a]\nx = "\n',
    "quotes inside": '[a]\nx = a "b"\n',
    "quote at both ends of two": '[a]\nx = "a" "b"\n',
    "continuation": "[a]\nx = one\n  two\n\tthree\n",
    "continuation of an empty value": "[a]\nx =\n  two\n",
    "hash inside a continuation": "[a]\nx = one\n  # two\n  three\n",
    "quotes span lines": '[a]\nx = "one\n  two"\n',
    "blank line ends a value": "[a]\nx = one\n\ny = 2\n",
    "comments": "# a\n;b\n[a]\n#x = 1\nx = 2 # three ; four\n",
    "comment then assignment": "[a]\nx = 1\n# c\ny = 2\n",
    "empty value": "[a]\nx =\ny=\n",
    "repeated": "[a]\nx = 1\nx = 2\n[b]\ny = 1\n[a]\nx = 3\n",
    "case of keys": "[a]\nX = 1\nx = 2\n",
    "case of sections": "[Glance_Store]\nx = 1\n[glance_store]\nx = 2\n",
    "section with blanks": "[ a b ]\nx = 1\n",
    "section with brackets": "[a]b]\nx = 1\n",
    "section of a blank": "[ ]\nx = 1\n",
    "blank after header": "[a]   \nx = 1\n",
    "carriage returns": "[a]\r\nx = 1\r\ny = 2\r\n",
    "old line ends": "[a]\rx = 1\ry = 2",
    "no newline at the end": "[a]\nx = 1",
    "form feed before a key": "[a]\n\x0cx = 1\n",
    "no-break space around": "[a]\nx\xa0=\xa01\xa0\n",
    "ideographic space indents nothing": "[a]\nx = 1\n\u3000y = 2\n",
    "line separator is no line end": "[a]\nx = 1\u2028y = 2\n",
    "dollar": "[a]\nx = $y\n",
    "percent": "[a]\nx = %(y)s %\n",
    "empty file": "",
    "only blanks": " \n\t\n",
}

REFUSED = {
    "no section": "x = 1\n[a]\n",
    "no section at the end": "x = 1",
    "no separator": "[a]\nx\n",
    "unclosed header": "[a\nx = 1\n",
    "comment after header": "[a] ; c\nx = 1\n",
    "empty header": "[]\nx = 1\n",
    "lone bracket": "[\nx = 1\n",
    "empty key": "[a]\n= 1\n",
    "indented first line": "  x = 1\n",
    "indented after header": "[a]\n  x = 1\n",
    "indented after blank": "[a]\nx = 1\n\n  y\n",
    "indented comment after comment": "[a]\nx = 1\n# c\n  # d\n",
    "byte order mark": "\ufeff[a]\nx = 1\n",
}


class _Recorder(iniparser.BaseParser):
    """What oslo.config's own parser sees in one file."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str]] = []
        self.section: str | None = None

    def assignment(self, key: str, value: list[str]) -> None:
        if self.section is None:
            raise self.parse_exc("Section must be started before assignment", self.lineno, key)
        self.seen.append((self.section, key, "\n".join(value)))

    def new_section(self, section: str) -> None:
        self.section = section


def _oracle(text: str) -> _Recorder:
    parser = _Recorder()
    # newline=None: the universal newlines with which oslo.config opens a file
    parser.parse(io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline=None).readlines())
    return parser


def _read(tmp_path: Path, *texts: str) -> OsloConfig:
    paths = []
    for index, text in enumerate(texts):
        (tmp_path / f"{index}.conf").write_bytes(text.encode("utf-8", "surrogateescape"))
        paths.append(f"/{index}.conf")
    return read(FileSource(str(tmp_path)), tuple(paths))


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_sees_the_same_assignments_in_the_same_order_as_oslo_config(
    tmp_path: Path, text: str
) -> None:
    config = _read(tmp_path, text)
    assert [(s.section, s.name, s.value) for s in config.settings] == _oracle(text).seen
    assert config.problems == ()


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_refuses_what_oslo_config_refuses_with_its_message(tmp_path: Path, text: str) -> None:
    with pytest.raises(iniparser.ParseError) as refusal:
        _oracle(text)
    problem = _read(tmp_path, text).problems[0]
    assert problem.message == refusal.value.msg
    assert problem.fatal
    if "before assignment" not in problem.message:  # told there at the next line, not its own
        assert problem.place.line == refusal.value.lineno


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_every_value_stands_where_its_place_says(tmp_path: Path, text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for setting in _read(tmp_path, text).settings:
        place = setting.value_place
        covered = lines[place.line - 1 : place.end_line]
        covered[-1] = covered[-1][: place.end_column - 1]
        covered[0] = covered[0][place.column - 1 :]
        first, *others = covered
        assert "\n".join([first, *(line.strip() for line in others)]) == setting.value
        assert lines[setting.place.line - 1][setting.place.column - 1 :].startswith(setting.name)


def test_a_value_between_quotes_has_the_place_of_its_inside(tmp_path: Path) -> None:
    setting = _read(tmp_path, '[a]\nname =  "v w"  \n').settings[0]
    assert setting.value_place == Place("/0.conf", 2, 10, 2, 13)
    assert setting.place == Place("/0.conf", 2, 1, 2, 14)


def test_a_continued_value_reaches_to_its_last_line(tmp_path: Path) -> None:
    setting = _read(tmp_path, "[a]\nname = one\n  two\n").settings[0]
    assert setting.value_place == Place("/0.conf", 2, 8, 3, 6)


def test_an_empty_value_has_a_place_without_width(tmp_path: Path) -> None:
    assert _read(tmp_path, "[a]\nx =\n").settings[0].value_place == Place("/0.conf", 2, 4, 2, 4)


def test_reading_goes_on_after_a_fault(tmp_path: Path) -> None:
    config = _read(tmp_path, "[a] # c\nx = 1\nrubbish\ny = 2\n")
    assert [(s.section, s.name) for s in config.settings] == [("a", "x"), ("a", "y")]
    assert [p.place.line for p in config.problems] == [1, 3]


def test_a_byte_that_is_not_utf8_is_a_fault_as_it_is_for_oslo_config(tmp_path: Path) -> None:
    config = _read(tmp_path, "[a]\n# caf\udce9\nx = 1\n")
    assert config.problems[0].place == Place("/0.conf", 2, 6, 2, 7)
    assert config.last("a", "x") is not None
    with pytest.raises(UnicodeDecodeError):
        cfg.ConfigOpts()([], default_config_files=[str(tmp_path / "0.conf")])


def test_a_missing_file_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("[a]\nx=1\n")
    config = read(FileSource(str(tmp_path)), ("/a", "/b"))
    assert config.files == ("/b",)
    assert [p.place.file for p in config.problems] == ["/a"]


def test_section_places_point_at_the_first_header(tmp_path: Path) -> None:
    config = _read(tmp_path, "[DEFAULT]\n[Wsgi]\n", "[wsgi]\n")
    assert config.section_places["wsgi"] == Place("/0.conf", 2, 1, 2, 7)
    assert set(config.section_places) == {"DEFAULT", "wsgi"}


OPTIONS = {
    "flag": cfg.BoolOpt("flag", default=True),
    "number": cfg.IntOpt("number", default=7),
    "entries": cfg.ListOpt("entries", default=["d"]),
    "text": cfg.StrOpt("text", default="t"),
    "many": cfg.MultiStrOpt("many", default=[]),
    "stores": cfg.DictOpt("stores", default={}),
}

LAYERS = (
    ("[DEFAULT]\nflag = no\nnumber=1\nmany=a\nmany=b\n", "[DEFAULT]\nnumber = 2\nmany=c\n"),
    ("[DEFAULT]\nnumber=1\nnumber= 2 \nentries = a, b,,c,\n",),
    ("[default]\nnumber=1\n",),
    ("[DEFAULT]\nentries =\nstores = file:file, ceph: rbd\n",),
    ("[DEFAULT]\nNumber=1\ntext = on $number\n",),
    ("[DEFAULT]\nnumber = 1000\ntext = a$$b \\$c ${number}\n",),
    ("[DEFAULT]\nflag = ON\nentries = $number,x\nnumber=5\n",),
    ("[DEFAULT]\nstores = a:b:c,d:e\nnumber = -3\n", "[x]\nnumber = 4\n"),
)


@pytest.mark.parametrize("texts", LAYERS)
def test_typed_values_are_those_of_oslo_config(tmp_path: Path, texts: tuple[str, ...]) -> None:
    config = _read(tmp_path, *texts)
    real = cfg.ConfigOpts()
    real.register_opts(list(OPTIONS.values()))
    real([], default_config_files=[str(tmp_path / f"{i}.conf") for i in range(len(texts))])
    assert config.boolean("DEFAULT", "flag", True) == real.flag
    assert config.integer("DEFAULT", "number", 7) == real.number
    assert list(config.list("DEFAULT", "entries", ("d",))) == real.entries
    assert [s.value for s in config.all("DEFAULT", "many")] == real.many
    assert dict(config.pairs("DEFAULT", "stores")) == real.stores
    text = config.last("DEFAULT", "text")
    if text is not None and config.last("DEFAULT", "number") is not None:
        assert config.expanded(text) == real.text


@pytest.mark.parametrize("word", ["true", "YES", "on", "1", "0", "off", "No", "false", " yes", "y"])
def test_truth_words_are_those_of_oslo_config(word: str) -> None:
    from oslo_config import types

    from glance_audit.oslo import value

    try:
        expected: bool | None = types.Boolean()(word)
    except ValueError:
        expected = None
    assert value.boolean(word) is expected


@pytest.mark.parametrize("text", ["a:b", "a", "a,b:c", "a:b,a:c", ":b", "", "a:", "a:b,c", " "])
def test_pairs_are_accepted_and_refused_as_by_oslo_config(text: str) -> None:
    from oslo_config import types

    from glance_audit.oslo import value

    try:
        expected: dict[str, str] | None = types.Dict()(text)
    except ValueError:
        expected = None
    found = value.pairs(text)
    assert (None if found is None else dict(found)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[glance-direct,web-download]", "glance-direct", "[a", "a]", "[]", "", " [ a , b ] ,",
        "['a', \"b\"]", "['a,b', c]", "['a", "['a, b]", "[a,,b]", "[,]", "[']", "['a'b]", "[ ]",
        "[a,b,]", "[]]", "[",
    ],
)  # fmt: skip
def test_lists_in_brackets_are_those_of_oslo_config(text: str, tmp_path: Path) -> None:
    from oslo_config import types

    try:
        expected: list[str] | None = types.List(types.String(quotes=True), bounds=True)(text)
    except ValueError:
        expected = None
    found = _read(tmp_path, f"[DEFAULT]\nmethods = {text}\n").bounded("DEFAULT", "methods")
    assert (None if found is None else list(found)) == expected


def test_a_dash_in_a_key_sets_nothing(tmp_path: Path) -> None:
    config = _read(tmp_path, "[DEFAULT]\nbind-port = 1\n")
    assert config.last("DEFAULT", "bind_port") is None


def test_a_reference_to_an_unset_option_is_unknown(tmp_path: Path) -> None:
    config = _read(tmp_path, "[DEFAULT]\nx = $state_path/a\ny = $y\n[g]\nz = ${DEFAULT.w}\n")
    assert [config.expanded(setting) for setting in config.settings] == [None, None, None]
