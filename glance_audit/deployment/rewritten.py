"""What the RewriteRules of a server or a section do to an upload."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.claim import Claim, Claimant
from glance_audit.deployment.claims import NO_PROXY
from glance_audit.deployment.path_index import Match
from glance_audit.deployment.rewrite import RewriteRule, Rewriting

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# Rules of one server that are tried for one request; whether a further one takes it is not known.
_MOST_RULES = 300


def rewritten_by_server(
    rewriting: Rewriting, host: Directive | None, uri: str
) -> Iterator[Claimant]:
    """Yield the rules of a server that take a request away (mod_rewrite.c ``hook_uri2file``)."""
    changed: RewriteRule | None = None
    sure = True
    chained = False
    for number, rule in enumerate(rewriting.of_server(host)):
        matched = rule.matches(uri) if changed is None else None
        if chained or number > _MOST_RULES:
            matched = matched and None
        chained = rule.has("c", "chain")
        if matched is False:
            continue
        certain = sure and matched is True
        claim = claim_of(rule)
        if claim is not None:
            yield Claimant(rule.directive, claim, certain)
        elif rule.has("e", "env") and any(NO_PROXY in one.lower() for one in rule.variables):
            yield Claimant(rule.directive, Claim.EXCLUDES, certain)
        if claim is None and rule.substitution != "-":
            changed = rule
            if rule.has("pt", "passthrough") or not certain:
                yield Claimant(rule.directive, Claim.REWRITES, False)
            elif rule.has("l", "last", "end"):
                yield Claimant(rule.directive, Claim.MAPS, True)
        if rule.has("s", "skip", "n", "next"):
            sure = False
        if rule.has("l", "last", "end") or number > _MOST_RULES:
            if matched:
                return
            sure = False
    if changed is not None and sure and not changed.has("pt", "passthrough"):
        yield Claimant(changed.directive, Claim.MAPS, changed.matches(uri) is True)


def rewritten_target(rewriting: Rewriting, host: Directive | None, uri: str) -> Iterator[Claimant]:
    """Yield the rules of a server that may take what ProxyPass with mapping= has mapped.

    They look at ``proxy:`` and the URL, which a pattern that starts with ``^/`` never matches.
    """
    for rule in rewriting.of_server(host)[:_MOST_RULES]:
        acts = claim_of(rule) is not None or rule.substitution != "-"
        if acts and not rule.pattern.startswith("^/") and rule.met(uri) is not False:
            yield Claimant(rule.directive, Claim.REWRITES, False)


def rewritten_in_section(rewriting: Rewriting, match: Match, uri: str) -> Iterator[Claimant]:
    """Yield the rules of a section around one of them that take a request away."""
    section = match.directive.parent
    for rule in rewriting.of_section(section) if section is not None else ():
        claim = claim_of(rule)
        matched = rule.matches(uri)
        if matched is not False and (claim is not None or rule.substitution != "-"):
            certain = claim is not None and matched is True and match.certain
            yield Claimant(rule.directive, claim or Claim.REWRITES, certain)
            if certain:
                return
        if matched and rule.has("l", "last", "end"):
            return


def claim_of(rule: RewriteRule) -> Claim | None:
    """Say what a rule does to a request besides changing its path."""
    if rule.has("f", "forbidden", "g", "gone"):
        return Claim.REFUSES
    if rule.proxies:
        return Claim.PROXIES
    if rule.has("r", "redirect") or _URL.match(rule.substitution):
        return Claim.REDIRECTS
    return None
