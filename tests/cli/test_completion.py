"""What bash, zsh and fish complete once they have the script: asked of the shells themselves."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from glance_audit.cli.completion import script
from glance_audit.cli.main import main
from glance_audit.cli.parser import make_parser
from glance_audit.cli.word import WORDS
from tests.cli.shells import Shell

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with an Apache tree and a file."""
    base = tmp_path_factory.mktemp("shells") / "here"
    (base / "apache2/sites-enabled").mkdir(parents=True)
    (base / "apache2/apache2.conf").touch()
    (base / "apples.ini").touch()
    return base


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, directory: Path) -> Iterator[Shell]:
    """Return each of the shells, as it is when the script has been installed."""
    shell = Shell(request.param, script(request.param), directory.parent, directory)
    yield shell
    shell.stop()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("--sel", {"--select"}),
        ("sh", {"show"}),
        ("app", {"apples.ini"}),
        ("ap", {"apache2", "apples.ini"}),
        ("apache2/", {"apache2.conf", "sites-enabled"}),
        ("apache2 ap", {"apache2", "apples.ini"}),
        ("apache2 --sel", {"--select"}),
        ("--fail-on w", {"warning"}),
        ("check --base", {"--baseline"}),
        ("check --baseline app", {"apples.ini"}),
        ("show --fo", {"--format"}),
        ("show --sel", set()),
        ("show apache2/s", {"sites-enabled"}),
        ("-q show --wi", {"--width"}),
        ("--root apache2 show --sel", set()),
        ("--root show --sel", {"--select"}),
        ("show --root a", {"apache2"}),
        ("--format js", {"json", "jsonl"}),
        ("--format=js", {"json", "jsonl"}),
        ("--format json --format=sa", {"sarif"}),
        ("show --format ", {"json", "rich", "text"}),
        ("explain GA50", {"GA501", "GA502", "GA503", "GA504"}),
        ("--select GA50", {"GA501", "GA502", "GA503", "GA504"}),
        ("--ignore GA101,GA50", {"GA501", "GA502", "GA503", "GA504"}),
        ("--ignore=GA101,GA50", {"GA501", "GA502", "GA503", "GA504"}),
        ("--glance-release u", {"ussuri"}),
        ("--glance-route a", set()),
        ("--width ", set()),
        ("completion ", {"bash", "fish", "zsh"}),
    ],
)
def test_a_shell_completes(shell: Shell, line: str, expected: set[str]) -> None:
    assert shell.ask(f"glance-audit {line}") == expected


def test_the_first_argument_is_a_word_or_a_path(shell: Shell) -> None:
    assert shell.ask("glance-audit ") == {*WORDS, "apache2", "apples.ini"}


@pytest.mark.parametrize("word", WORDS)
def test_every_long_option_of_a_word_is_completed(shell: Shell, word: str) -> None:
    options = {
        option
        for action in make_parser(word)._actions
        for option in action.option_strings
        if option.startswith("--")
    }

    assert shell.ask(f"glance-audit {word} --") == options


def test_zsh_takes_the_script_by_eval_too(directory: Path, tmp_path: Path) -> None:
    shell = Shell("zsh", "", tmp_path, directory, prepare=f"eval {shlex.quote(script('zsh'))}\n")

    assert shell.ask("glance-audit show --fo") == {"--format"}
    shell.stop()


def test_a_shell_that_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "ksh"]) == 2

    message = capsys.readouterr().err
    assert "invalid choice: 'ksh'" in message
    assert "bash" in message


def test_an_audit_does_not_import_what_makes_completions() -> None:
    code = (
        "import sys; from glance_audit.cli.main import main\n"
        "main(['rules']); sys.exit('shtab' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False)

    assert ran.returncode == 0
