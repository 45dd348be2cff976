"""Why Apache lets one directive answer and not another, in words; measured as in ``answers.py``."""

from __future__ import annotations

from glance_audit.apache import Directive
from glance_audit.deployment.claim import Claim
from glance_audit.deployment.claims import ALIASES, PASSES, SCRIPTS, encoded, section_of
from glance_audit.deployment.rewrite import misdirecting_scheme
from glance_audit.deployment.scope import virtual_host_of

_REDIRECTS = frozenset({"redirect", "redirectmatch"})


def reason(by: Directive, claim: Claim, route: Directive) -> str:
    """Say why ``by``, which does ``claim``, is before the directive that makes a route."""
    if by.key == "rewriterule":
        return _of_rule(by, route)
    if by.key in PASSES:
        return _of_pass(by, route)
    if by.key in ALIASES or (by.key in _REDIRECTS and section_of(by)[0] is None):
        return "mod_alias is asked before mod_wsgi"
    if by.key in SCRIPTS:
        return "the first that matches decides"
    if claim is Claim.HANDLES:
        return "a handler decides, whatever the path is mapped to"
    if claim is Claim.EXCLUDES:
        return "no-proxy keeps ProxyPass from a request"
    return "a directive in a section comes last and decides"


def unknown_scheme(rule: Directive) -> str:
    """Return the scheme that a RewriteRule leads to and mod_rewrite does not know, or nothing."""
    url = rule.words[1].text if rule.key == "rewriterule" and len(rule.words) > 1 else ""
    return misdirecting_scheme(url)


def _of_rule(by: Directive, route: Directive) -> str:
    scheme = unknown_scheme(by)
    if scheme:
        return f"mod_rewrite does not know {scheme}://, and Apache sends it to itself"
    if by.parent is not None and by.parent.key != "virtualhost":
        return "a RewriteRule in a section comes last and decides"
    if route.key == "rewriterule":
        return "the first RewriteRule that matches decides"
    return "the server's RewriteRules run before its other routes"


def _of_pass(by: Directive, route: Directive) -> str:
    if route.key not in PASSES:
        return f"ProxyPass is asked before {route.name}"
    if encoded(by) and not encoded(route):
        return "one with mapping= is asked first"
    if section_of(by)[0] is not None:
        inside = section_of(route)[0] is not None
        return (
            "the last <Location> that matches decides"
            if inside
            else "a ProxyPass in a <Location> comes before all others"
        )
    if virtual_host_of(by) is None and virtual_host_of(route) is not None:
        return "the main server's comes before a virtual host's"
    return "the first that matches decides"
