"""The man page, ``man/glance-audit.1``, from the parsers of the command line.

Its own generator, since argparse-manpage (4.8; kept up, no dependencies) makes the page of one
parser with its subparsers, and here every word has a parser of its own, of which only the one
that is asked for is built. It would also need the sections that no parser has from a second
file, turn every group of options into a section, print the help's epilog as it is, and write the
day of the build.

The page has no date: it changes when the program does.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import chain

from glance_audit import __version__
from glance_audit.cli.parser import PROGRAM, make_parser
from glance_audit.cli.status import STATUSES
from glance_audit.cli.word import DEFAULT, WORDS
from glance_audit.report.formats import FORMATS
from tools import roff
from tools.roff import bold, italic, literal, paragraph, section, subsection, tagged, verbatim

SITE = "https://glance-audit.readthedocs.io/en/latest/"

SUMMARY = "find what breaks image uploads to OpenStack Glance behind Apache and uWSGI"
DESCRIPTION = (
    (
        "It reads the configuration as the servers do: Apache's with its includes, conditions, "
        "macros and variables, uWSGI's in each of its formats, Glance's, and the systemd units "
        "that start them. The uWSGI and Glance files that are not named are looked for in their "
        "usual places."
    ),
    (
        "Only what is said with --rules-dir is run. Environment variables of the audited servers "
        "are read from their files, not from the environment that the audit runs in."
    ),
)
WORD = (
    "The word says what is asked for; without one it is `check`. It may also stand after options. "
    "A path that is also a word is written `./`word."
)
AUDIT = "The options of `check` are described under OPTIONS, below."
FORMAT = (
    "The names that `check` takes for --format. One audit writes as many reports as are asked for; "
    "an --output belongs to the --format before it."
)
STATUS = "An audit that is ended with Ctrl-C, as with --watch, has the status 130."
# tests/tools/test_man_page.py compares the names with what the code reads.
ENVIRONMENT = {
    "NO_COLOR": "When it is not empty, `--color auto` means `never`. It goes before FORCE_COLOR.",
    "FORCE_COLOR": "When it is not empty, `--color auto` means `always`, or with `0` `never`.",
    "FORCE_HYPERLINK": "When it is not empty, and neither --hyperlinks nor --no-hyperlinks is "
    "given, codes of rules are links, or with `0` are not.",
    "COLUMNS": "How wide reports for people are without --width, in the place of the "
    "terminal's width.",
    "SUDO_UID": "for root, whose directories besides root's own a settings file is looked for in",
    "TERM": "With `dumb`, `unknown` or nothing `--color auto` means `never`. With `linux` codes "
    "are not links. With `dumb`, --watch does not clear the terminal.",
    "VTE_VERSION": "Below 5000 codes are not links: such terminals would print them.",
    "GLANCE_AUDIT_DEBUG": "When it is not empty, an internal error is told with its traceback, as "
    "with `-vv`.",
}
FILES = {
    "glance-audit.toml": "The settings: every option of the audit under its name, severities, and "
    "overrides for some files. The nearest is read, from the working directory up to the root of "
    "its repository; outside a repository only the working directory is looked at.",
    "pyproject.toml": "The same in its table `[tool.glance-audit]`. Without that table it is "
    "passed over.",
}
SETTINGS = (
    "The settings hold for the words that have --config, and the command line goes before them. "
    "`glance-audit schema settings` prints what they may say."
)
EXAMPLES = {
    "Audit the machine that serves images:": "glance-audit /etc/apache2",
    "Audit a container's files, or a tree that was collected; absolute paths start there:": (
        "glance-audit --root /path/to/image /etc/httpd"
    ),
    "Say what cannot be told from the files, and what the deployment must bear:": (
        "glance-audit --glance-release 2025.1 --largest-image 50GiB \\\n    /etc/apache2"
    ),
    "Write a report for a browser and one for code scanning, and print a line for each finding:": (
        "glance-audit --format html -o audit.html \\\n"
        "    --format sarif -o audit.sarif --format concise deploy/"
    ),
    "Write down what is found today, then fail on what is new:": (
        "glance-audit baseline /etc/apache2 -o baseline.json\n"
        "glance-audit --baseline baseline.json /etc/apache2"
    ),
    "See the routes and what is behind them, and the options as uWSGI resolves them:": (
        "glance-audit show /etc/apache2\nglance-audit resolve /etc/glance/glance-uwsgi.ini"
    ),
    "Make one report of those of many hosts:": "glance-audit merge reports/",
    "Read about a rule:": "glance-audit explain GA201",
}
SEE_ALSO = ("apache2(8)", "apachectl(8)", "uwsgi(1)")


def man_page() -> str:
    """Return the page, in the man macros."""
    return roff.assembled(chain(_head(), _words(), _options(), _behaviour(), _use()))


def _head() -> Iterator[str]:
    yield r".\" Written by `python -m tools.generate` from the command line's parsers."
    yield f'.TH {literal(PROGRAM)} 1 "" "{literal(f"{PROGRAM} {__version__}")}" "User Commands"'
    # Left-adjusted and not hyphenated: options are long, and are copied.
    yield from (".nh", ".ad l")
    yield section("name")
    yield rf"{literal(PROGRAM)} \- {literal(SUMMARY)}"
    yield section("synopsis")
    for number, word in enumerate(WORDS):
        if number:
            yield ".br"
        shown = f"[{bold(word)}]" if word == DEFAULT else bold(word)
        operands = (_operand(one) for one in make_parser(word)._actions if _is_operand(one))
        yield " ".join((bold(PROGRAM), shown, f"[{italic('OPTION')} ...]", *operands))
    yield section("description")
    yield paragraph(_joined(make_parser(DEFAULT).description))
    yield from map(paragraph, DESCRIPTION)


def _words() -> Iterator[str]:
    yield section("words")
    yield paragraph(WORD)
    known = {_known(one) for one in make_parser(DEFAULT)._actions}
    for word in WORDS:
        yield subsection(word)
        parser = make_parser(word)
        if word == DEFAULT:
            yield paragraph(f"{WORDS[word].capitalize()}. {AUDIT}")
            continue
        yield paragraph(_joined(parser.description))
        own = [one for one in parser._actions if _known(one) not in known]
        yield from map(_option, own)
        shared = [one for one in parser._actions if _known(one) in known]
        shared.sort(key=lambda one: bool(one.option_strings))  # operands first
        names = (
            "/".join(map(bold, one.option_strings)) or italic(f"{one.metavar}") for one in shared
        )
        yield f".PP\nAs under OPTIONS: {', '.join(names)}."


def _options() -> Iterator[str]:
    yield section("options")
    groups = make_parser(DEFAULT)._action_groups
    for group in groups:
        if group.title not in ("positional arguments", "options"):
            yield subsection(f"{group.title}"[:1].upper() + f"{group.title}"[1:])
        yield from map(_option, group._group_actions)


def _behaviour() -> Iterator[str]:
    yield section("formats")
    yield paragraph(FORMAT)
    for name, one in FORMATS.items():
        yield tagged(bold(name), one.use)
    yield section("exit status")
    for status, meaning in STATUSES.items():
        yield tagged(bold(str(status)), meaning)
    yield paragraph(STATUS)
    yield section("environment")
    for name, text in ENVIRONMENT.items():
        yield tagged(bold(name), text)
    yield section("files")
    for name, text in FILES.items():
        yield tagged(italic(name), text)
    yield paragraph(SETTINGS)


def _use() -> Iterator[str]:
    yield section("examples")
    for why, command in EXAMPLES.items():
        yield paragraph(why)
        yield verbatim(command)
    yield section("see also")
    pages = (page.partition("(") for page in SEE_ALSO)
    yield ",\n".join(f"{bold(name)}({number}" for name, _, number in pages)
    yield paragraph("The documentation, with a page for every rule:")
    yield f".br\n{italic(SITE)}"


def _option(action: argparse.Action) -> str:
    if not action.option_strings:
        return tagged(italic(str(action.metavar)), _help(action))
    value = _value(action)
    names = (bold(name) + value for name in action.option_strings)
    return tagged(", ".join(names), _help(action))


def _value(action: argparse.Action) -> str:
    """Return what follows an option's name."""
    if action.nargs == 0:
        return ""
    if action.metavar is None and action.choices is not None:
        return " " + "|".join(bold(str(one)) for one in action.choices)
    return f" {italic(str(action.metavar))}"


def _operand(action: argparse.Action) -> str:
    shown = italic(str(action.metavar))
    return {"*": f"[{shown} ...]", "?": f"[{shown}]"}.get(str(action.nargs), shown)


def _is_operand(action: argparse.Action) -> bool:
    return not action.option_strings


def _known(action: argparse.Action) -> tuple[object, ...]:
    """Return what makes an option of two words the same one."""
    return (*action.option_strings, action.metavar, _value(action), action.help)


def _joined(text: str | None) -> str:
    return " ".join(f"{text}".split())


def _help(action: argparse.Action) -> str:
    """Return an option's help in the words of ``--help``, which has placeholders and ``%%``."""
    return (action.help or "") % vars(action)
