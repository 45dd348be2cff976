"""Both builds of uWSGI read the corners of the formats as this project does.

Debian's has libyaml, yajl and libxml2; the one from PyPI a YAML reader of its own and no JSON.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import FileSource
from glance_audit.uwsgi import resolve
from tests.oracle.test_uwsgi_live import option_of
from tests.oracle.uwsgi_formats import HEAD, JSON, XML, YAML
from tests.oracle.uwsgi_server import UwsgiServer
from tests.uwsgi.cases import pairs

pytestmark = pytest.mark.oracle


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

    config = resolve(FileSource(), name, cwd=str(tmp_path), facts=server.facts, build=server.build)

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

    config = resolve(
        FileSource(), "main.ini", cwd=str(tmp_path), facts=server.facts, build=server.build
    )

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

    config = resolve(
        FileSource(), name, section=asked, cwd=str(tmp_path), facts=server.facts, build=server.build
    )

    assert config.refused == (answer.pairs is None), (answer, config.problems)
    if answer.pairs is not None:
        assert pairs(config) == answer.pairs
