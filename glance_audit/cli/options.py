"""The options that several words share, a group in the help each."""

from __future__ import annotations

import argparse
from typing import Any

from glance_audit.deployment.threshold import load_thresholds
from glance_audit.report.formats import FORMATS


class _Report(argparse._AppendAction):
    """Keep ``--format`` and ``--output`` in the order they are written: they go in pairs."""

    def __call__(self, _parser: object, namespace: Any, value: Any, option: Any = None) -> None:
        """Add one; the first takes the place of what the settings file says."""
        kind = "format" if option == "--format" else "output"
        namespace.reports = [*_said(self, namespace), (kind, value)]


class _Names(argparse._AppendAction):
    """Keep the names of rules; the first takes the place of what the settings file says."""

    def __call__(self, _parser: object, namespace: Any, value: Any, _option: Any = None) -> None:
        """Add some."""
        setattr(namespace, self.dest, [*_said(self, namespace), value])


def _said(action: argparse.Action, namespace: Any) -> Any:
    held = getattr(namespace, action.dest)
    return () if held is action.default else held


def rules_dir(group: Any) -> None:
    """Add where own rules are."""
    add(
        group, "--rules-dir", "your own rules beside the shipped ones: Python files that are run; "
        "may be repeated", action="append", default=[], metavar="DIR",
    )  # fmt: skip


def paths(parser: argparse.ArgumentParser) -> None:
    """Add what is audited."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a server root (/etc/apache2, /etc/httpd), a directory with uWSGI or Glance files, a "
        "file, or - for standard input; several are one deployment",
    )
    add(parser, "--stdin-filename", "the file that - stands for", metavar="FILE")


def system(parser: argparse.ArgumentParser) -> None:
    """Add where the audited system is and what it is told."""
    group = parser.add_argument_group("the audited system")
    add(
        group, "--root", "the directory that holds it (a container, a collected tree): absolute "
        "paths start there and nothing outside is opened", metavar="DIR",
    )  # fmt: skip
    define(group)
    add(group, "--envvars", "read Apache's environment from this file", metavar="FILE")
    add(
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


def reported(parser: argparse.ArgumentParser) -> Any:
    """Add which rules run and what is shown; return the group."""
    group = parser.add_argument_group("what is reported")
    names = {"action": _Names, "metavar": "RULES", "default": []}
    add(group, "--select", "run these alone: codes, starts of codes (GA2), names", **names)
    add(group, "--extend-select", "run these too, beside the others", **names)
    add(group, "--ignore", "do not run these", **names)
    severity(group)
    add(group, "--confidence", "hide what is less sure", choices=("high", "medium", "low"))
    rules_dir(group)
    group.add_argument(
        "--preview", action="store_true",
        help="run the rules that are new too; one that is named in full runs without it",
    )  # fmt: skip
    group.add_argument(
        "--no-suppressions", action="store_false", dest="suppressions",
        help="do not heed `# glance-audit: ignore[...]` comments in the files",
    )  # fmt: skip
    add(group, "--today", "the date that suppressions end by (default: today's)", metavar="DATE")
    return group


def severity(group: Any) -> None:
    """Add the least severity that is shown."""
    add(group, "--severity", "hide what is less severe", choices=("error", "warning", "info"))


def fail_on(group: Any) -> None:
    """Add what makes the status 1."""
    add(
        group, "--fail-on", "the least severity that makes the status 1 (default: warning)",
        choices=("error", "warning", "info", "never"), default="warning",
    )  # fmt: skip


def versions(parser: argparse.ArgumentParser) -> None:
    """Add the versions."""
    group = parser.add_argument_group("versions, where they cannot be told from the files")
    add(group, "--glance-release", "a name or number: ussuri, 2025.2, 33", metavar="RELEASE")
    for name, example in (("httpd", "2.4.62"), ("uwsgi", "2.0.31"), ("python", "3.11")):
        add(group, f"--{name}-version", f"such as {example}", metavar="VERSION")


def expectations(parser: argparse.ArgumentParser) -> None:
    """Add what the deployment must bear."""
    group = parser.add_argument_group("what the deployment must bear")
    thresholds = load_thresholds()
    largest = thresholds.value("largest-image") // 1024**3
    add(group, "--largest-image", f"default: {largest}GiB", metavar="SIZE")
    count = thresholds.value("concurrent-uploads")
    add(
        group, "--concurrent-uploads", f"uploads at the same time (default: {count})",
        type=int, metavar="N",
    )  # fmt: skip
    add(group, "--tmpdir-size", "size of the spool directory's file system", metavar="SIZE")
    for name, what in (
        ("buffering", "timers of buffered uploads"),
        ("streaming", "uWSGI's timers of streamed uploads"),
        ("gateway", "the timers of Apache and of uWSGI's http router"),
        ("mercy", "the time uploads have when workers are reloaded"),
    ):
        add(
            group, f"--{name}-floor", f"{what}: below this is short "
            f"(default: {thresholds.value(f'{name}-floor')})", type=int, metavar="SECONDS",
        )  # fmt: skip
    size = thresholds.value("header-floor") // 1024
    add(
        group, "--header-floor", f"uWSGI's buffer-size below this is small (default: {size}KiB)",
        metavar="SIZE",
    )  # fmt: skip


def output(parser: argparse.ArgumentParser, word: str) -> None:
    """Add the form and the place of a report."""
    group = parser.add_argument_group("output")
    if word == "hook":
        add(
            group, "--format", "how each deployment is reported (default: concise)",
            choices=tuple(name for name, one in FORMATS.items() if one.series),
            metavar="FORMAT", action=_Report, dest="reports",
        )  # fmt: skip
    elif word in ("check", "merge"):
        add(
            group, "--format", "one of the formats below; may be repeated, each with its --output",
            choices=tuple(FORMATS), metavar="FORMAT", action=_Report, dest="reports",
        )  # fmt: skip
        add(
            group, "--output", "write the report of the --format before it there instead of to "
            "standard output", "-o", metavar="FILE", action=_Report, dest="reports",
        )  # fmt: skip
    else:
        add(
            group, "--format", "rich: for people (default; text is the same), or json",
            choices=("rich", "text", "json"), default="rich", metavar="FORMAT",
        )  # fmt: skip
        output_file(group)
    looks(group)
    if word != "resolve":
        shown = "the routes of other services"
        if word in ("check", "hook"):
            shown = f"folded and suppressed findings, and {shown},"
        elif word == "merge":
            shown = "folded and suppressed findings, and the names of all hosts,"
        group.add_argument(
            "-v",
            "--verbose",
            action="count",
            default=0,
            help=f"show {shown} in full; twice: trace internal errors",
        )
    if word in ("check", "hook", "merge"):
        group.add_argument(
            "-q", "--quiet", action="store_true", help="one line for each finding, nothing else"
        )
        if word == "check":
            group.add_argument(
                "--watch", action="store_true",
                help="audit again when a file that was read changes, until Ctrl-C",
            )  # fmt: skip
        if word in ("check", "hook"):
            group.add_argument(
                "--statistics", action="store_true",
                help="count what is found by rule, below the findings, with -q in their place",
            )  # fmt: skip
        group.add_argument(
            "--hyperlinks", action=argparse.BooleanOptionalAction, default=None,
            help="let codes lead to the pages of their rules (default: in a terminal with colours; "
            "FORCE_HYPERLINK is honoured)",
        )  # fmt: skip


def settings_file(parser: argparse.ArgumentParser) -> None:
    """Add where the settings are."""
    group = parser.add_argument_group("settings")
    add(
        group, "--config", "read the settings from this file (default: the glance-audit.toml, or "
        "pyproject.toml with [tool.glance-audit], that is nearest, up to the repository's root)",
        metavar="FILE",
    )  # fmt: skip
    group.add_argument("--isolated", action="store_true", help="read no settings file")


def output_file(group: Any) -> None:
    """Add the place of the one thing that a word writes."""
    add(group, "--output", "write there instead of to standard output", "-o", metavar="FILE")


def looks(group: Any) -> None:
    """Add how a report for people is drawn."""
    add(
        group, "--color", "auto (default; NO_COLOR and FORCE_COLOR are honoured), always, never",
        choices=("auto", "always", "never"), default="auto", metavar="WHEN",
    )  # fmt: skip
    add(group, "--width", "columns (default: the terminal's, else 100)", type=int, metavar="N")


def define(group: Any) -> None:
    """Add the names that Apache is given."""
    add(
        group, "-D", "define a name, as `apache2 -D` does; may be repeated",
        action="append", default=[], metavar="NAME[=VALUE]", dest="defines",
    )  # fmt: skip


def add(group: Any, option: str, text: str, *more: str, **settings: Any) -> None:
    """Add one option; ``more`` are its other names."""
    group.add_argument(*more, option, help=text, **settings)
