"""Whole trees of Apache: made up, damaged, and read by ``apache2 -t -D DUMP_CONFIG``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from glance_audit.apache import resolve
from glance_audit.apache.dump import to_json
from glance_audit.files import FileSource
from tests.oracle.apache_server import view
from tests.oracle.fuzz.apache_files import BOUND
from tests.oracle.fuzz.budget import source
from tests.oracle.fuzz.noise import ANY, APACHE, ENVIRONMENT, damaged
from tests.oracle.fuzz.verdict import Files, Judge, Outcome, Verdict, compared, one_by_one
from tests.oracle.fuzz.words import words
from tests.oracle.treedump.treedump import Node, Treedump, lower, refusal, text

GIVEN = "GIVEN"  # with -D
_SO = "/usr/lib/apache2/modules/mod_{0}.so"
_ALWAYS = ("mpm_event", "authz_core")
_LATER = ("env", "macro", "headers", "setenvif", "proxy", "alias")
# A file includes those below it in this list; now and then any, which may lead back.
MAIN = "httpd.conf"
FILES = words("""\
httpd.conf|conf.d/10-a.conf|conf.d/9-b.conf|conf.d/B.conf|conf.d/.hidden.conf|sites/s.conf
sites/s.conf~|sites/deep/z.conf|other/x.conf|other/y y.conf|other/conf.d/r.conf|last.conf""")
LINKS = {
    "links/file.conf": "../other/x.conf",
    "links/dir": "../sites",
    "links/gone.conf": "nowhere",
    "sites/l.conf": "deep/z.conf",
}
_NAMES = words("A|B|a|TAG2|Q|WORD|GIVEN|Given")
_VALUES = words(r"""1|x y|"x y"|'q'|<Location|"a > b"|conf.d|\\|${A}|${WORD}|${QUOTED}|''|a\" b""")
_PATHS = words("""\
conf.d/*.conf|conf.d/*|conf.d|sites|*/*.conf|*/s*|*/deep/z.conf|links|links/*.conf|links/dir/*.conf
*/dir/*.conf|nope.conf|nope/*.conf|last.conf|other/x.conf|"other/y y.conf"|other/y*|[ls]*/*.conf
conf.d/?-b.conf|links/dir|${A}/*.conf|@ROOT@/last.conf|@ROOT@/conf.d/[!9]*|conf.d/../last.conf
last.conf/|./last.conf|other//x.conf|links/gone.conf|sites/{s,z}.conf|conf.d/\\*|*/../*.c*|''|*""")
_TESTS = words("""\
IfDefine {n}|IfDefine !{n}|ifdefine {n} x|IfModule mod_{m}.c|IfModule !{m}_module|IfModule {m}
IfVersion >= 2.4|IfVersion 2.2|IfVersion ~ ^2|IfVersion !< 2.4.10|IfVersion = /2.4/|IfVersion < 3
IfFile {p}|IfFile !{p}|IfDirective SetEnv|IfDirective !Header|IfSection Macro|IfSection <Proxy""")
_SECTIONS = words('Location /{n}|Directory /{n}|VirtualHost *:80|Files {n}|If "true"|X {n}')
_PLAIN = words("""\
SetEnv {n} {v}|SetEnv {n} ${{{n}}}|SetEnv {v} {v}|SetEnv|ServerName {n}|Timeout 5|# {n}||${{A}} x
Define {n} {v}|Define {n} {v}|Define {n}|UnDefine {n}|Header set {n} {v}""")
_PARAMETERS = words("$a %b|$a $ab|@x $y|${a} b")
_USED = words("""$a|%b|@x|$y|x$ab|"$a"|'%b'|${a}|b""")
# Damage must not send Apache through the machine's own files.
_OUTSIDE = re.compile(rb"(?i)(include|serverroot|loadfile)\w*>?(\s|[\"'\\\\]|\$\{EMPTY\})*(/|\.\.)")
# What Apache says of a module or library that is not on this machine.
_MODULES = (
    "Cannot load ",
    "Can't locate API module",
    "Invalid LoadModule path",
    "Invalid LoadFile",
)
_LOGGED = 8000  # Apache cuts a message off not far behind, and with it the place


def case(number: int) -> dict[str, bytes]:
    """Return a tree's files by their names; ``@ROOT@`` stands for its place."""
    chance = source("trees", number)
    main = "".join(f"LoadModule {m}_module {_SO.format(m)}\n" for m in _ALWAYS)
    early, late = chance.randrange(len(_LATER) + 1), chance.randrange(4)
    main += "".join(f"LoadModule {m}_module {_SO.format(m)}\n" for m in _LATER[:early])
    tree = {}
    for index, name in enumerate(FILES[: chance.randint(1, len(FILES))]):
        lines = list(_lines(chance, index, 3, chance.randint(1, 6)))
        if index == 0 and late:
            lines[:0] = ["<Macro M $a %b>", "SetEnv $a x%b", "</Macro>"]
            lines[0:0] = [f"LoadModule {m}_module {_SO.format(m)}" for m in _LATER[early:]]
        data = "\n".join(lines).encode() + b"\n" * (chance.random() < 0.9)
        if chance.random() < 0.18:
            data = damaged(chance, data, ANY + APACHE, 2)
        tree[name] = main.encode() * (index == 0) + data
    return tree


def _lines(chance: Random, file: int, depth: int, count: int) -> Iterator[str]:
    for _ in range(count):
        kind = chance.random()
        if kind < 0.35:
            yield _filled(chance, chance.choice(_PLAIN))
        elif kind < 0.55:
            optional = "Optional" * (chance.random() < 0.6)
            yield f"Include{optional} {_included(chance, file)}"
        elif kind < 0.6:
            root = chance.choice(("@ROOT@/conf.d", "@ROOT@", "@ROOT@/links/dir/"))
            yield f"ServerRoot {root}"
        elif kind < 0.66:
            values = " ".join(chance.choice(_VALUES) for _ in range(2 + (chance.random() < 0.04)))
            yield f"Use {chance.choice('MMMmmmN')} {values}"
        elif depth and kind < 0.74:
            yield f"<Macro {chance.choice('MNm')} {chance.choice(_PARAMETERS)}>"
            for line in _lines(chance, file, depth - 1, chance.randint(0, 3)):
                yield f"{line} {chance.choice(_USED)}" if line[:6] == "SetEnv" else line
            yield "</Macro>"
        elif depth:
            opener = chance.choice(_TESTS if kind < 0.9 else _SECTIONS)
            yield f"<{_filled(chance, opener)}>"
            yield from _lines(chance, file, depth - 1, chance.randint(0, 4))
            if chance.random() < 0.97:
                yield f"</{opener.split()[0]}>"


def _filled(chance: Random, template: str) -> str:
    return template.format(
        n=chance.choice(_NAMES),
        v=chance.choice(_VALUES),
        m=chance.choice(_LATER),
        p=chance.choice(_PATHS),
    )


def _included(chance: Random, file: int) -> str:
    below = FILES[file + 1 :]
    if chance.random() < 0.5 and below:
        return '"' + chance.choice(below) + '"'
    if file == 0 or chance.random() < 0.12:
        return chance.choice(_PATHS)
    return chance.choice(("last.conf", "nope*.conf", "other/x.conf", "links/file.conf"))


def lay_out(tree: Files, root: Path) -> Path:
    """Write a tree and its links; return the main file."""
    for name, data in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.replace(b"@ROOT@", str(root).encode()))
    for name, target in LINKS.items():
        if (root / name).parent.is_dir() or name.startswith("links"):
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).symlink_to(target)
    return root / MAIN


def judge(treedump: Treedump) -> Judge:
    """Return what compares both readers on trees, with one start of Apache for each."""
    return one_by_one(lambda tree, root: _verdict(treedump, tree, root))


def _verdict(treedump: Treedump, tree: Files, root: Path) -> Verdict:
    """Compare a tree laid out at an empty place.

    Where Apache objects only to what it has read, a directive that no module has for instance,
    its tree is asked of the module instead.
    """
    if any(_OUTSIDE.search(data) for data in tree.values()):
        return Verdict(Outcome.APART)
    main = lay_out(tree, root)
    config = resolve(
        FileSource(),
        str(main),
        server_root=str(root),
        defines={GIVEN: None, "DUMP_CONFIG": None},
        environment=ENVIRONMENT,
    )
    ours = to_json(config)
    if any(error["message"].endswith(BOUND) for error in ours["errors"]):
        return Verdict(Outcome.APART)
    theirs = view(str(root), str(main), [GIVEN], environment=ENVIRONMENT)
    if theirs.tree is not None:
        return compared(False, flat(theirs.tree), flat(ours["tree"]) or ours["errors"])
    if any(said in message for said in _MODULES for message in theirs.messages):
        return Verdict(Outcome.APART)  # a module that is not on this machine
    place = refusal(theirs.messages)
    if place is None:
        reading = treedump.server(str(root), str(main), [GIVEN, "DUMP_CONFIG"], ENVIRONMENT)
        if reading is None:
            return Verdict(Outcome.APART)
        return compared(False, reading.nodes, flat(ours["tree"]) or ours["errors"])
    said = [message for message in theirs.messages if "Syntax error" in message]
    places = [(error["file"], error["line"]) for error in ours["errors"][:1]]
    if places == [place] or (places and len(said[0]) > _LOGGED):
        return Verdict(Outcome.REFUSED)
    return compared(True, said, ours["errors"][:1])


def flat(nodes: list[dict[str, Any]] | None, depth: int = 0) -> list[Node]:
    """Return a tree's directives in their order."""
    found = []
    for node in nodes or []:
        name = "<" * node["section"] + lower(node["directive"])
        found.append(Node(depth, name, text(node["args"]), node["file"], node["line"]))
        found += flat(node.get("children"), depth + 1)
    return found
