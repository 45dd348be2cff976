"""Both builds of uWSGI resolve every case as this project does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from glance_audit.files import FileSource
from glance_audit.uwsgi import UwsgiConfig, resolve
from tests.oracle.uwsgi_server import Answer, UwsgiServer
from tests.uwsgi.cases import CORPUS, Case, cases, pairs

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(CORPUS / "files", tmp_path_factory.mktemp("live") / "corpus"))


def option_of(name: str) -> str:
    """Return the option that names a file."""
    ending = name.rpartition(".")[2]
    return {"yaml": "yaml", "yml": "yaml", "json": "json", "js": "json", "xml": "xml"}.get(
        ending, "ini"
    )


def seconds(answer: Answer) -> int | None:
    """Return the second uWSGI started in, which start-time = %t prints."""
    started = dict(answer.pairs or []).get("start-time", "")
    return int(started) if started.isdigit() else None


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_case_resolves_as_the_installed_uwsgi_resolves_it(
    server: UwsgiServer, corpus: Path, case: Case
) -> None:
    cwd = Path(case.cwd(str(corpus)))
    name = case.load if case.section is None else f"{case.load}:{case.section}"
    answer = server.resolve(
        name,
        cwd,
        environment=case.environment,
        positional=case.positional,
        option=option_of(case.load),
    )

    config = resolve(
        FileSource(),
        case.load,
        section=case.section,
        environment=case.environment,
        cwd=str(cwd),
        positional=case.positional,
        facts=server.facts._replace(time=seconds(answer)),
        build=server.build,
    )

    assert config.refused == (answer.pairs is None), answer.log
    if answer.pairs is not None:
        assert pairs(config) == answer.pairs


# Corners that whole files of random lines brought up, each with what it is about.
CORNERS = {
    "a vertical tab is no blank": "[uwsgi]\n\vkey\v = \vvalue\v\n",
    "a no-break space is no blank": "[uwsgi]\n\u00a0key\u00a0=\u00a0value\u00a0\n",
    "a unicode line separator ends no line": "[uwsgi]\na = 1\u2028b = 2\x1cc = 3\x85\n",
    "a percent sign eats the line end": "[uwsgi]\na = 100%\nb = 2\n",
    "a comment's percent sign eats the line end": "[uwsgi]\n# all of it: 100%\nb = 2\nc = 3\n",
    "a percent sign takes one byte of a character": "[uwsgi]\na = %é%€|\n",
    "a lone bracket is an empty section": "[uwsgi]\na = 1\n[\nb = 2\n[uwsgi]\nc = 3\n",
    "a header loses its last character": "[uwsgi}\na = 1\n",
    "an empty key": "[uwsgi]\n= 1\n=\na =\n",
    "a value is scanned from its second character": "[uwsgi]\na = 1\nb = %(%(a) + 1)\n"
    "c = x%(%(a) + 1)\nd = %(%(a))\n",
    "doubled symbols": "[uwsgi]\na = 1\nb = %%%(a)\nc = %%(a)\nd = $$(HOME)@%(a)\n",
    "parentheses nest": "[uwsgi]\na = %((a))%(b(c)d)\n(a) = 1\nb(c)d = 2\n",
    "arithmetic": "[uwsgi]\na = 7\nb = %(a / 2)|%(0 - a)|%(a * a ++)|%(a --)|%(++ a)|%(a + )\n"
    "c = %(a - 9 / 2)|%( a)|%(a )|%(9999999999999999999 + 1)|%(a 07 + 0)\n",
    "a set is spliced in": "[uwsgi]\nset = a=b=c\nset-ph = d=1\nset-placeholder = e\\=2\n",
    "an option as placeholder": "[uwsgi]\nset-ph = master=1\n",
    "a strict typo inside a false block": "[uwsgi]\nstrict = 1\nif-env = NOPE\ntypo = 1\nendif =\n",
    "a strict typo above strict": "[uwsgi]\ntypo = 1\nstrict = 1\n",
    "strict switched off again": "[uwsgi]\nstrict = 1\nstrict = off\ntypo = 1\n",
    "a nested true condition": "[uwsgi]\nif-not-env = NOPE\nif-not-env = NOPE\nendif =\n",
    "a nested false condition": "[uwsgi]\nif-env = NOPE\nif-env = NOPE\nendif =\na = 1\nendif =\n",
    "a loop over words": "[uwsgi]\nfor =  a  b\nk = %(_)-%(_)\nk%(_) = 2\nendfor =\n",
    "a loop over numbers": "[uwsgi]\nfor-times = 3x\nk = %(_)\nendfor =\nfor-times = -1\nz = 1\n",
    "a loop over lines": "[uwsgi]\nfor-readline = lines\nk = <%(_)>\nendfor =\n",
    "a loop over names": "[uwsgi]\nfor-glob = g*\nk = %(_)\nendfor =\n"
    "for-glob = nope*\nk = %(_)\nendfor =\nfor-glob = [!a-fh-z]?/.h*\nk = %(_)\n",
    "the first value decides": "[uwsgi]\na = 1\na = 2\nif-opt = a=1\nk = %(_)\nendif =\nb = %(a)\n",
    "unequal is not the same as absent": "[uwsgi]\na = 1\nif-not-opt = a=2\nk = %(_)\nendif =\n",
    "another section of the same file": "[uwsgi]\na = %x\nini = :more\nb = %x|%X|%o\n"
    "[more]\nc = %x|%X|%o\n",
    "inherit comes last and literal": "[uwsgi]\ninherit = base.ini\na = 2\n",
    "inherit in a loop": "[uwsgi]\nfor = base base\ninherit = %(_).ini\nendfor =\n",
    "include inside a block": "[uwsgi]\nif-not-env = NOPE\ninclude = base.ini\nendif =\nz = 1\n",
    "injected text": "[uwsgi]\ninject-before = lines\ninject-after = base.ini\nini = x.ini\n",
    "a missing injection without a later file": "[uwsgi]\ninject-before = nope\na = 1\n",
    "a declared option hides in the list": "[uwsgi]\ndeclare-option = m=listen=$1;x=$2\nm = 1 2\n",
    "a declared option that refuses": "[uwsgi]\ndeclare-option = m=chmod-socket=$1\nm = 0660\n",
    "a declared option that includes": "[uwsgi]\ndeclare-option = m=ini=$1\nm = x.ini\n",
    "a whitelist forbids": "[uwsgi]\nwhitelist = Master end-whitelist\nmaster = 1\n"
    "end-whitelist =\nk = 1\n",
    "a negative number": "[uwsgi]\nprocesses = -1\n",
    "an empty socket": "[uwsgi]\nhttp-socket =\n",
    "a value that has no end": "[uwsgi]\na = 1\nb = x%(b)\n",
    "the hash and the path": "[uwsgi]\nj = %j %p %0/%1 %c %d %n %e\n",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in CORNERS.items()])
def test_a_corner_resolves_as_the_installed_uwsgi_resolves_it(
    server: UwsgiServer, tmp_path: Path, text: str
) -> None:
    (tmp_path / "main.ini").write_bytes(text.encode("utf-8"))
    (tmp_path / "base.ini").write_text("[uwsgi]\na = 1\nb = %(a) $(HOME) %n %N\n")
    (tmp_path / "x.ini").write_text("[uwsgi]\nfrom-x = %o\n[nope]")
    (tmp_path / "lines").write_bytes(b"one\ntwo \r\n\n" + b"x" * 2000 + b"\nlast")
    for name in ("g1", "g2", ".ghost"):
        (tmp_path / name).touch()
    (tmp_path / "g d").mkdir()
    (tmp_path / "g d" / ".hidden").touch()
    (tmp_path / "gx").mkdir()
    (tmp_path / "gx" / ".h").touch()
    answer = ask(server, tmp_path)

    config: UwsgiConfig = resolve(
        FileSource(), "main.ini", cwd=str(tmp_path), facts=server.facts, build=server.build
    )

    assert config.refused == (answer.pairs is None), (answer.log, config.problems)
    if answer.pairs is not None:
        assert pairs(config) == answer.pairs


def ask(server: UwsgiServer, cwd: Path) -> Answer:
    """Return the answer; to hang without end is to refuse."""
    try:
        return server.resolve("main.ini", cwd)
    except TimeoutError:
        return Answer(None, "no answer")
