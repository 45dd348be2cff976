"""Which rules run: ``--select`` and ``--ignore``."""

from __future__ import annotations

from glance_audit.audit.settings import AuditSettings, UsageError
from glance_audit.engine.finding import Confidence, Severity
from glance_audit.engine.rule import Rule


def select(rules: tuple[Rule, ...], settings: AuditSettings) -> tuple[Rule, ...]:
    """Return the rules that run, by code, start of code or slug.

    Raises:
        UsageError: a name that is no rule's.
    """
    for option, names in (("--select", settings.select), ("--ignore", settings.ignore)):
        for name in names:
            if not any(_named(rule, name) for rule in rules):
                raise UsageError(
                    f"{option}: no rule is called {name!r}; `glance-audit rules` lists them"
                )
    return tuple(
        rule
        for rule in rules
        if (not settings.select or any(_named(rule, name) for name in settings.select))
        and not any(_named(rule, name) for name in settings.ignore)
    )


def selected(code: str, rules: tuple[Rule, ...], settings: AuditSettings) -> bool:
    """Tell whether an audit with these settings reports all that the rule of a code finds."""
    if settings.severity is not Severity.INFO or settings.confidence is not Confidence.LOW:
        return False
    return any(rule.code == code for rule in select(rules, settings))


def _named(rule: Rule, name: str) -> bool:
    """A code, a slug, or the start of codes such as ``GA2``, two letters at least."""
    wanted = name.upper()
    return rule.slug == name.lower() or (len(wanted) > 1 and rule.code.startswith(wanted))
