"""Files of uWSGI, made up and damaged, and what the installed uWSGI makes of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from glance_audit.files import FileSource
from glance_audit.uwsgi import resolve
from tests.oracle.fuzz.budget import source
from tests.oracle.fuzz.noise import ANY, damaged
from tests.oracle.fuzz.verdict import Files, Judge, Outcome, Verdict, compared, one_by_one
from tests.oracle.fuzz.words import words
from tests.oracle.treedump.treedump import text
from tests.oracle.uwsgi_formats import JSON, XML, YAML
from tests.oracle.uwsgi_server import UwsgiServer
from tests.uwsgi.cases import CORPUS

ENVIRONMENT = {"NAME": "word", "EMPTY": "", "TWO": "two words"}
MAIN = "main"  # with the ending of its format
_UWSGI = (
    *(b"%(a)", b"%(b)", b"%%", b"$(NAME)", b"$(NO)", b"@(lines)", b"%(", b"$(", b"@(", b")", b"$1"),
    *(b"[", b"]", b"\n[", b"\n[uwsgi]\n", b"[more]", b";", b"\n;", b"=\n", b" = ", b"\nendif =\n"),
    *(b"\nif-env = NAME\n", b"\nif-not-env = NAME\n", b"%n", b"%d", b"%x", b"%c", b"%0", b"%["),
)
_KEYS = words("""\
a|b|key|A|a b|a%n|é|%(a)|master|processes|threads|http-socket|socket|env|mount|wsgi-file
buffer-size|socket-timeout|http-timeout""")
_VALUES = words("""\
|1|true|x y|a=b|x;y|[x]|'q'|"q"|100%|%%|0x10|-3|127.0.0.1:9292|$(NAME)|$(EMPTY)-$(NO)|@(lines)
%(a)|x%(a)y|%(a + 1)|%(a / 2)|%(key)|%(_)|%(nope)|%n.%d|%c/%x/%X|%o|%s:%p:%e:%N""")
_BLOCKS = words("""\
if-env = {n}|if-not-env = {n}|ifenv = {n}|if-env = NAME=word|if-opt = a=1|if-not-opt = b
if-exists = {f}|if-not-exists = {f}|if-file = {f}|if-dir = {f}|if-not-dir = sub
for = x y z|for-times = 3|for-glob = *.ini|for-readline = lines""")
_ENDS = words("endif =|endif =|endfor =|endfor =|end-if =|endif|end =|endif = 1")
_OTHER = words("""\
include = {f}|ini = {f}|inherit = {f}|ini = :more|inject-before = lines|[more]|[uwsgi]|{k}|# {v}
; {v}||set = {k}={v}|set-placeholder = ph={v}|set-ph = {k}={v}|strict = 1|plugins = python3,http
declare-option = m={k}=$1;b=$2|m = {v}""")
_YAML = (
    *(b": ", b":", b":\t", b"- ", b"  ", b"\n  ", b"\n", b"\t", b"# ", b" #", b"'", b'"', b"\r\n"),
    *(b"uwsgi:", b"\nuwsgi:\n", b"\nb: 1\n", b"\n  c: 2\n", b"\n  - A=1\n", b"[", b"]", b"{", b"}"),
    *(b"&x ", b"*x", b"!!str ", b"|", b">", b"? ", b",", b"---\n", b"...\n", b"%(a)", b"\0", b"~"),
    *(
        b"\xa0",
        b"\xff",
        "é".encode(),
        "\u2028".encode(),
        b"\x85",
        b"\x01",
        b"\x7f",
        b"@",
        b"`",
        b"\\",
    ),
)
_JSON = (
    *(
        b'"',
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b"1",
        b"-",
        b"0",
        b".5",
        b"e3",
        b"true",
        b"null",
    ),
    *(b"//", b"/*", b"*/", b"\n", b"\t", b"\0", b"\v", b"\xff", b"\\u00e9", b"\\ud83d", b"\\u0000"),
    *(
        b'"uwsgi": {"a": 1}',
        b'"c": [1, "x"], ',
        b" ",
        b"'",
        b"%(a)",
        "é".encode(),
        b"\x7f",
        b"\x01",
    ),
)
_XML = (
    *(
        b"<",
        b">",
        b"</",
        b"/>",
        b"<uwsgi>",
        b"</uwsgi>",
        b"<a>1</a>",
        b"<b/>",
        b"&",
        b"&lt;",
        b"&#65;",
    ),
    *(
        b"<!--",
        b"-->",
        b"<!-- x -->",
        b"<![CDATA[x]]>",
        b"]]>",
        b"<?x y?>",
        b' id="a"',
        b"=",
        b'"',
        b"'",
    ),
    *(
        b"\n",
        b"\r\n",
        b"\t",
        b"\0",
        b"\xff",
        "é".encode(),
        b"\x01",
        b"%(a)",
        b" ",
        b"\v",
        b"\x7f",
        b":",
    ),
)
_FILES = ("base.ini", "x.ini", "sub", "nope.ini", "sub/deep.ini", "lines", "base.ini:more")


_FORMATS = {"yaml": (YAML, _YAML), "json": (JSON, _JSON), "xml": (XML, _XML)}


@cache
def texts(ending: str) -> tuple[bytes, ...]:
    """Return files of a format that can be read from any place."""
    corners = [each.encode() for each in _FORMATS[ending][0].values()] if ending in _FORMATS else []
    files = sorted((CORPUS / "files").glob(f"*.{ending}"))
    return (*(path.read_bytes() for path in files), *corners)


def case(number: int) -> dict[str, bytes]:
    """Return the files of one start, by their names: most of them ini."""
    chance = source("uwsgi", number)
    ending = chance.choice(("ini", "ini", "ini", "ini", "yaml", "yaml", "json", "xml"))
    if ending == "ini":
        data = chance.choice(texts("ini")) if chance.random() < 0.3 else _text(chance, 12)
        if chance.random() < 0.6:
            data = damaged(chance, data, ANY + _UWSGI, 3)
    else:
        data = chance.choice(texts(ending))
        data = damaged(chance, data, _FORMATS[ending][1], 3)
    return {
        f"{MAIN}.{ending}": data,
        "base.ini": _text(chance, 3),
        "sub/deep.ini": _text(chance, 2),
    }


def _text(chance: Random, most: int) -> bytes:
    lines = ["[uwsgi]"]
    for _ in range(chance.randint(1, most)):
        if chance.random() < 0.2:
            body = [_line(chance) for _ in range(chance.randint(0, 2))]
            lines += [_filled(chance, chance.choice(_BLOCKS)), *body, chance.choice(_ENDS)]
        else:
            lines.append(_line(chance))
    return "\n".join(lines).encode() + b"\n" * (chance.random() < 0.8)


def _line(chance: Random) -> str:
    return _filled(chance, "{k} = {v}" if chance.random() < 0.7 else chance.choice(_OTHER))


def _filled(chance: Random, template: str) -> str:
    return template.format(
        k=chance.choice(_KEYS),
        v=chance.choice(_VALUES),
        n=chance.choice(("NAME", "NO", "EMPTY")),
        f=chance.choice(_FILES),
    )


def judge(server: UwsgiServer) -> Judge:
    """Return what compares uWSGI and the resolver, with one start of uWSGI for each case."""
    return one_by_one(lambda files, directory: _verdict(server, files, directory))


def _verdict(server: UwsgiServer, files: Files, directory: Path) -> Verdict:
    """Compare a start in an empty directory; one that comes to no end says nothing."""
    main = next(iter(files))
    others = {"x.ini": b"[uwsgi]\nfrom-x = %o\n[nope]", "lines": b"one\ntwo \r\n\nlast"}
    for name, data in {**files, **others}.items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_bytes(data)
    try:
        answer = server.resolve(
            main, directory, environment=ENVIRONMENT, option=main.rpartition(".")[2]
        )
    except TimeoutError:
        return Verdict(Outcome.APART)
    started = dict(answer.pairs or []).get("start-time", "")
    config = resolve(
        FileSource(),
        main,
        cwd=str(directory),
        environment=ENVIRONMENT,
        facts=server.facts._replace(time=int(started) if started.isdigit() else None),
        build=server.build,
    )
    ours = (
        [("refused", "")]
        if config.refused
        else [(text(option.key), text(option.value)) for option in config.pairs]
    )
    if answer.pairs is None:
        found = compared(True, [("refused", "")], ours)
    else:
        found = compared(False, [tuple(pair) for pair in answer.pairs], ours)
    # The server was kept from commands and ports, what depends on the machine is not known here,
    # behind a % that ends the file uWSGI reads what its memory holds by chance, and what lies
    # deeper than our bound is left out, and told.
    apart = config.unknown or "bind(): Operation not permitted" in answer.log
    apart = apart or any("too deep" in problem.message for problem in config.problems)
    apart = apart or any(data.endswith(b"%") for data in files.values())
    if answer.pairs is not None:
        apart = apart or any(b"@(exec" in data for data in files.values())
    return Verdict(Outcome.APART) if found.difference and apart else found
