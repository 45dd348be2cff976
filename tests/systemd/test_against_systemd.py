"""Units load as systemd itself loads them (``systemd-analyze verify`` prints what it loaded)."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from glance_audit.files import FileSource
from glance_audit.systemd import Unit, read_unit
from glance_audit.systemd.word import next_word

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze"
)


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))


def _load(root: Path, name: str, directories: tuple[str, ...]) -> tuple[Unit, list[str]]:
    """Return our unit, and the lines systemd prints for its own."""
    environment = {
        **os.environ,
        "SYSTEMD_UNIT_PATH": ":".join(str(root / place) for place in directories) + ":",
        "SYSTEMD_LOG_LEVEL": "debug",
    }
    output = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", name],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    ).stdout.decode("utf-8", "surrogateescape")
    _, _, mine = output.partition(f"\t-> Unit {name}:\n")
    mine = mine.partition("\t-> Unit ")[0]
    assert mine, output[-2000:]
    unit = read_unit(FileSource(str(root)), name, tuple("/" + place for place in directories))
    assert unit is not None
    return unit, [line.lstrip("\t") for line in mine.split("\n")]


def _environment(lines: list[str]) -> list[str]:
    return [line[13:] for line in lines if line.startswith("Environment: ")]


ENVIRONMENTS = {
    "plain": "Environment=A=1 B=2\n",
    "later wins": "Environment=A=1\nEnvironment=A=2 B=1\n",
    "reset": "Environment=A=1\nEnvironment=\nEnvironment=B=2\n",
    "quoted words": "Environment=\"A=a b\" 'B=c d' C=\"e f\" D='g h'\n",
    "quotes in the middle": "Environment=A=a\"b c\"d B=e'f'g\n",
    "escapes": "Environment=A=a\\tb \"B=a\\x41\\101\\u00e9\\s\\\"q\" C='a\\'b'\n",
    "bytes of a character": "Environment=A=\\xc3\\xa9 B=\\303\\251 C=z\n",
    "unknown escape ends the line": "Environment=A=1 B=a\\qb C=3\nEnvironment=D=4\n",
    "open quote ends the line": 'Environment=A=1 "B=x C=3\nEnvironment=D=4\n',
    "continued": "Environment=A=1 \\\n  B=2 \\\n# comment \\\n; another\n C=3\nEnvironment=D=4\n",
    "blank line ends a continuation": "Environment=A=1 \\\n\nB=2\n",
    "blank after the backslash": "Environment=A=1 \\ \nEnvironment=B=2\n",
    "two backslashes do not continue": "Environment=A=1\\\\\nEnvironment=B=2\n",
    "bad names": 'Environment=9A=1 B C-D=2 =3 E=4 ""\n',
    "specifiers": "Environment=A=%n B=%N C=%p D=%i E=%% F=%t G=100% H=%-\n",
    "unknown specifier": "Environment=A=%Q B=2\n",
    "empty value": 'Environment=A= B=""\n',
    "control characters": "Environment=A=\\x01 B=\\n C=\\t D=1\n",
    "not utf-8": "Environment=A=\\xff B=2\n",
    "equal signs": 'Environment=A=b=c "D=e=f"\n',
    "blanks around equal": "Environment = A=1\n",
    "lower case key": "environment=A=1\nEnvironment=B=1\n",
    "missing equal": "Environment\nEnvironment=B=1\n",
    "hash in a value": "Environment=A=1 #B=2 C=3\n",
    "carriage returns": "Environment=A=1\r\nEnvironment=B=2\r\n",
    "no-break space": "Environment=A=1\u00a0B=2\n",
    "percent at the end": "Environment=A=a%\n",
    "nul escape": "Environment=A=1 B=\\x00 C=2\n",
    "large octal": "Environment=A=1 B=\\777 C=2\n",
}


@pytest.mark.parametrize("lines", ENVIRONMENTS.values(), ids=ENVIRONMENTS.keys())
def test_environment_is_the_one_systemd_reads(tmp_path: Path, lines: str) -> None:
    text = f"[Service]\n{lines}[Service]\nExecStart=/bin/true\n"
    _write(tmp_path, {"u/ga-x.service": text})
    unit, real = _load(tmp_path, "ga-x.service", ("u",))
    shown = sorted(f"{v.name}={v.value}" for v in unit.environment)
    joined = "\n".join(_environment(real))
    expected = sorted(line for line in joined.split("\n") if line)
    assert [part for item in shown for part in item.split("\n") if part] == expected


COMMANDS = {
    "plain": "/bin/echo -n a b",
    "quoted": '/bin/echo "a b" \'c d\' e"f g"h',
    "prefixes": "-@/bin/echo name a",
    "privileged": "+/bin/echo a",
    "no expansion": ":/bin/echo $A ${B}",
    "unknown escape kept": "/bin/echo a\\qb c",
    "escapes": "/bin/echo \\x41 a\\tb",
    "escaped semicolon": "/bin/echo a \\; b",
    "several": "/bin/echo a ; /bin/true b ;",
    "specifiers": "/bin/echo %n %p %i %%",
    "variables": "/bin/echo ${A} $B $$",
    "unbalanced and forgiven": '-/bin/echo "a b',
    "unknown specifier and forgiven": "-/bin/echo %Q",
    "trailing backslash": "/bin/echo a\\\\",
    "empty word": "/bin/echo '' b",
}


def _unquoted(line: str) -> tuple[str, ...]:
    """Undo ``quote_command_line`` with which systemd prints a command."""
    words = []
    at = 0
    line = line.replace("\\$", "$").replace("\\`", "`")
    while (word := next_word(line, at, lenient=True)) is not None:
        words.append(word.text)
        at = word.end
    return tuple(words)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_commands_are_those_systemd_reads(tmp_path: Path, command: str) -> None:
    text = f"[Service]\nType=oneshot\nExecStart=/bin/true\nExecStart={command}\n"
    _write(tmp_path, {"u/ga-x.service": text})
    unit, real = _load(tmp_path, "ga-x.service", ("u",))
    lines = [line[14:] for line in real if line.startswith("Command Line: ")]
    assert [c.argv for c in unit.exec_start] == [_unquoted(line) for line in lines]


@pytest.mark.parametrize("command", ['/bin/echo "a b', "/bin/echo %Q"])
def test_a_command_systemd_refuses_is_a_fatal_problem(tmp_path: Path, command: str) -> None:
    _write(tmp_path, {"u/ga-x.service": f"[Service]\nExecStart={command}\n"})
    verdict = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "u/ga-x.service")],
        capture_output=True,
        check=False,
        timeout=60,
    )
    unit = read_unit(FileSource(str(tmp_path)), "ga-x.service", ("/u",))
    assert verdict.returncode != 0
    assert unit is not None
    assert [problem.fatal for problem in unit.problems] == [True]


TREES = {
    "drop-ins by file name": {
        "a/ga-x.service.d/20.conf": "20a",
        "b/ga-x.service.d/10.conf": "10b",
        "b/ga-x.service.d/30.conf": "30b",
    },
    "same name in two directories": {
        "a/ga-x.service.d/10.conf": "a",
        "b/ga-x.service.d/10.conf": "b",
    },
    "prefix drop-ins": {"a/ga-.service.d/10.conf": "pre", "b/ga-x.service.d/05.conf": "own"},
    "prefix of the same name": {"a/ga-.service.d/10.conf": "pre", "b/ga-x.service.d/10.conf": "o"},
    "type drop-ins": {"a/service.d/10.conf": "type", "b/ga-x.service.d/10.conf": "own"},
    "main file in the first directory": {"a/ga-x.service": "main-a"},
    "no conf suffix": {"a/ga-x.service.d/10.bak": "x", "a/ga-x.service.d/.h.conf": "h"},
    "byte order": {"a/ga-x.service.d/B.conf": "B", "a/ga-x.service.d/a.conf": "a"},
}


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES.keys())
def test_drop_ins_count_in_systemds_order(tmp_path: Path, tree: dict[str, str]) -> None:
    files = {"b/ga-x.service": "main-b"} | tree
    text = "[Service]\nEnvironment=A={0}\nEnvironment={0}=1\n"
    bodies = {
        name: text.format(value.replace("-", "_") if value[0].isalpha() else "n" + value)
        for name, value in files.items()
    }
    for name in bodies:
        if name.endswith(".service"):
            bodies[name] += "ExecStart=/bin/true\n"
    _write(tmp_path, bodies)
    unit, real = _load(tmp_path, "ga-x.service", ("a", "b"))
    assert sorted(f"{v.name}={v.value}" for v in unit.environment) == sorted(_environment(real))
    loaded = [line.partition(": ")[2] for line in real if line.startswith("DropIn Path: ")]
    # systemd lists the drop-ins it found, also those of which it read nothing
    assert [str(tmp_path) + path for path in unit.files[1:]] == loaded


INSTANCES = {
    "a prefix of the template without its at": {
        "b/ga-t@.service": "t",
        "a/ga-.service.d/1.conf": "plain",
        "a/ga-@i.service.d/1.conf": "instance",
        "a/ga-t.service.d/2.conf": "never",
    },
    "template": {"b/ga-t@.service": "t"},
    "instance before template": {"b/ga-t@.service": "t", "b/ga-t@i.service": "i"},
    "template drop-in": {"b/ga-t@.service": "t", "a/ga-t@.service.d/1.conf": "td"},
    "both drop-ins": {
        "b/ga-t@.service": "t",
        "a/ga-t@.service.d/1.conf": "td",
        "b/ga-t@i.service.d/1.conf": "id",
        "b/ga-t@i.service.d/2.conf": "id2",
    },
    "same directory": {
        "b/ga-t@.service": "t",
        "a/ga-t@.service.d/1.conf": "td",
        "a/ga-t@i.service.d/1.conf": "id",
        "a/ga-@i.service.d/1.conf": "pid",
        "a/ga-.service.d/3.conf": "no",
    },
    "prefix against template": {
        "b/ga-t@.service": "t",
        "a/ga-t@.service.d/1.conf": "td",
        "a/ga-@i.service.d/1.conf": "pid",
        "a/ga-@.service.d/1.conf": "pt",
        "a/ga-@.service.d/2.conf": "pt2",
    },
}


@pytest.mark.parametrize("tree", INSTANCES.values(), ids=INSTANCES.keys())
def test_instances_take_their_template(tmp_path: Path, tree: dict[str, str]) -> None:
    bodies = {
        name: f"[Service]\nEnvironment=A={value}%i\nEnvironment={value}=1\n"
        + ("ExecStart=/bin/true\n" if name.endswith(".service") else "")
        for name, value in tree.items()
    }
    _write(tmp_path, bodies)
    unit, real = _load(tmp_path, "ga-t@i.service", ("a", "b"))
    assert sorted(f"{v.name}={v.value}" for v in unit.environment) == sorted(_environment(real))
