"""``completion``: what a shell needs to complete the command line."""

from __future__ import annotations

import argparse
from importlib.resources import files
from typing import Any

from glance_audit.cli.output import deliver
from glance_audit.cli.parser import PROGRAM, make_parser
from glance_audit.cli.status import CLEAN
from glance_audit.cli.word import DEFAULT, VALUED, WORDS
from glance_audit.deployment.versions import load_releases
from glance_audit.engine.catalogue import load

# After this name shtab calls its functions, in all shells.
_PREFIX = "glance_audit"


def run(options: argparse.Namespace) -> int:
    """Print the script of the shell that is named."""
    text = script(options.shell)
    deliver(lambda stream: stream.write(text))
    return CLEAN


def script(shell: str) -> str:
    """Return the completion script of ``bash``, ``zsh`` or ``fish``, made from the parsers.

    shtab knows programs with subcommands. That the word may be missing, or stand behind options, is
    added by ``completion.<shell>`` beside this module: in zsh before the end of what shtab writes,
    which calls the function, in the others after it.
    """
    import shtab  # for this word alone

    added = (files("glance_audit.cli") / f"completion.{shell}").read_text("utf-8")
    for name, value in (
        ("program", PROGRAM),
        ("default", DEFAULT),
        ("words", " ".join(WORDS)),
        ("valued", " ".join(sorted(VALUED))),
    ):
        added = added.replace(f"@{name}@", value)
    if shell != "zsh":
        return f"{shtab.complete(_whole_parser(shell), shell, _PREFIX)}\n\n{added}"
    text = shtab.complete(_whole_parser(shell), shell, _PREFIX, preamble=added)
    return text.replace('"(*)::', '"*:')  # each of several paths is completed, not the first alone


def _whole_parser(shell: str) -> argparse.ArgumentParser:
    """Return one parser of all words, told what their values are."""
    if shell == "fish":  # without a word the options are those of the default
        whole: argparse.ArgumentParser = make_parser(DEFAULT)
        whole.prog = PROGRAM
    else:  # a word is always there: see completion.bash
        whole = argparse.ArgumentParser(PROGRAM, add_help=False)
    for action in whole._actions:
        if not action.option_strings:
            action.help = argparse.SUPPRESS  # the paths: the words stand there
    words = whole.add_subparsers(prog=PROGRAM)
    for word, what in WORDS.items():
        words.add_parser(
            word, help=what, description=what, parents=[make_parser(word)], add_help=False
        )
    values = _values()
    for parser in (whole, *words.choices.values()):
        for action in parser._actions:
            kind = action.metavar
            if not isinstance(kind, str):
                continue
            if not action.option_strings:
                kind = "FILE" if kind == "PATH" else kind  # that of an option is one of a URL
                if action.help != argparse.SUPPRESS:
                    action.help = kind.lower()  # zsh heads the list with it
            if kind in values:
                action.complete = values[kind]  # type: ignore[attr-defined]
    return whole


def _values() -> dict[str, Any]:
    """Return what completes a value, by the name that the help has for it."""
    import shtab

    rules = [(rule.code, rule.slug) for rule in load()]
    releases = [(one.names[0], f"Glance {one.number}") for one in load_releases().all]
    return {
        "FILE": shtab.FILE,
        "DIR": shtab.DIRECTORY,
        "RULE": _one_of("rule", rules),
        "RULES": _several_of("rules", rules),
        "RELEASE": _one_of("release", releases),
    }


def _one_of(name: str, described: list[tuple[str, str]]) -> dict[str, Any]:
    """Complete one of these values; ``name`` tells the functions apart."""
    words = " ".join(value for value, _ in described)
    told = " ".join(f"{value}\\:{_word(what)}" for value, what in described)
    return {
        "preamble": {"bash": f'_{_PREFIX}_{name}() {{ compgen -W "{words}" -- "$1"; }}'},
        "bash": f"_{_PREFIX}_{name}",
        "zsh": f"(({told}))",
        "fish": " ".join(f"{value}\\t{_word(what)}" for value, what in described),
    }


def _several_of(name: str, described: list[tuple[str, str]]) -> dict[str, Any]:
    """Complete a list of these values, with commas between them."""
    words = " ".join(value for value, _ in described)
    told = " ".join(f"{value}'[{what}]'" for value, what in described)
    lines = " ".join(f'"$before"{value}\\t{_word(what)}' for value, what in described)
    function = f"_{_PREFIX}_{name}"
    return {
        "preamble": {
            "bash": f"{function}() {{\n"
            "  local before=\n"
            '  [[ $1 == *,* ]] && before="${1%,*},"\n'
            f'  compgen -P "$before" -W "{words}" -- "${{1##*,}}"\n'
            "}",
            "fish": f"function {function}\n"
            "  set -l before (commandline -ct | string replace -r -- '^--[^=]*=' ''"
            " | string match -r -- '.*,')\n"
            f"  printf '%s\\n' {lines}\n"
            "end",
        },
        "bash": function,
        "zsh": f"_values -s , {name} {told}",
        "fish": f"({function})",
    }


def _word(text: str) -> str:
    """Return a description as one word of the shell."""
    return text.replace(" ", "\\ ")
