"""``merge``: the reports of many hosts as one, and a status that a script can act on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from time import monotonic
from typing import Any

from glance_audit.audit.selection import is_called
from glance_audit.cli.check import looks_of, status_of, write_reports
from glance_audit.cli.collected import file_text, report_files
from glance_audit.cli.reports import paired
from glance_audit.cli.request import rule_names
from glance_audit.cli.status import Refused
from glance_audit.engine.finding import Severity
from glance_audit.fleet import Merger, ReportError, documents, host_names
from glance_audit.fleet.names import order
from glance_audit.record import NamedTuple
from glance_audit.report.result import ReportedFinding


class Choice(NamedTuple):
    """Which findings are looked at: those of some rules, from some severity on."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    severity: Severity

    def takes(self, finding: ReportedFinding) -> bool:
        """Tell whether a finding is one of them."""
        code, slug = finding.code, finding.slug
        return (
            finding.severity.rank <= self.severity.rank
            and (not self.select or any(is_called(code, slug, one) for one in self.select))
            and not any(is_called(code, slug, one) for one in self.ignore)
        )


def run(options: Namespace) -> int:
    """Merge the reports that the options name, write the one, and return the exit status.

    Raises:
        Refused: a file is no report; nothing was written.
    """
    started = monotonic()
    wanted = paired(options.reports)
    looks = looks_of(options, wanted)
    choice = Choice(
        rule_names(options.select), rule_names(options.ignore), Severity(options.severity or "info")
    )
    files = report_files(options.paths, [one.path for one in wanted if one.path is not None])
    merger = Merger(choice.takes)
    # In the order of the hosts, so that the order of the files changes nothing.
    for name, file in sorted(zip(host_names(files), files, strict=True), key=_order):
        _add(merger, name, file)
    _check(choice, merger)
    report = merger.report()
    status = status_of(report, options.fail_on)
    write_reports(report, wanted, looks, monotonic() - started, status, options.fail_on)
    return status


def _add(merger: Merger, name: str, file: str) -> None:
    try:
        for host, data in _named(name, documents(file_text(file))):
            merger.add(host, file, data)
    except ReportError as error:
        raise Refused(f"{file}: {error}") from None


def _order(host: tuple[str, str]) -> tuple[tuple[str, str], str]:
    return order(host[0]), host[1]


def _named(name: str, found: Iterator[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name the hosts of a file: of several in one, ``all.jsonl``, they are all:1, all:2 ..."""
    first = next(found)
    second = next(found, None)
    if second is None:
        yield name, first
        return
    yield f"{name}:1", first
    yield f"{name}:2", second
    for number, data in enumerate(found, 3):
        yield f"{name}:{number}", data


def _check(choice: Choice, merger: Merger) -> None:
    """Refuse a name that is neither a shipped rule's nor one of the reports': it was mistyped."""
    if not choice.select and not choice.ignore:
        return
    from glance_audit.engine.catalogue import load

    rules = {(rule.code, rule.slug) for rule in load()} | merger.rules
    for option, names in (("--select", choice.select), ("--ignore", choice.ignore)):
        for name in names:
            if not any(is_called(code, slug, name) for code, slug in rules):
                raise Refused(
                    f"{option}: no rule is called {name!r}; `glance-audit rules` lists them"
                )
