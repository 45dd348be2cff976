"""The options of every word. One parser is built for a run: the one that is asked for."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import Any, NoReturn

from glance_audit import __version__
from glance_audit.cli.status import Refused
from glance_audit.cli.word import WORDS
from glance_audit.deployment.threshold import load_thresholds
from glance_audit.report.formats import FORMATS

PROGRAM = "glance-audit"

_STATUS = """\
exit status:
  0   nothing at or above --fail-on
  1   findings
  2   the command line makes no sense
  3   the audit is incomplete: something was unreadable or refused
  4   nothing to audit was found
  70  an internal error"""


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
        "baseline": _baseline,
        "schema": _schema,
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
    _paths(parser)
    _system(parser)
    _versions(parser)
    _expectations(parser)
    group = _reported(parser)
    _add(
        group, "--fail-on", "the least severity that makes the status 1 (default: warning)",
        choices=("error", "warning", "info", "never"), default="warning",
    )  # fmt: skip
    _add(
        group, "--baseline", "fail on what this file does not hold; `glance-audit baseline` "
        "writes it", metavar="FILE",
    )  # fmt: skip
    group.add_argument(
        "--cross-check", action="store_true",
        help="read every Apache file with a second, independent parser too (apacheconfig), and "
        "report each difference with its cause",
    )  # fmt: skip
    _output(parser, "check")
    return parser


def _baseline() -> Parser:
    parser = _parser(
        "baseline",
        "Audit, and write down what is found. An audit with --baseline FILE then fails on\n"
        "what is new, and shows the rest as known. Moved lines stay known.",
    )
    _paths(parser)
    _system(parser)
    _versions(parser)
    _expectations(parser)
    _reported(parser)
    group = parser.add_argument_group("output")
    _add(group, "--output", "write there instead of to standard output", "-o", metavar="FILE")
    return parser


class _Report(argparse.Action):
    """Keep ``--format`` and ``--output`` in the order they are written: they go in pairs."""

    def __call__(self, _parser: object, namespace: Any, value: Any, option: Any = None) -> None:
        """Add one."""
        kind = "format" if option == "--format" else "output"
        namespace.reports = [*(namespace.reports or ()), (kind, value)]


def _show() -> Parser:
    parser = _parser("show", "Draw the deployment as a tree.", _STATUS)
    _paths(parser)
    _system(parser)
    _versions(parser)
    _output(parser, "show")
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
    _add(parser, "--root", "the directory that holds the audited system", metavar="DIR")
    _define(parser)
    _add(
        parser, "--env", "a variable of the server's environment, over what envvars sets",
        action="append", default=[], metavar="NAME=VALUE",
    )  # fmt: skip
    _add(parser, "--envvars", "read Apache's environment from this file", metavar="FILE")
    _add(parser, "--cwd", "the directory the server is started in", metavar="DIR")
    _add(parser, "--httpd-version", "the version of Apache that reads it", metavar="VERSION")
    _output(parser, "resolve")
    return parser


def _explain() -> Parser:
    parser = _parser("explain", "Tell what a rule looks for, why, and what was measured.")
    parser.add_argument("rule", metavar="RULE", help="a code such as GA201, or a rule's name")
    _rules_dir(parser)
    _looks(parser.add_argument_group("output"))
    return parser


def _rules() -> Parser:
    parser = _parser("rules", "List the rules.")
    _rules_dir(parser)
    group = parser.add_argument_group("output")
    _add(
        group, "--format", "text (default), json or markdown",
        choices=("text", "json", "markdown"), default="text", metavar="FORMAT",
    )  # fmt: skip
    _looks(group)
    return parser


def _schema() -> Parser:
    parser = _parser("schema", "Print the JSON schema of `--format json`.")
    _add(parser, "--output", "write there instead of to standard output", "-o", metavar="FILE")
    return parser


def _rules_dir(group: Any) -> None:
    _add(
        group, "--rules-dir", "your own rules beside the shipped ones: Python files that are run; "
        "may be repeated", action="append", default=[], metavar="DIR",
    )  # fmt: skip


def _paths(parser: Parser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a server root (/etc/apache2, /etc/httpd), a directory with uWSGI or Glance files, a "
        "file, or - for standard input; several are one deployment",
    )
    _add(parser, "--stdin-filename", "the file that - stands for", metavar="FILE")


def _system(parser: Parser) -> None:
    group = parser.add_argument_group("the audited system")
    _add(
        group, "--root", "the directory that holds it (a container, a collected tree): absolute "
        "paths start there and nothing outside is opened", metavar="DIR",
    )  # fmt: skip
    _define(group)
    _add(group, "--envvars", "read Apache's environment from this file", metavar="FILE")
    _add(
        group, "--glance-route", "a path that leads to Glance, where no name and no file tells; "
        "may be repeated", action="append", default=[], metavar="PATH",
    )  # fmt: skip
    group.add_argument(
        "--host",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="ask this machine for the size of its file systems (default: only when its own "
        "configuration is audited)",
    )


def _reported(parser: Parser) -> Any:
    group = parser.add_argument_group("what is reported")
    names = {"action": "append", "metavar": "RULES", "default": []}
    _add(group, "--select", "run these alone: codes, starts of codes (GA2), names", **names)
    _add(group, "--ignore", "do not run these", **names)
    _add(group, "--severity", "hide what is less severe", choices=("error", "warning", "info"))
    _add(group, "--confidence", "hide what is less sure", choices=("high", "medium", "low"))
    _rules_dir(group)
    group.add_argument(
        "--no-suppressions", action="store_false", dest="suppressions",
        help="do not heed `# glance-audit: ignore[...]` comments in the files",
    )  # fmt: skip
    _add(group, "--today", "the date that suppressions end by (default: today's)", metavar="DATE")
    return group


def _versions(parser: Parser) -> None:
    group = parser.add_argument_group("versions, where they cannot be told from the files")
    _add(group, "--glance-release", "a name or number: ussuri, 2025.2, 33", metavar="RELEASE")
    for name, example in (("httpd", "2.4.62"), ("uwsgi", "2.0.31"), ("python", "3.11")):
        _add(group, f"--{name}-version", f"such as {example}", metavar="VERSION")


def _expectations(parser: Parser) -> None:
    group = parser.add_argument_group("what the deployment must bear")
    thresholds = load_thresholds()
    largest = thresholds.value("largest-image") // 1024**3
    _add(group, "--largest-image", f"default: {largest}GiB", metavar="SIZE")
    count = thresholds.value("concurrent-uploads")
    _add(
        group, "--concurrent-uploads", f"uploads at the same time (default: {count})",
        type=int, metavar="N",
    )  # fmt: skip
    _add(group, "--tmpdir-size", "size of the spool directory's file system", metavar="SIZE")
    for name, what in (
        ("buffering", "timers of buffered uploads"),
        ("streaming", "uWSGI's timers of streamed uploads"),
        ("gateway", "the timers of Apache and of uWSGI's http router"),
        ("mercy", "the time uploads have when workers are reloaded"),
    ):
        _add(
            group, f"--{name}-floor", f"{what}: below this is short "
            f"(default: {thresholds.value(f'{name}-floor')})", type=int, metavar="SECONDS",
        )  # fmt: skip
    size = thresholds.value("header-floor") // 1024
    _add(
        group, "--header-floor", f"uWSGI's buffer-size below this is small (default: {size}KiB)",
        metavar="SIZE",
    )  # fmt: skip


def _output(parser: Parser, word: str) -> None:
    group = parser.add_argument_group("output")
    if word == "check":
        _add(
            group, "--format", "one of the formats below; may be repeated, each with its --output",
            choices=tuple(FORMATS), metavar="FORMAT", action=_Report, dest="reports",
        )  # fmt: skip
        _add(
            group, "--output", "write the report of the --format before it there instead of to "
            "standard output", "-o", metavar="FILE", action=_Report, dest="reports",
        )  # fmt: skip
    else:
        _add(
            group, "--format", "rich: for people (default; text is the same), or json",
            choices=("rich", "text", "json"), default="rich", metavar="FORMAT",
        )  # fmt: skip
        _add(group, "--output", "write there instead of to standard output", "-o", metavar="FILE")
    _looks(group)
    if word != "resolve":
        shown = "the routes of other services"
        if word == "check":
            shown = f"folded and suppressed findings, and {shown},"
        group.add_argument(
            "-v",
            "--verbose",
            action="count",
            default=0,
            help=f"show {shown} in full; twice: trace internal errors",
        )
    if word == "check":
        group.add_argument(
            "-q", "--quiet", action="store_true", help="one line for each finding, nothing else"
        )


def _looks(group: Any) -> None:
    _add(
        group, "--color", "auto (default; NO_COLOR and FORCE_COLOR are honoured), always, never",
        choices=("auto", "always", "never"), default="auto", metavar="WHEN",
    )  # fmt: skip
    _add(group, "--width", "columns (default: the terminal's, else 100)", type=int, metavar="N")


def _define(group: Any) -> None:
    _add(
        group, "-D", "define a name, as `apache2 -D` does; may be repeated",
        action="append", default=[], metavar="NAME[=VALUE]", dest="defines",
    )  # fmt: skip


def _add(group: Any, option: str, text: str, *more: str, **settings: Any) -> None:
    group.add_argument(*more, option, help=text, **settings)
