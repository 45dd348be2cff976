"""Shell files are read as /bin/sh reads them, and what is not known is said to be unknown."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from glance_audit.environment import Environment, read_envvars
from glance_audit.files import FileSource, Place

INITIAL = {
    "APACHE_CONFDIR": "/etc/apache2",
    "HOME": "/root",
    "PATH": "/usr/bin:/bin",
    "E": "",
    "W": "a b",
}

UNDERSTOOD = {
    "plain": "export A=1\nB=2\nexport B\nC=3\n",
    "quotes": "export A='a b' B=\"c d\" C=e' f'\"g\"\n",
    "double quote escapes": 'export A="a\\$b\\"c\\\\d\\qe\\`f"\n',
    "backslashes": "export A=a\\ b\\$c\n",
    "continued": "export A=1 \\\n  B=2\nexport C=a\\\nb\n",
    "comments": "export A=1 # B=2\n#export C=3\nexport D=a#b\n",
    "expansion": 'A=1; export B=$A"x$A"y${A}z\n',
    "unset is empty": 'export A=[$NO][${NO}]"$NO"\n',
    "unset": "unset HOME\nexport A=${HOME-gone}\n",
    "defaults": "export A=${NO:-v} B=${E:-v} C=${E-v} D=${HOME:-v} F=${NO-}\n",
    "alternatives": "export A=${NO:+v} B=${E:+v} C=${E+v} D=${HOME:+v}\n",
    "assigning defaults": ": ${A:=1}\n: ${E:=2} ${HOME:=3}\nexport A\n",
    "nested defaults": 'export A="${NO:-${NO2:-$HOME/x}}"\n',
    "prefixes": "P=/a/b/c.d.e; export A=${P#*/} B=${P##*/} C=${P%/*} D=${P%%.*} F=${P%.*}\n",
    "quoted pattern": 'P="*x*y"; export A=${P#"*"} B="${P%\\**}" C=${P#?}\n',
    "pattern from a variable": 'P=abc; Q="a?"; export A=${P#$Q} B=${P#"$Q"}\n',
    "if true": 'if [ "$HOME" = /root ]; then export A=1; else export A=2; fi\n',
    "if false": 'if [ "$HOME" != /root ]\nthen\nexport A=1\nelse\nexport A=2\nfi\n',
    "elif": "if [ -z x ]; then A=1; elif [ -n x ]; then A=2; else A=3; fi; export A\n",
    "no branch": 'A=0\nif [ -n "$E" ]; then A=1; fi; export A\n',
    "test word": "if test -n $E; then export A=1; fi\nif test $W2; then export B=1; fi\n",
    "numbers": "if [ 3 -gt 2 ] && [ 010 -eq 10 ]; then export A=1; fi\n",
    "and or": '[ -n "$E" ] && export A=1\n[ -z "$E" ] && export B=1\n[ -n "$E" ] || export C=1\n',
    "chain": '[ -n "$E" ] && export A=1 || export B=1\n',
    "not": 'if ! [ -n "$E" ]; then export A=1; fi\nif [ ! -n "$E" ]; then export B=1; fi\n',
    "group": "{ export A=1; B=2; }\nexport B\n",
    "subshell leaves nothing": "(export A=1; HOME=x)\n",
    "pipe leaves nothing": "export A=1 | cat >/dev/null\n",
    "temporary assignment": "A=1 true\nexport B=2\n",
    "assignment before colon": "A=1 :\nexport A\n",
    "export before a value": "export A\nA=1\n",
    "unset forgets the export": "export A=1; unset A; A=2\n",
    "set -a": "set -a\nA=1\nset +a\nB=2\nset -o allexport\nC=3\n",
    "semicolons": "A=1;B=2;export A B\n",
    "exit in a branch not taken": 'if [ -n "$E" ]; then exit 0; fi\nexport A=1\n',
    "return": "export A=1\nreturn 0\nexport B=2\n",
    "redirections": "export A=1 >/dev/null 2>&1\n[ -n x ] 2>/dev/null && export B=1\n",
    "suffix as Debian": (
        'if [ "${APACHE_CONFDIR##/etc/apache2-}" != "${APACHE_CONFDIR}" ] ; then\n'
        '\tSUFFIX="-${APACHE_CONFDIR##/etc/apache2-}"\nelse\n\tSUFFIX=\nfi\n'
        "export APACHE_RUN_DIR=/var/run/apache2$SUFFIX\n"
    ),
    "dollar alone": "export A=a$ B=\"b$ c\" C='$HOME'\n",
    "empty": "export A= B=\"\" C=''\n",
    "blank in a value": 'A=$W; export A\nexport B="$W"\n',
    "utf-8": "export A=caf\u00e9\u00a0x\n",
    "quotes in a default": 'A=${NO:-\'a b\'}; export A B="${NO:-\'a b\'}" C="${NO:-"a b"}"\n',
    "brace in quotes": 'export A="${NO:-a}b}"\n',
    "last assignment counts": "export A=1\nA=2\n",
    "branches that agree": "if echo >/dev/null; then A=1; else A=1; fi; export A\n",
    "unused function": "f() { export A=1; }\nexport B=2\n",
    "command export": "command export A=1\n",
    "default set by a program's argument": "echo ${A:=1} >/dev/null\nexport A\n",
    "nothing": "\n\n# only a comment",
    "programs set nothing": "mkdir -p /tmp >/dev/null 2>&1\nexport A=1\n",
}

PARTLY = {
    "command substitution": "export A=$(echo 1)\nexport B=2\n",
    "backquotes": "A=`echo 1`; export A B=2$A\n",
    "arithmetic": "export A=$((1+1)) B=2\n",
    "condition on a program": (
        "if echo x >/dev/null; then export A=1; else export A=2; fi\nexport B=1\n"
    ),
    "maybe exported": "echo >/dev/null && export A\nA=1\nexport B=1\n",
    "maybe not exported": "echo >/dev/null || export A\nA=1\nexport B=1\n",
    "maybe set -a, then set twice": "echo >/dev/null || set -a\nA=1\nA=2\nexport B=1\n",
    "maybe set -a": "echo >/dev/null || set -a\nA=1\nexport B=1\n",
    "arithmetic that assigns": "X=1; export A=$((X=5)) B=$X\nexport X\n",
    "eval forgets what was before": "export A=1\neval 'A=2'\nexport B=1\n",
    "a branch that ends": "export A=1\nif echo >/dev/null; then return; else A=2; fi\nexport B=1\n",
    "maybe unset, then set": "export A=1\ncase x in y) unset A;; esac\nA=2\nexport B=1\n",
    "maybe unset in a branch": (
        "export A=1\nif echo >/dev/null; then unset A; fi\nA=2; export B=1\n"
    ),
    "return in a loop": "export A=1\nfor i in 1; do return; done\nA=2\n",
    "exported in one branch": (
        "if echo >/dev/null; then A=1; else export A=2; fi\nA=3; export B=1\n"
    ),
    "both branches end": "export A=1\nif echo >/dev/null; then A=2; return; else return; fi\nA=3\n",
    "unknown reached through a default": "A=$(echo 1)\n: ${A:=2}\nexport A B=${A:+x}\n",
    "maybe unset": "export A=1 B=2\necho >/dev/null && unset A\n",
    "case": "case $HOME in\n/root) export A=1;;\n*) export A=2;;\nesac\nexport B=1\n",
    "for": "for x in 1 2; do export A=$x; done\nexport B=1\n",
    "while": 'while [ -z "$A" ]; do A=1; done; export A B=1\n',
    "nested": "if true; then for i in 1; do case x in x) A=1;; esac; done; fi\nexport A B=1\n",
    "function called": "f() { export A=1; }\nf\nexport B=2\n",
    "eval": "eval 'export A=1'\nexport B=2\n",
    "read": "read A </dev/null\nexport A B=1\n",
    "maybe returns": "export A=1\necho >/dev/null && return 0\nexport A=2 B=2\n",
    "here-document": "export A=1\ncat >/dev/null <<X\nB=2\nX\nexport A=3\n",
    "tilde": "export A=~/x B=~\n",
    "maybe file": "[ -f /no/such/file ] && export A=1\nexport B=1\n",
    "special parameters": "export A=$# B=$?\n",
    "unknown in a default": "export A=${NO:-$(echo x)} B=${HOME:-$(echo x)}\n",
    "dot of an unknown": ". $(echo /dev/null)\nexport A=1\n",
    "split on export": "export A=$W\nexport B=1\n",
    "substituted condition": 'if [ "$(echo a)" = a ]; then export A=1; fi; export B=1\n',
}


def _read(tmp_path: Path, text: str) -> Environment:
    (tmp_path / "envvars").write_text(text)
    return read_envvars(FileSource(str(tmp_path)), "/envvars", INITIAL)


def _shell(path: Path, initial: dict[str, str] = INITIAL, shell: str = "sh") -> dict[str, str]:
    """Source a file of ours in a real shell and return what a child process would get."""
    output = subprocess.run(
        [shutil.which(shell) or shell, "-c", f"r() {{ . {path}; }}; r; env -0"],
        env=initial,
        capture_output=True,
        check=True,
        timeout=20,
    ).stdout
    pairs = (item.partition(b"=") for item in output.split(b"\0") if item)
    found = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
    return {
        name: value for name, value in found.items() if name not in ("_", "PWD", "OLDPWD", "SHLVL")
    }


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("text", UNDERSTOOD.values(), ids=UNDERSTOOD.keys())
def test_a_child_gets_what_it_gets_from_the_shell(tmp_path: Path, text: str, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    environment = _read(tmp_path, text)
    if shell == "bash" and "A=1 :" in text:
        pytest.skip("bash keeps it only in POSIX mode")
    assert environment.values() == _shell(tmp_path / "envvars", shell=shell)
    assert not environment.unsure


@pytest.mark.parametrize("text", PARTLY.values(), ids=PARTLY.keys())
def test_what_is_claimed_to_be_known_is_true(tmp_path: Path, text: str) -> None:
    environment = _read(tmp_path, text)
    real = _shell(tmp_path / "envvars")
    unknown = {name for name, variable in environment.variables.items() if variable.value is None}
    claimed = environment.values()
    if not environment.unsure:
        assert set(real) - unknown == set(claimed)
    ends_early = "<<" in text  # everything before is still true, what follows is not read
    wrong = {name for name, value in claimed.items() if real.get(name) != value}
    assert wrong - ({"A"} if ends_early else set()) == set()
    assert unknown or environment.unsure


def test_the_installed_file_of_debian_is_read_exactly() -> None:
    path = Path("/etc/apache2/envvars")
    if not path.exists():
        pytest.skip("needs Debian's apache2")
    for directory in ("/etc/apache2", "/etc/apache2-second"):
        initial = {"APACHE_CONFDIR": directory, "HOME": "/root", "PATH": "/usr/bin:/bin"}
        environment = read_envvars(FileSource(), str(path), initial)
        assert environment.values() == _shell(path, initial)
        assert environment.problems == ()


def test_a_sourced_file_is_followed_inside_the_tree(tmp_path: Path) -> None:
    (tmp_path / "etc/default").mkdir(parents=True)
    (tmp_path / "etc/default/locale").write_text('LANG="de_DE.UTF-8"\n')
    environment = _read(tmp_path, ". /etc/default/locale\nexport LANG\n")
    lang = environment.get("LANG")
    assert lang is not None
    assert (lang.value, lang.exported, lang.place.file) == (
        "de_DE.UTF-8",
        True,
        "/etc/default/locale",
    )
    assert environment.files == ("/envvars", "/etc/default/locale")


def test_return_in_a_sourced_file_ends_that_file_only(tmp_path: Path) -> None:
    (tmp_path / "inner").write_text("A=1\nreturn\nA=2\n")
    environment = _read(tmp_path, ". /inner\nexport A B=1\n")
    assert (environment.values()["A"], environment.values()["B"]) == ("1", "1")
    assert not environment.unsure


def test_files_that_source_each_other_many_times_end_soon(tmp_path: Path) -> None:
    environment = _read(tmp_path, ". /envvars\n" * 50)
    assert environment.unsure
    assert len(environment.files) == 100


def test_a_sourced_file_that_is_missing_is_a_problem_where_it_is_sourced(tmp_path: Path) -> None:
    environment = _read(tmp_path, "export A=1\n  . /no/file\n")
    assert environment.unsure
    assert environment.problems[0].place == Place("/envvars", 2, 3, 2, 13)


def test_a_file_that_sources_itself_ends(tmp_path: Path) -> None:
    environment = _read(tmp_path, ". /envvars\n")
    assert environment.unsure


def test_deep_nesting_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    for text in ("if true; then\n" * 5000, "${A:-" * 5000, "(" * 5000, "! " * 5000):
        assert _read(tmp_path, text).unsure


@pytest.mark.parametrize(
    "text", ["export A='x\n", 'A="${B\n', "A=$(x\n", "fi\n", "A=(1 2)\n", "if x; then\n"]
)
def test_broken_syntax_is_a_problem_and_nothing_after_it_is_claimed(
    tmp_path: Path, text: str
) -> None:
    environment = _read(tmp_path, "export Z=1\n" + text)
    assert environment.unsure
    assert environment.problems
    assert environment.values()["Z"] == "1"


def test_places_are_the_assignments(tmp_path: Path) -> None:
    environment = _read(tmp_path, "# c\n\texport TMPDIR=/spool B='x y'\n")
    assert environment.variables["TMPDIR"].place == Place("/envvars", 2, 9, 2, 22)
    assert environment.variables["B"].place == Place("/envvars", 2, 23, 2, 30)


def test_the_default_of_a_colon_command_has_its_place(tmp_path: Path) -> None:
    environment = _read(tmp_path, ": ${TMPDIR:=/spool}\n")
    assert environment.variables["TMPDIR"].place == Place("/envvars", 1, 3, 1, 20)
    assert not environment.variables["TMPDIR"].exported


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    environment = read_envvars(FileSource(str(tmp_path)), "/none")
    assert environment.problems[0].place == Place("/none")
