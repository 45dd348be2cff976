"""Which rules run: ``--select`` and ``--ignore``."""

from __future__ import annotations

from glance_audit.audit.settings import AuditSettings, UsageError
from glance_audit.engine.catalogue import load
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


def catalogue_of(settings: AuditSettings) -> tuple[Rule, ...]:
    """Return every rule there is, the operator's own among them.

    Raises:
        UsageError: own rules that fail.
    """
    catalogue = load()
    if settings.rules_dirs:
        from glance_audit.audit.own_rules import with_own_rules  # few have any

        catalogue = with_own_rules(catalogue, settings.rules_dirs, settings.cwd)
    return catalogue


def reported_codes(settings: AuditSettings) -> frozenset[str]:
    """Return the codes of which an audit with these settings reports all that is found."""
    if settings.severity is not Severity.INFO or settings.confidence is not Confidence.LOW:
        return frozenset()
    return frozenset(rule.code for rule in select(catalogue_of(settings), settings))


def _named(rule: Rule, name: str) -> bool:
    """A code, a slug, or the start of codes such as ``GA2``, two letters at least."""
    wanted = name.upper()
    return rule.slug == name.lower() or (len(wanted) > 1 and rule.code.startswith(wanted))
