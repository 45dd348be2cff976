"""The entry point: which word runs, and what becomes of a failure."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TextIO

from glance_audit.cli import status
from glance_audit.cli.parser import PROGRAM, make_parser
from glance_audit.cli.settings.apply import SETTLED, Applied, apply
from glance_audit.cli.status import Refused
from glance_audit.cli.word import WORDS, split_word


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (without the program's name) and return the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except Refused as refusal:
        return _complain(str(refusal), refusal.status)
    except KeyboardInterrupt:
        return _complain("interrupted", status.INTERRUPTED)
    except Exception as error:
        return _internal(error, arguments)


def _run(arguments: list[str]) -> int:
    word, rest = split_word(arguments)
    parser = make_parser(word)
    try:
        applied = apply(word, parser, rest)
    except SystemExit as done:  # --help and --version
        return done.code if isinstance(done.code, int) else status.USAGE
    # Only the word that runs is imported, and with it what it needs.
    run = import_module(f"glance_audit.cli.{word}").run
    if word not in SETTLED:
        return int(run(applied.options))
    return _audit(run, applied, rest)


def _audit(run: Callable[[Namespace], int], applied: Applied, arguments: list[str]) -> int:
    from glance_audit.audit.settings import NothingToAudit, UsageError

    if applied.file is not None and vars(applied.options).get("verbose"):
        _tell(f"settings of {applied.file}")
    try:
        return int(run(applied.options))
    except Refused as refusal:
        return _complain(applied.placed(str(refusal)), refusal.status)
    except UsageError as error:
        return _complain(applied.placed(str(error)) + _meant(arguments), status.USAGE)
    except NothingToAudit as error:
        return _complain(applied.placed(str(error)), status.NOTHING)


def _meant(arguments: list[str]) -> str:
    """A mistyped word was taken for a path."""
    from difflib import get_close_matches

    for argument in arguments:
        if not argument.startswith("-") and "/" not in argument and not os.path.exists(argument):
            close = get_close_matches(argument, WORDS, n=1)
            if close:
                return f"\n  did you mean the word `{close[0]}`?"
    return ""


def _complain(message: str, code: int) -> int:
    _tell(message)
    return code


def _tell(message: str) -> None:
    from glance_audit.report.escape import visible

    shown = "\n".join(visible(row) for row in message.split("\n"))
    _say(sys.stderr, f"{PROGRAM}: {shown}\n")


def _internal(error: Exception, arguments: list[str]) -> int:
    """Say that the fault is ours, in three lines; the traceback on request only."""
    from traceback import extract_tb, format_exception

    frames = extract_tb(error.__traceback__)
    where = f" (in {'/'.join(frames[-1].filename.split('/')[-2:])}:{frames[-1].lineno})"
    told = os.environ.get("GLANCE_AUDIT_DEBUG") or any(
        one in ("-vv", "-vvv") for one in arguments
    ) or arguments.count("-v") + arguments.count("--verbose") > 1  # fmt: skip
    if told:
        _say(sys.stderr, "".join(format_exception(error)))
    code = _complain(f"internal error: {type(error).__name__}: {error}{where}", status.INTERNAL)
    _say(
        sys.stderr,
        "  This is a fault of glance-audit, not of your files. Please report it with what the\n"
        "  same command prints with -vv, and with the lines that lead to it.\n",
    )
    return code


def _say(stream: TextIO | Any, text: str) -> None:
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except UnicodeEncodeError:
        stream.write(text.encode("ascii", "backslashreplace").decode("ascii"))
    except (OSError, ValueError):  # nobody is left to tell
        return
