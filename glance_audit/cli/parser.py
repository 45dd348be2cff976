"""The options of every word. One parser is built for a run: the one that is asked for."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import NoReturn

from glance_audit import __version__
from glance_audit.cli import options
from glance_audit.cli.status import STATUSES, Refused
from glance_audit.cli.word import WORDS
from glance_audit.report.formats import FORMATS

PROGRAM = "glance-audit"

_STATUS = "\n".join(("exit status:", *(f"  {code:<3} {told}" for code, told in STATUSES.items())))


class Parser(argparse.ArgumentParser):
    """argparse with coloured help (imported only when help is printed) and short usage errors."""

    def format_help(self) -> str:
        """Return the help, coloured when it is printed to a terminal."""
        if sys.stdout is not None and sys.stdout.isatty():
            from rich_argparse import RawDescriptionRichHelpFormatter

            class Formatter(RawDescriptionRichHelpFormatter):
                group_name_formatter = str

            self.formatter_class = Formatter
        else:
            self.formatter_class = argparse.RawDescriptionHelpFormatter
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            Refused: always.
        """
        raise Refused(f"{message}; see `{self.prog} --help`")


def make_parser(word: str) -> Parser:
    """Return the parser of a word; its namespace has an attribute for each option."""
    return {
        "check": _check,
        "show": _show,
        "resolve": _resolve,
        "explain": _explain,
        "rules": _rules,
        "hook": _hook,
        "baseline": _baseline,
        "merge": _merge,
        "schema": _schema,
        "completion": _completion,
    }[word]()


def _parser(word: str, description: str, epilog: str = "") -> Parser:
    return Parser(
        prog=f"{PROGRAM} {word}".rstrip(),
        description=description,
        epilog=epilog or None,
        allow_abbrev=False,
        # For each option argparse makes one, and that asks for the terminal's width, with shutil.
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=80),
    )


def _check() -> Parser:
    words = "\n".join(f"  {word:<11} {what}" for word, what in WORDS.items())
    formats = "\n".join(f"  {name:<11} {one.use}" for name, one in FORMATS.items())
    parser = _parser(
        "",
        "Audit OpenStack Glance behind Apache HTTPD and uWSGI: say what will break image\n"
        "uploads, with the line, the reason and the proof. Nothing of the audited system\n"
        "is executed or fetched.",
        f"words in front:\n{words}\n  A path that is also a word is written ./word.\n\n"
        f"formats:\n{formats}\n\n{_STATUS}",
    )
    parser.usage = f"{PROGRAM} [word] [options] PATH ..."
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    options.paths(parser)
    _of_an_audit(parser)
    options.output(parser, "check")
    return parser


def _of_an_audit(parser: Parser) -> None:
    options.system(parser)
    options.versions(parser)
    options.expectations(parser)
    group = options.reported(parser)
    options.fail_on(group)
    options.add(
        group, "--baseline", "fail on what this file does not hold; `glance-audit baseline` "
        "writes it", metavar="FILE",
    )  # fmt: skip
    group.add_argument(
        "--cross-check", action="store_true",
        help="read every Apache file with a second, independent parser too (apacheconfig), and "
        "report each difference with its cause",
    )  # fmt: skip
    options.settings_file(parser)


def _hook() -> Parser:
    parser = _parser(
        "hook",
        "Audit the deployments that changed files belong to, each once, as a hook of pre-commit\n"
        "or of git is given them. A file belongs to the system or the server's directory around\n"
        "it; when the settings file names paths, to these. Files of none are passed over.",
        _STATUS,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="the files that have changed")
    _of_an_audit(parser)
    options.output(parser, "hook")
    return parser


def _baseline() -> Parser:
    parser = _parser(
        "baseline",
        "Audit, and write down what is found. An audit with --baseline FILE then fails on\n"
        "what is new, and shows the rest as known. Moved lines stay known.",
    )
    options.paths(parser)
    options.system(parser)
    options.versions(parser)
    options.expectations(parser)
    options.reported(parser)
    options.settings_file(parser)
    group = parser.add_argument_group("output")
    options.add(
        group, "--output", "write there instead of to standard output", "-o", metavar="FILE"
    )
    return parser


def _merge() -> Parser:
    formats = "\n".join(f"  {name:<11} {one.use}" for name, one in FORMATS.items())
    parser = _parser(
        "merge",
        "Make one report of those of many hosts: which finding is on which of them. A host\n"
        "is called after its file, or after the directory when all files have one name.",
        f"formats:\n{formats}\n\n{_STATUS}",
    )
    parser.add_argument(
        "paths", nargs="*", metavar="REPORT",
        help="what `glance-audit --format json` (or jsonl) wrote on a host, or a directory: all "
        "*.json in it and below",
    )  # fmt: skip
    group = parser.add_argument_group("what is reported")
    names = {"action": "append", "metavar": "RULES", "default": []}
    options.add(group, "--select", "these rules: codes, starts of codes (GA2), names", **names)
    options.add(group, "--ignore", "without these", **names)
    options.severity(group)
    options.fail_on(group)
    options.output(parser, "merge")
    return parser


def _show() -> Parser:
    parser = _parser("show", "Draw the deployment as a tree.", _STATUS)
    options.paths(parser)
    options.system(parser)
    options.versions(parser)
    options.settings_file(parser)
    options.output(parser, "show")
    return parser


def _resolve() -> Parser:
    parser = _parser(
        "resolve",
        "Print a configuration as the server itself resolves it: for Apache the\n"
        "directives after includes, conditions, macros and variables; for uWSGI the\n"
        "option list. Secrets are masked.",
    )
    parser.add_argument(
        "path",
        metavar="PATH",
        help="Apache's server root or main file, or a uWSGI ini file (FILE or FILE:SECTION)",
    )
    options.add(parser, "--root", "the directory that holds the audited system", metavar="DIR")
    options.define(parser)
    options.add(
        parser, "--env", "a variable of the server's environment, over what envvars sets",
        action="append", default=[], metavar="NAME=VALUE",
    )  # fmt: skip
    options.add(parser, "--envvars", "read Apache's environment from this file", metavar="FILE")
    options.add(parser, "--cwd", "the directory the server is started in", metavar="DIR")
    options.add(parser, "--httpd-version", "the version of Apache that reads it", metavar="VERSION")
    options.output(parser, "resolve")
    return parser


def _explain() -> Parser:
    parser = _parser("explain", "Tell what a rule looks for, why, and what was measured.")
    parser.add_argument("rule", metavar="RULE", help="a code such as GA201, or a rule's name")
    options.rules_dir(parser)
    options.looks(parser.add_argument_group("output"))
    return parser


def _rules() -> Parser:
    parser = _parser("rules", "List the rules.")
    options.rules_dir(parser)
    group = parser.add_argument_group("output")
    options.add(
        group, "--format", "text (default), json or markdown",
        choices=("text", "json", "markdown"), default="text", metavar="FORMAT",
    )  # fmt: skip
    options.looks(group)
    return parser


def _schema() -> Parser:
    parser = _parser(
        "schema", "Print the JSON schema of what `--format json` writes, or of the settings file."
    )
    parser.add_argument(
        "of", nargs="?", choices=("audit", "merge", "settings"), default="audit", metavar="WORD",
        help="audit (default); merge: what `glance-audit merge` writes; settings: what "
        "glance-audit.toml may say",
    )  # fmt: skip
    options.add(
        parser, "--output", "write there instead of to standard output", "-o", metavar="FILE"
    )
    return parser


def _completion() -> Parser:
    parser = _parser(
        "completion",
        "Print what a shell needs to complete this command line: words, options and their\n"
        "values, rules, releases, paths.",
        "where the shells look for it:\n"
        f"  bash  {PROGRAM} completion bash >~/.local/share/bash-completion/completions/{PROGRAM}\n"
        f"  zsh   {PROGRAM} completion zsh >DIR/_{PROGRAM}, with DIR in $fpath\n"
        f"  fish  {PROGRAM} completion fish >~/.config/fish/completions/{PROGRAM}.fish\n"
        "For one session of bash or zsh:\n"
        f'  eval "$({PROGRAM} completion bash)"',
    )
    parser.add_argument(
        "shell", metavar="SHELL", choices=("bash", "zsh", "fish"), help="bash, zsh or fish"
    )
    return parser
