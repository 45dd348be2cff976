"""Trees that someone wrote to keep an auditor busy, to crash it, or to lead it astray.

Each case writes a server's directory and says what the audit must come to. None may take more than
20 seconds or 1 GB (``SECONDS``, ``BYTES``).
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SECONDS = 20
BYTES = 1_000_000_000
MAIN = "etc/apache2/apache2.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = "[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n"


@dataclass(frozen=True)
class Hostile:
    """A case: ``write`` makes it below a directory, that of the whole system.

    ``codes`` are among the findings; ``statuses`` are the exit statuses it may have.
    """

    name: str
    write: Callable[[Path], None]
    codes: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (0, 1, 3)

    def __str__(self) -> str:
        return self.name


def put(root: Path, name: str, content: str | bytes) -> Path:
    """Write one file of the system."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(
        content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    )
    return file


def apache(text: str | bytes, **more: str) -> Callable[[Path], None]:
    """An Apache with this main file, and files beside it."""

    def write(root: Path) -> None:
        put(root, MAIN, text)
        for name, content in more.items():
            put(root, f"etc/apache2/{name}.conf", content)

    return write


def uwsgi(text: str, name: str = INI, **more: str) -> Callable[[Path], None]:
    """A plain Apache, and Glance's uWSGI configured by this text."""

    def write(root: Path) -> None:
        put(root, MAIN, ROUTE)
        put(root, name, text)
        for other, content in more.items():
            put(root, f"etc/glance/{other}.ini", content)

    return write


def system(**files: str) -> Callable[[Path], None]:
    """A plain Apache and other files of the system, by the names in ``SYSTEM``."""

    def write(root: Path) -> None:
        put(root, MAIN, ROUTE)
        for name, content in files.items():
            put(root, SYSTEM[name], content)

    return write


SYSTEM = {
    "envvars": "etc/apache2/envvars",
    "unit": "etc/systemd/system/apache2.service",
    "conf": "etc/glance/glance-api.conf",
    "status": "var/lib/dpkg/status",
    "fstab": "etc/fstab",
}


def _include(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def write(root: Path) -> None:
        put(root, MAIN, ROUTE + "Include /etc/apache2/odd\n")
        make(root / "etc/apache2/odd")

    return write


def _socket(path: Path) -> None:
    # The path of a socket is short: bind it where we stand.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def _outside(root: Path) -> None:
    secret = root.parent / "outside.conf"
    secret.write_text("SetEnv LEAKED-FROM-OUTSIDE 1\n<Location /x>\n")
    put(root, MAIN, ROUTE + "Include /etc/apache2/up.conf\nInclude /etc/apache2/absolute.conf\n")
    (root / "etc/apache2/up.conf").symlink_to("../../../outside.conf")
    (root / "etc/apache2/absolute.conf").symlink_to(secret)


def _fifo(root: Path) -> None:
    put(root, MAIN, ROUTE)
    (root / "etc/glance").mkdir()
    os.mkfifo(root / INI)


def _numbers(root: Path) -> None:
    many = "9" * 5000
    timers = f"Timeout {many}\nProxyTimeout {many}\nRequestReadTimeout body={many}\n"
    port = f"<VirtualHost *:{many}>\nProxyPass / http://h:{many}/ timeout={many}\n</VirtualHost>\n"
    put(root, MAIN, f"SetEnv proxy-sendcl 1\n{ROUTE}{timers}{port}User #{many}\n")
    put(
        root,
        INI,
        f"{UWSGI}socket-timeout = {many}\nharakiri = {many}\nhttp = :{many}\n"
        f"plugins = python3{many}\nhome = /x/python3.{many}\nfor-times = {many}\nendfor =\n",
    )
    put(root, SYSTEM["conf"], f"[DEFAULT]\nimage_size_cap = {many}\n")
    put(root, SYSTEM["fstab"], f"tmpfs /tmp tmpfs size={many} 0 0\n")
    put(root, SYSTEM["status"], f"Package: apache2-bin\nVersion: {many}:{many}.{many}\n")
    put(root, SYSTEM["envvars"], f"[ {many} -eq {many} ] && export TMPDIR=/x\n")


def _many_files(root: Path) -> None:
    put(root, MAIN, ROUTE + "IncludeOptional /etc/apache2/many/*.conf\n")
    folder = root / "etc/apache2/many"
    folder.mkdir()
    for number in range(20_000):
        (folder / f"{number}.conf").write_bytes(b"SetEnv A 1\n")


def _deep_directories(root: Path) -> None:
    put(root, MAIN, ROUTE + "Include /etc/apache2/deep\n")
    put(root, "etc/apache2/deep/" + "d/" * 60 + "x.conf", "SetEnv A 1\n")


def _defines(count: int) -> str:
    lines = ["Define A0 aaaaaaaaaa\n"]
    lines += [f"Define A{n} ${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, count)]
    return "".join(lines) + f"SetEnv X ${{A{count - 1}}}\n" + ROUTE


def _macros(count: int) -> str:
    lines = ["LoadModule macro_module mod_macro.so\n<Macro m0>\nSetEnv A 1\n</Macro>\n"]
    lines += [f"<Macro m{n}>\nUse m{n - 1}\nUse m{n - 1}\n</Macro>\n" for n in range(1, count)]
    return "".join(lines) + f"Use m{count - 1}\n" + ROUTE


def _placeholders(count: int) -> str:
    lines = ["a0 = aaaaaaaaaa\n"]
    lines += [f"a{n} = %(a{n - 1})%(a{n - 1})%(a{n - 1})\n" for n in range(1, count)]
    return UWSGI + "".join(lines) + f"harakiri = %(a{count - 1})\n"


def _aliases(count: int) -> str:
    lines = ["uwsgi:\n  http-socket: 127.0.0.1:60999\n  a0: &a0 [x, x, x]\n"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, count)]
    return "".join(lines)


def _entities(count: int) -> str:
    lines = ['<?xml version="1.0"?>\n<!DOCTYPE uwsgi [\n<!ENTITY a0 "aaaaaaaaaa">\n']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, count)]
    return "".join(lines) + f"]>\n<uwsgi><module>&a{count - 1};</module></uwsgi>\n"


NOISE = random.Random(1).randbytes(200_000)
XML, YAML, JSON = (f"etc/glance/glance-api-uwsgi.{kind}" for kind in ("xml", "yaml", "json"))
OUTSIDE_ENTITY = (
    '<!DOCTYPE uwsgi [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
    "<uwsgi><module>&x;</module></uwsgi>\n"
)
TRAPS = (
    "exec-asap = touch /tmp/glance-audit-was-executed\n"
    "hook-asap = exec:touch /tmp/glance-audit-was-executed\n"
    "ini = exec://touch /tmp/glance-audit-was-executed\n"
    "ini = http://127.0.0.1:9/fetched.ini\n"
    "x = @(exec://touch /tmp/glance-audit-was-executed)\n"
)

SUPPRESS = '# glance-audit: ignore[{}] reason="known"\n'


def _suppressions(count: int) -> str:
    """A suppression of nothing, and of an unknown rule, before each of many directives."""
    return "".join(f"{SUPPRESS.format(f'GA307,GB{n}')}SetEnv A{n} 1\n" for n in range(count))


CASES = (
    Hostile("file includes itself", apache(ROUTE + f"Include /{MAIN}\n"), ("GA901",)),
    Hostile(
        "files include each other",
        apache(
            ROUTE + "Include /etc/apache2/a.conf\n",
            a="Include /etc/apache2/b.conf\n" * 3,
            b="Include /etc/apache2/a.conf\n" * 3,
        ),
        ("GA901",),
    ),
    Hostile("include of /dev/zero", apache(ROUTE + "Include /dev/zero\n"), ("GA902",)),
    Hostile(
        "include of a link to /dev/zero", _include(lambda p: p.symlink_to("/dev/zero")), ("GA902",)
    ),
    Hostile("include of a FIFO", _include(os.mkfifo), ("GA901",)),
    Hostile("include of a socket", _include(_socket), ("GA901",)),
    Hostile("links in a loop", _include(lambda p: p.symlink_to("odd")), ("GA902",)),
    Hostile("links out of the root", _outside, ("GA902",)),
    Hostile("20,000 included files", _many_files),
    Hostile("60 nested directories", _deep_directories, ("GA901",)),
    Hostile(
        "200,000 faults of one kind",
        apache(ROUTE + "SetEnvIf Host x proxy-sendcl=1\n" * 200_000),
        ("GA202",),
        (3,),
    ),
    Hostile("200,000 lines", apache(ROUTE + "SetEnv A 1\n" * 200_000)),
    Hostile(
        "envvars with patterns that step back",
        system(envvars="A=" + "a" * 900 + "\n" + "B=${A##*a*a*b}\nC=${A%%*a*b*a}\n" * 20),
    ),
    Hostile("200,000 routes", apache("ProxyPass /a http://127.0.0.1:1\n" * 200_000 + ROUTE)),
    Hostile("megabytes on a line", apache(ROUTE + "SetEnv A " + "x" * 8_000_000 + "\n")),
    Hostile(
        "megabytes of words", apache(ROUTE + "UnsetEnv proxy-sendcl" + " b" * 4_000_000 + "\n")
    ),
    Hostile(
        "megabytes that look secret",
        apache(ROUTE + "ProxyPass /image http://h/ password=" + "secret-" * 500_000 + "\n"),
    ),
    Hostile("a line continued 200,000 times", apache(ROUTE + "SetEnv A b\\\n" * 200_000 + "\n")),
    Hostile(
        "a line continued 5,000,000 times",
        apache(ROUTE + "SetEnv A b" + "x\\\n" * 5_000_000 + "\n"),
        ("GA901",),
    ),
    Hostile(
        "a line of backslashes that as many empty ones take",
        apache(ROUTE + "SetEnv A b" + "\\" * 8_000_000 + "\n" * 8_000_000),
        ("GA901",),
    ),
    Hostile(
        "2,400,000 lines, no two alike",
        apache(ROUTE + "".join(f"{number:x}\n" for number in range(2_400_000))),
        ("GA901",),
    ),
    Hostile("16 MB of line ends", apache(ROUTE + "\n" * 16_000_000), ("GA901",)),
    Hostile("macros that double", apache(_macros(40)), ("GA901",)),
    Hostile("variables that double", apache(_defines(60)), ("GA901",)),
    Hostile(
        "sections nested 10,000 deep",
        apache("<Location /a>\n" * 10_000 + ROUTE + "</Location>\n" * 10_000),
        ("GA901",),
    ),
    Hostile(
        "conditionals nested 10,000 deep",
        apache("<IfModule !x>\n" * 10_000 + ROUTE + "</IfModule>\n" * 10_000),
    ),
    Hostile(
        "skipped conditionals nested 100,000 deep",
        apache("<IfDefine X>\n" * 100_000 + "</IfDefine>\n" * 100_000 + ROUTE),
    ),
    Hostile("10,000 sections not closed", apache(ROUTE + "<Location /a>\n" * 10_000), ("GA901",)),
    Hostile("100,000 faults", apache(ROUTE + "</Location>\n" * 100_000), ("GA903",)),
    Hostile(
        "a regular expression that backtracks",
        apache(
            ROUTE + "SetEnvIf Request_URI (/+[^/]*)+x proxy-sendcl\n"
            "<LocationMatch (a|a)*b>\nSetEnv proxy-sendcl 1\n</LocationMatch>\n"
            "<IfVersion ~ (.+)+x>\nSetEnv A 1\n</IfVersion>\n"
        ),
    ),
    Hostile(
        "a glob of stars",
        apache(
            ROUTE + "IncludeOptional /etc/apache2/" + "*a" * 40 + "b\n",
            **{"a" * 100: "SetEnv A 1\n"},
        ),
    ),
    Hostile("numbers of 5,000 digits", _numbers),
    Hostile("4,000 suppressions", apache(_suppressions(4000) + ROUTE), ("GA910",)),
    Hostile(
        "suppressions of sections in each other",
        apache(ROUTE + "".join(f"{SUPPRESS.format(n)}<IfDefine !A{n}>\n" for n in range(4000))),
        ("GA910",),
    ),
    Hostile(
        "suppressions of a million rules",
        apache(SUPPRESS.format(",".join(map(str, range(1_000_000)))) + ROUTE),
        ("GA910",),
    ),
    Hostile(
        "a suppression above 16 MB of line ends",
        apache(SUPPRESS.format("GA307") + "\n" * 16_000_000),
        ("GA901",),
    ),
    Hostile(
        "a suppression of megabytes",
        apache(
            f"# glance-audit: ignore{'[' * 4_000_000}\n# glance-audit: ignore[GA307] "
            + "reason=" * 1_000_000
            + "\n"
            + ROUTE
        ),
        ("GA910",),
    ),
    Hostile("random bytes", apache(NOISE), ("GA901",), (3,)),
    Hostile("NUL bytes", apache("SetEnv A\0 b\n" * 1000 + ROUTE), ("GA901",), (3,)),
    Hostile("bytes that are not UTF-8", apache(b'ServerName "\xff\xfe\x80"\n' + ROUTE.encode())),
    Hostile(
        "control and bidirectional characters",
        apache(ROUTE + "ServerName \x1b]0;owned\x07\u202e\u2066x\n</\x1b[2J>\n"),
        ("GA903",),
    ),
    Hostile(
        "markup",
        apache(
            "<VirtualHost [bold]*:80[/bold]>\nServerName [red]x[/red]\n"
            + ROUTE
            + "SetEnv proxy-sendcl [link=file:///etc/passwd]\n</VirtualHost>\n"
        ),
    ),
    Hostile(
        "envvars that doubles",
        system(envvars="A=aaaaaaaaaa\n" + "A=$A$A$A$A\nexport TMPDIR=/$A\n" * 40),
    ),
    Hostile(
        "envvars that runs commands",
        system(
            envvars="export TMPDIR=$(touch /tmp/glance-audit-was-executed; echo /x)\n"
            "`touch /tmp/glance-audit-was-executed`\nwhile true; do :; done\n"
        ),
    ),
    Hostile("a FIFO for an ini", _fifo),
    Hostile("uWSGI file includes itself", uwsgi(UWSGI + f"ini = /{INI}\n"), ("GA901",)),
    Hostile(
        "uWSGI files include each other",
        uwsgi(UWSGI + "include = /etc/glance/b.ini\n", b=f"[uwsgi]\ninclude = /{INI}\n" * 3),
        ("GA901",),
    ),
    Hostile(
        "uWSGI loop of 100,000,000",
        uwsgi(UWSGI + "for-times = 100000000\na = %(_)\nendfor =\n"),
        ("GA901",),
    ),
    Hostile("uWSGI placeholders that triple", uwsgi(_placeholders(40)), ("GA901",)),
    Hostile("uWSGI commands and addresses", uwsgi(UWSGI + TRAPS), ("GA901",)),
    Hostile("uWSGI 200,000 options", uwsgi(UWSGI + "env = A=1\n" * 200_000)),
    Hostile("uWSGI megabytes in a value", uwsgi(UWSGI + "a = " + "%(b" * 700_000 + "\n")),
    Hostile("YAML aliases", uwsgi(_aliases(30), YAML)),
    Hostile("YAML nested 100,000 deep", uwsgi("uwsgi:\n  a: " + "[" * 100_000 + "\n", YAML)),
    Hostile("JSON nested 100,000 deep", uwsgi('{"uwsgi": {"a": ' + "[" * 100_000, JSON)),
    Hostile("XML entities", uwsgi(_entities(12), XML)),
    Hostile("XML entity from a file", uwsgi(OUTSIDE_ENTITY, XML)),
    Hostile("XML nested 100,000 deep", uwsgi("<uwsgi>" + "<a>" * 100_000, XML)),
    Hostile(
        "glance-api.conf of 200,000 lines",
        system(conf="[DEFAULT]\n" + "image_size_cap = 1\n x\n" * 100_000),
    ),
    Hostile(
        "units that name each other",
        system(unit="[Service]\nEnvironmentFile=/etc/systemd/system/apache2.service\n" * 5000),
    ),
    Hostile(
        "a package database of one stanza",
        system(status="Package: apache2-bin\n" + "X: y\n" * 1_000_000),
    ),
    Hostile("fstab of 200,000 lines", system(fstab="tmpfs /tmp tmpfs size=1G 0 0\n" * 200_000)),
)
