"""Which directive answers the upload requests of a route, and who takes them from another.

Apache asks in this order, whatever the order of LoadModule: ProxyPass with ``mapping=encoded`` or
``servlet``, the server's RewriteRules, ProxyPass in a Location (the last that matches), ProxyPass
of the main server, then of the virtual host (the first that matches), Redirect, Alias,
WSGIScriptAlias (the virtual host's first), and for what became a file the handler of If, Location,
Files, Directory, server. A Redirect or RewriteRule in a Location comes over all of them but a
redirect or refusal by the server's RewriteRules (mod_proxy.c ``proxy_trans``, mod_alias.c
``fixup_redir``, mod_rewrite.c ``hook_fixup``). Measured: each configuration of
``tests/deployment/answers.conf``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from glance_audit.apache import ApacheConfig, Directive
from glance_audit.deployment.claim import Claim, Claimant
from glance_audit.deployment.claims import (
    NO_PROXY,
    Claims,
    Kind,
    claims_of,
    encoded,
    redirect_claim,
    section_of,
)
from glance_audit.deployment.handling import handlers
from glance_audit.deployment.pattern import has_wildcard, matches_everything, pattern_matches
from glance_audit.deployment.rewrite import Rewriting
from glance_audit.deployment.rewritten import (
    rewritten_by_server,
    rewritten_in_section,
    rewritten_target,
)
from glance_audit.deployment.route import VERSIONS, Endpoint, Shadow
from glance_audit.deployment.scope import near


class Answers:
    """Who answers what in some virtual hosts of one configuration.

    The others, of which there may be thousands, are not looked at.
    """

    __slots__ = ("_claims", "_main", "_none", "_rewriting", "_roots")

    def __init__(self, config: ApacheConfig, hosts: Iterable[Directive | None]) -> None:
        directives = near(config, hosts)
        self._claims = claims_of(directives)
        self._main = self._claims[id(None)]
        self._none = Claims()
        self._rewriting = Rewriting(directives, every=True)
        self._roots = {
            id(directive.parent): directive.first_word
            for directive in directives.of("documentroot")
        }

    def claimants(self, host: Directive | None, uri: str) -> Iterator[Claimant]:
        """Yield who takes an upload to a path, the strongest first, to the first certain one."""
        own = self._claims.get(id(host), self._none) if host is not None else self._none
        mapped = [*self._mapped(host, own, uri)]
        last = mapped[-1] if mapped and mapped[-1].final else None
        ends = last is not None and last.claim.ends
        proxied = last is not None and last.claim is Claim.PROXIES
        found = chain(
            () if ends else self._fixed(own, uri),
            mapped if ends or proxied else self._handled(host, own, uri, mapped),
        )
        for claimant in found:
            yield claimant
            if claimant.final:
                return

    def shadow_of(self, endpoint: Endpoint) -> Shadow | None:
        """Return who takes the uploads of an endpoint from it, None when they reach it."""
        if endpoint.misdirected or _never_matches(endpoint):
            return Shadow(None, None, certain=True, whole=True)
        taker = self._taker(endpoint, endpoint.upload_uri)
        if taker is None:
            return None
        directive, claim, certain = taker
        if not certain:
            return Shadow(directive, claim, certain=False)
        *_, last = self.claimants(endpoint.host, endpoint.upload_uri)
        answer = last.directive if last.final else None
        whole = self._takes_all(endpoint)
        return Shadow(directive, claim, certain=True, whole=whole, answer=answer)

    def _takes_all(self, endpoint: Endpoint) -> bool:
        """Whether a request that is no upload does not reach the endpoint either."""
        uri = endpoint.uri(VERSIONS)
        if endpoint.pattern is not None and not pattern_matches(endpoint.pattern, uri):
            return True  # what the pattern is for is uploads
        other = self._taker(endpoint, uri)
        return other is not None and other.certain

    def _taker(self, endpoint: Endpoint, uri: str) -> Claimant | None:
        """Return who takes a request from an endpoint; one that surely does, if there is one."""
        if endpoint.pattern is not None and pattern_matches(endpoint.pattern, uri) is not True:
            return None
        possible: Claimant | None = None
        for claimant in self.claimants(endpoint.host, uri):
            if claimant.directive is endpoint.directive:
                return possible
            if claimant.claim is Claim.EXCLUDES and not _obeys(endpoint):
                continue
            if claimant.certain:
                return claimant
            possible = possible or claimant
        return None

    def _mapped(self, host: Directive | None, own: Claims, uri: str) -> Iterator[Claimant]:
        """Yield who maps a path to a backend or a file (translate_name)."""
        early = [*self._proxied(own, uri, early=True)]
        if early and early[-1].final:
            yield from rewritten_target(self._rewriting, host, uri)
            yield from early
            return
        rewritten = [*rewritten_by_server(self._rewriting, host, uri)]
        silenced = any(one.claim is Claim.EXCLUDES and one.certain for one in rewritten)
        for claimant in chain(
            early,
            rewritten,
            () if silenced else self._proxied(own, uri, early=False),
            self._redirected(own, uri, Kind.REDIRECT),
            self._plain(own, uri, Kind.SECTION_ALIAS, Claim.MAPS),
            self._plain(own, uri, Kind.ALIAS, Claim.MAPS),
            self._plain(own, uri, Kind.SCRIPT, Claim.SCRIPT),
        ):
            yield claimant
            if claimant.final:
                return

    def _plain(self, own: Claims, uri: str, kind: Kind, claim: Claim) -> Iterator[Claimant]:
        for claims in (own, self._main):
            for match in claims.matching(kind, uri):
                yield Claimant(match.directive, claim, match.certain)

    def _redirected(self, own: Claims, uri: str, kind: Kind) -> Iterator[Claimant]:
        for claims in (own, self._main):
            for match in claims.matching(kind, uri):
                yield Claimant(match.directive, redirect_claim(match.directive), match.certain)

    def _proxied(self, own: Claims, uri: str, *, early: bool) -> Iterator[Claimant]:
        for claimant in _silencing((*self._main.silencers, *own.silencers), uri):
            yield claimant
            if claimant.certain:
                return
        for match in (m for c in (own, self._main) for m in c.matching(Kind.SECTION_PROXY, uri)):
            directive = match.directive
            taken = _section_takes(directive, uri) if encoded(directive) is early else False
            if taken is not False:
                yield _pass(directive, certain=bool(match.certain and taken))
            if match.certain:
                # Of Locations the last one alone is looked at, whether it takes the path or not.
                if taken:
                    return
                break
        kind = Kind.ENCODED_PROXY if early else Kind.PROXY
        for match in (m for c in (self._main, own) for m in c.matching(kind, uri)):
            yield _pass(match.directive, certain=match.certain)
            if match.certain:
                return

    def _fixed(self, own: Claims, uri: str) -> Iterator[Claimant]:
        """Yield the redirects and rules of Locations, which come last and change what was."""
        yield from self._redirected(own, uri, Kind.SECTION_REDIRECT)
        for claims in (own, self._main):
            for match in claims.matching(Kind.SECTION_RULE, uri):
                yield from rewritten_in_section(self._rewriting, match, uri)
                if match.certain:
                    return

    def _handled(
        self, host: Directive | None, own: Claims, uri: str, mapped: list[Claimant]
    ) -> Iterator[Claimant]:
        """Yield who handles a request that became a file: SetHandler, else what mapped it."""
        files = [one for one in mapped if one.final]
        yield from (one for one in mapped if not one.final)
        root = self._roots.get(id(host), self._roots.get(id(None), ""))
        for match in handlers((own, self._main), root, uri, files[-1] if files else None):
            directive = match.directive
            if directive.key == "rewriterule":
                yield from rewritten_in_section(self._rewriting, match, uri)
                continue
            handler = directive.first_word.lower()
            if handler == "wsgi-script" and files:
                if match.certain:
                    break
                continue
            if handler.startswith("expr="):
                match = match._replace(certain=False)
            if handler != "none":
                yield Claimant(directive, Claim.HANDLES, match.certain)
            if match.certain:
                break
        yield from files


def _pass(directive: Directive, *, certain: bool) -> Claimant:
    excludes = any(word.text == "!" for word in directive.words[:3])
    return Claimant(directive, Claim.EXCLUDES if excludes else Claim.PROXIES, certain)


def _section_takes(directive: Directive, uri: str) -> bool | None:
    """Whether a ProxyPass takes a path that its Location takes.

    It looks at the path itself once more: for the section's argument as a pattern with
    ProxyPassMatch or when there is a wildcard in it, else as a prefix (mod_proxy.c ``add_pass``).
    """
    section, _ = section_of(directive)
    words = section.words if section is not None else ()
    if not words:
        return False
    tilde = words[0].text == "~" and len(words) > 1
    path = words[1].text if tilde else words[0].text
    if directive.key == "proxypassmatch" or has_wildcard(path):
        return pattern_matches(path, uri)
    base = path.rstrip("/")
    return uri == path or uri.startswith(base + "/")


def _never_matches(endpoint: Endpoint) -> bool:
    """Whether it is a ProxyPass that takes the pattern of its LocationMatch for a prefix."""
    if endpoint.pattern is None or endpoint.directive.key != "proxypass":
        return False
    section, _ = section_of(endpoint.directive)
    return section is not None and _section_takes(endpoint.directive, endpoint.upload_uri) is False


def _obeys(endpoint: Endpoint) -> bool:
    """Whether a ``!`` keeps an endpoint from its requests: those of ProxyPass alone."""
    return endpoint.directive.key in ("proxypass", "proxypassmatch")


def _silencing(silencers: Sequence[Directive], uri: str) -> Iterator[Claimant]:
    """Yield what sets no-proxy for an upload and is not taken back, from the last one on."""
    certain = True
    for directive in reversed(silencers):
        met = _met(directive, uri)
        if met is False:
            continue
        first = 1 if directive.key.startswith(("browser", "setenvifexpr")) else 2
        names = [word.text.lower().partition("=")[0] for word in directive.words[first:]]
        if NO_PROXY in names:
            yield Claimant(directive, Claim.EXCLUDES, certain=certain and met is True)
        elif "!" + NO_PROXY in names:
            certain = False
        else:
            continue
        if met:
            return


def _met(directive: Directive, uri: str) -> bool | None:
    """Whether an upload meets the condition of a SetEnvIf; None: that depends on the request."""
    words = directive.words
    if directive.key == "setenvifexpr" or len(words) < 2:
        return None
    if directive.key.startswith("browser"):
        return matches_everything(words[0].text) or None
    attribute, pattern = words[0].text.lower(), words[1].text
    if attribute not in ("request_uri", "request_method"):
        return matches_everything(pattern) or None
    subject = uri if attribute == "request_uri" else "PUT"
    return pattern_matches(pattern, subject, ignore_case=directive.key.endswith("nocase"))
