"""The installed uWSGI (Debian's, with libyaml, yajl, libxml2) reads these as this project does."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import FileSource
from glance_audit.uwsgi import resolve
from tests.oracle.test_uwsgi_live import facts, option_of, server, uwsgi
from tests.oracle.uwsgi_server import UwsgiServer
from tests.uwsgi.cases import pairs

__all__ = ["server", "uwsgi"]  # fixtures
pytestmark = pytest.mark.oracle

HEAD = "uwsgi:\n  a: 1\n"
YAML = {
    "nothing": "",
    "no such block": "other:\n  a: 1\n",
    "a scalar for a block": "uwsgi: 1\nb: 2\n",
    "an empty block": "uwsgi:\nb:\n  c: 1\n",
    "a list without indentation": HEAD + "  env:\n  - A=1\n  - B=2\n  b: 2\n",
    "a list with indentation": HEAD + "  env:\n    - A=1\n    - B=2\n  b: 2\n",
    "a list in brackets": HEAD + "  env: [A=1, 'B=2']\n  b: 2\n",
    "a list in a list": HEAD + "  env:\n    - - x\n      - y\n  b: 2\n",
    "a mapping in braces": HEAD + "  m: {x: 1, y: 2}\n  b: 2\n",
    "the block in braces": "uwsgi: {a: 1, b: 2}\n",
    "a block in the block": HEAD + "  sub:\n    x: 1\n  b: 2\n",
    "the block in a block": "top:\n  uwsgi:\n    a: 1\n  b: 2\nc: 3\n",
    "two blocks": HEAD + "uwsgi:\n  b: 2\n",
    "an anchor": HEAD + "  b: &x 2\n  c: 3\n",
    "an alias": HEAD + "  b: *x\n  c: 3\n",
    "a tag": HEAD + "  b: !!str 2\n  c: 3\n",
    "a tag on the block": "uwsgi: !x\n  b: 2\n  c: 3\n",
    "a merge": "x: &x\n  a: 1\nuwsgi:\n  <<: *x\n  c: 3\n",
    "no value": HEAD + "  b:\n  c: ''\n  d: ~\n",
    "quotes": HEAD + "  b: \"x\\ty\\0z\"\n  c: 'it''s'\n  'd': 1\n",
    "a text of lines": HEAD + "  b: |\n    x\n    y\n  c: >\n    x\n    y\n",
    "a value in two lines": HEAD + "  b: x\n    y\n  c: 1\n",
    "a comment": HEAD + "  b: 2 # x\n  # y\n  c: 3#4\n",
    "a tab before a value": HEAD + "  b:\t2\n",
    "a tab before a key": HEAD + "\tb: 2\n",
    "no blank before a value": HEAD + "  b:2\n  c: 3\n",
    "a percent sign": HEAD + "  b: %(a)\n",
    "a percent sign behind a character": HEAD + "  b: x%(a)\n  c: '%(a)'\n",
    "a fault behind the block": HEAD + "b: 1\nc: @\n",
    "a document behind": HEAD + "---\nuwsgi:\n  b: 2\n",
    "a directive": "%%YAML 1.1\n---\n" + HEAD,
    "a byte order mark": "\ufeff" + HEAD,
    "line ends of DOS": HEAD.replace("\n", "\r\n"),
    "a control character": HEAD + "  b: \x01\n",
    "words": HEAD + "  b: yes\n  c: null\n  d: 0x10\n  e: 1_000\n",
    "a question mark": HEAD + "  ? b\n  : 2\n  c: 3\n",
    "the block as a list": "uwsgi:\n  - a: 1\n  - b: 2\n",
    "a strange character": HEAD + "  b: é\u2028c\n",
    "an alias bomb": "a: &a [x, x]\nb: &b [*a, *a]\nuwsgi:\n  c: [*b, *b]\n  d: 1\n",
}
JSON = {
    "nothing": "",
    "an array": "[]",
    "no such object": '{"other": {"a": "1"}}',
    "no object": '{"uwsgi": 1}',
    "an empty object": '{"uwsgi": {}}',
    "words": '{"uwsgi": {"a": true, "b": false, "c": null}}',
    "numbers": '{"uwsgi": {"a": 1, "b": 1.50, "c": -2e3, "d": 123456789012345678901}}',
    "an array of all": '{"uwsgi": {"a": [1, "x", true, null, [1], {"b": 2}, 1.5]}}',
    "objects": '{"uwsgi": {"a": {"b": 1}, "c": "1"}}',
    "a member twice": '{"uwsgi": {"a": 1, "a": 2}, "x": 1}',
    "the object twice": '{"uwsgi": {"a": 1}, "uwsgi": {"a": 2}}',
    "comments": '// x\n{"uwsgi": /* y */ {"a": "// no", "b": "/* no */"}} // z\n',
    "escapes": '{"uwsgi": {"\\u0061\\n": "\\u00e9\\t\\"\\/", "b": "\\u0000x"}}',
    "pairs of surrogates": '{"uwsgi": {"a": "\\ud83d\\ude00", "b": "\\ud83dx"}}',
    "a control character": '{"uwsgi": {"a": "\x01"}}',
    "a line end in a string": '{"uwsgi": {"a": "x\ny"}}',
    "a comma too many": '{"uwsgi": {"a": "x",}}',
    "something behind": '{"uwsgi": {"a": "x"}} x',
    "a zero in front": '{"uwsgi": {"a": 01}}',
    "no number": '{"uwsgi": {"a": NaN}}',
    "a vertical tab": '{"uwsgi":\v{"a":\f1}}',
    "a byte order mark": '\ufeff{"uwsgi": {"a": 1}}',
    "a variable": '{"uwsgi": {"a": "%n|%(b)|100%", "b": 1}}',
    "single quotes": "{'uwsgi': {'a': 1}}",
}
XML = {
    "nothing": "",
    "no such element": "<a><b/></a>",
    "a nested one": "<a><uwsgi><b>1</b></uwsgi><uwsgi><b>2</b></uwsgi></a>",
    "an empty element": "<uwsgi/>",
    "blanks": "<uwsgi><a> 1\n</a><b> </b><c></c><d/></uwsgi>",
    "a comment in a value": "<uwsgi><a>1<!-- x -->2</a><b><!--y-->2</b></uwsgi>",
    "CDATA in a value": "<uwsgi><a><![CDATA[<x>]]></a><b>1<![CDATA[2]]></b></uwsgi>",
    "CDATA alone": "<uwsgi><![CDATA[x = 1]]></uwsgi>",
    "an instruction in a value": "<uwsgi><a><?x y?>1</a></uwsgi>",
    "characters": "<uwsgi><a>1 &lt; &amp; &#233; &quot;</a></uwsgi>",
    "an attribute": '<uwsgi><a x="1>2">v</a><b id="q">w</b></uwsgi>',
    "a name space": '<x:uwsgi xmlns:x="urn:x"><x:a>1</x:a></x:uwsgi>',
    "a default name space": '<uwsgi xmlns="urn:x"><a>1</a></uwsgi>',
    "an application": '<uwsgi><app mountpoint="/x"><script>y</script></app></uwsgi>',
    "an application with blanks": '<uwsgi><app mountpoint="/x">\n<s>y</s>\n</app></uwsgi>',
    "an application in one text": '<uwsgi><app domain="h">y</app><app/></uwsgi>',
    "an element in a value": "<uwsgi><a><b>1</b></a></uwsgi>",
    "an element behind a value": "<uwsgi><a>1<b>2</b></a></uwsgi>",
    "no end": "<uwsgi><a>1</a>",
    "a wrong end": "<uwsgi><a>1</b></uwsgi>",
    "something behind": "<uwsgi><a>1</a></uwsgi> x",
    "no such entity": "<uwsgi><a>&x;</a></uwsgi>",
    "another encoding": '<?xml version="1.0" encoding="UTF-8"?>\n<uwsgi><a>é</a></uwsgi>',
    "variables": "<uwsgi><a>%n %(b)</a><b>2</b></uwsgi>",
    "blanks before the declaration": '\n<?xml version="1.0"?><uwsgi/>',
    "line ends of DOS": "<uwsgi>\r\n<a>1\r\n2</a>\r\n</uwsgi>",
    "a byte order mark": "\ufeff<uwsgi><a>1</a></uwsgi>",
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(f"main.{ending}", text, id=f"{ending}: {what}")
        for ending, texts in (("yaml", YAML), ("json", JSON), ("xml", XML))
        for what, text in texts.items()
    ],
)
def test_a_corner_of_a_format_reads_as_the_installed_uwsgi_reads_it(
    server: UwsgiServer, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8"))
    answer = server.resolve(name, tmp_path, option=option_of(name))

    config = resolve(FileSource(), name, cwd=str(tmp_path), facts=facts(server))

    assert config.refused == (answer.pairs is None), (answer, config.problems)
    if answer.pairs is not None:
        assert pairs(config) == answer.pairs


@pytest.mark.parametrize("name", ["x.yaml", "x.yml", "x.json", "x.js", "x.xml"])
@pytest.mark.parametrize("key", ["include", "inherit", "yaml", "json", "xml", "js"])
def test_what_an_option_loads_goes_by_its_ending_or_its_own_name(
    server: UwsgiServer, tmp_path: Path, name: str, key: str
) -> None:
    texts = {"y": HEAD, "j": '{"uwsgi": {"a": 1}}', "x": "<uwsgi><a>1</a></uwsgi>"}
    (tmp_path / name).write_text(texts[name[2]])
    (tmp_path / "main.ini").write_text(f"[uwsgi]\n{key} = {name}\nlast = %(a)\n")
    answer = server.resolve("main.ini", tmp_path)

    config = resolve(FileSource(), "main.ini", cwd=str(tmp_path), facts=facts(server))

    assert config.refused == (answer.pairs is None), (answer, config.problems)
    if answer.pairs is not None:
        assert pairs(config) == answer.pairs


@pytest.mark.parametrize("asked", ["glance", "nope", ""])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.yaml", "uwsgi:\n  a: 1\nglance:\n  a: 2\n"),
        ("main.json", '{"uwsgi": {"a": 1}, "glance": {"a": 2}}'),
        ("main.xml", '<x><uwsgi id="a"><a>1</a></uwsgi><uwsgi id="glance"><a>2</a></uwsgi></x>'),
    ],
)
def test_a_section_of_a_format_is_asked_for_behind_a_colon(
    server: UwsgiServer, tmp_path: Path, name: str, text: str, asked: str
) -> None:
    (tmp_path / name).write_text(text)
    answer = server.resolve(f"{name}:{asked}", tmp_path, option=option_of(name))

    config = resolve(FileSource(), name, section=asked, cwd=str(tmp_path), facts=facts(server))

    assert config.refused == (answer.pairs is None), (answer, config.problems)
    if answer.pairs is not None:
        assert pairs(config) == answer.pairs
