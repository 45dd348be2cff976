"""Which rules run: ``--select``, ``--extend-select``, ``--preview`` and ``--ignore``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from glance_audit.audit.settings import AuditSettings, UsageError
from glance_audit.engine.catalogue import load
from glance_audit.engine.finding import Confidence, Severity
from glance_audit.engine.rule import Rule


def select(rules: tuple[Rule, ...], settings: AuditSettings) -> tuple[Rule, ...]:
    """Return the rules that run, by code, start of code or slug.

    A rule in preview runs when ``preview`` is wished, or when it is named in full.

    Raises:
        UsageError: a name that is no rule's.
    """
    for option, names in _named_in(settings):
        for name in names:
            if not any(named(rule, name) for rule in rules):
                raise UsageError(
                    f"{option}: no rule is called {name!r}; `glance-audit rules` lists them"
                )
    return tuple(rule for rule in rules if _runs(rule, settings))


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


def named(rule: Rule, name: str) -> bool:
    """Tell whether a name means a rule."""
    return is_called(rule.code, rule.slug, name)


def is_called(code: str, slug: str, name: str) -> bool:
    """Tell whether a rule is called so: by its code, the start of it (two letters), or its slug."""
    start = name.upper()
    return slug == name.lower() or (len(start) > 1 and code.startswith(start))


def in_full(rule: Rule, name: str) -> bool:
    """Tell whether a name means this rule alone."""
    return rule.code == name.upper() or rule.slug == name.lower()


def _named_in(settings: AuditSettings) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield what names rules, as messages call it, and the names."""
    yield "--select", settings.select
    yield "--extend-select", settings.extend_select
    yield "--ignore", settings.ignore
    for name, _ in settings.severities:
        yield f"severities.{name}", (name,)
    for override in settings.overrides:
        yield f"{override.name}.ignore", override.ignore
        for name, _ in override.severities:
            yield f"{override.name}.severities.{name}", (name,)


def _runs(rule: Rule, settings: AuditSettings) -> bool:
    wished = (*settings.select, *settings.extend_select)
    if settings.select and not _any(rule, wished):
        return False
    if rule.preview and not settings.preview and not any(in_full(rule, one) for one in wished):
        return False
    return not _any(rule, settings.ignore)


def _any(rule: Rule, names: Sequence[str]) -> bool:
    return any(named(rule, name) for name in names)
