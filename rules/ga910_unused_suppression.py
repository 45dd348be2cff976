"""GA910 unused-suppression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.suppression import Fault, Suppression, UnknownRule
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule

FORM = '# glance-audit: ignore[GA201] reason="..." until=2027-01-31'
# What is wrong, and the next step.
_NAMED = 5  # codes that are named before the rest is counted

FAULTS = {
    Fault.NOT_UNDERSTOOD: (
        "the suppression is not understood, and does not count",
        f"write {FORM}, the date only where it shall end; ignore-file[...] is for a whole file",
    ),
    Fault.NO_RULE: (
        "the suppression names no rule, and does not count",
        "write the codes in brackets right behind ignore, as in ignore[GA201,GA301]",
    ),
    Fault.NO_REASON: (
        "the suppression has no reason, and does not count",
        'write reason="..." behind the brackets: why the finding may stay',
    ),
    Fault.NO_DATE: (
        "the suppression ends at no date of the calendar, and does not count",
        "write the last day it holds, as in until=2027-01-31",
    ),
    Fault.EXPIRED: (
        "the suppression held until {until}, and does not count any more",
        "look at the finding again; when the reason still holds, write a later date",
    ),
    Fault.NOT_ALONE: (
        "the suppression stands behind something on its line, and does not count",
        "put it on a line of its own, before the directive or option",
    ),
    Fault.NOTHING_FOLLOWS: (
        "the suppression stands before nothing, and does not count",
        "put it before the directive, option or section, or write ignore-file for the whole file",
    ),
}


@rule(
    "GA910",
    "unused-suppression",
    severity=Severity.WARNING,
    basis=Basis.SOURCE,
    afterwards=True,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A suppression in the files does not count, or there is nothing that it suppresses.

    ## What it does

    Looks through the comments `# glance-audit: ignore[...]` and `ignore-file[...]` of every file
    that was read as a configuration. It reports one that has no reason, whose date is past, that is
    not understood, that names a rule which does not exist, and one for which the named rule finds
    nothing. A rule that did not run, because of `--select` or `--ignore`, is not held against a
    suppression; nor is one that stands in a condition that does not hold. A code of your own rules
    that this audit does not know (`--rules-dir`) is an info.

    ## Why it matters

    A suppression that is left behind hides the next finding at its place, which may be another
    cause altogether. One without a reason or past its date suppresses nothing, so that what it was
    to hide is reported.

    ## Bad

    ```apache
    # glance-audit: ignore[GA307] reason="the client of this site never waits" until=2026-06-30
    ProxyTimeout 600
    ```

    ## Good

    ```apache
    # glance-audit: ignore[GA307] reason="clients here give up after 60 s themselves"
    ProxyTimeout 60
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Not a measurement: the rule speaks of this program's own comments.

    ## References

    - "Suppressions" in the documentation of the command line.
    """
    for suppression in deployment.suppressions:
        if suppression.fault is not None:
            message, advice = FAULTS[suppression.fault]
            yield Finding(
                place=suppression.wrong or suppression.place,
                message=message.format(until=suppression.until),
                help=advice,
            )
        for unknown in suppression.unknown:
            yield _unknown(unknown)
        for name in suppression.unused:
            yield Finding(
                place=name.place,
                message=f"{name.text} is suppressed {_where(suppression)}, and finds nothing there",
                help="remove it: left behind, it hides the next finding there",
                related=_target(suppression),
            )


def _unknown(unknown: UnknownRule) -> Finding:
    if unknown.starts:
        return Finding(
            place=unknown.name.place,
            message=(
                f"{unknown.name.text} is suppressed, the start of codes, and does not count: a "
                "suppression names whole codes"
            ),
            help=f"name those that are meant: {_some(unknown.starts)}",
        )
    if unknown.foreign:
        return Finding(
            place=unknown.name.place,
            message=f"{unknown.name.text} is suppressed, a rule that this audit does not know",
            help="name the directory of your own rules with --rules-dir",
            severity=Severity.INFO,
        )
    return Finding(
        place=unknown.name.place,
        message=f"{unknown.name.text} is suppressed, and no rule has that name",
        help=f"did you mean {unknown.nearest}?"
        if unknown.nearest
        else "`glance-audit rules` lists the rules",
    )


def _some(codes: Sequence[str]) -> str:
    more = len(codes) - _NAMED
    return ", ".join(codes[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _where(suppression: Suppression) -> str:
    if suppression.whole_file:
        return "in this file"
    return "in the section that follows" if suppression.section else "on what follows"


def _target(suppression: Suppression) -> tuple[Related, ...]:
    before = suppression.before
    if suppression.whole_file or before is None:
        return ()
    return (Related("what it stands before", before),)
