"""Finding the endpoints of one Apache: every directive that hands a path to a backend."""

from __future__ import annotations

from glance_audit.apache import ApacheConfig, Directive
from glance_audit.deployment.balancer import Balancers
from glance_audit.deployment.claims import ALIASES
from glance_audit.deployment.pattern import literal_prefix
from glance_audit.deployment.rewrite import RewriteRule, Rewriting
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.scope import outside_macros, virtual_host_of
from glance_audit.deployment.script_handler import ScriptHandlers, alias_words
from glance_audit.deployment.target import Gateway, Target, parse_target
from glance_audit.record import NamedTuple

_KEYS = (
    "proxypass", "proxypassmatch", "rewriterule", "sethandler", "wsgiscriptalias",
    "wsgiscriptaliasmatch", *ALIASES,
)  # fmt: skip
_SECTION_PATHS = frozenset({"location", "locationmatch"})


def find_endpoints(
    config: ApacheConfig, rewriting: Rewriting | None = None
) -> tuple[Endpoint, ...]:
    """Return the endpoints of every virtual host and of the main server, in file order.

    Each virtual host inherits those of the main server, also with ``ProxyPassInherit Off``, which
    leaves out only ProxyRemote (mod_proxy.c ``merge_proxy_config``; measured on 2.4.71). Inherited
    ones come first: a ProxyPass of the main server wins over the virtual host's own.
    """
    rewriting = rewriting or Rewriting(config.all)
    surroundings = _Surroundings(Balancers(config), rewriting, ScriptHandlers(config.all))
    hosts = config.all.of("virtualhost")
    own: dict[int, list[Endpoint]] = {id(host): [] for host in hosts}
    main: list[Endpoint] = []
    for directive in outside_macros(config.all, surroundings.keys):
        endpoint = _endpoint(directive, surroundings)
        if endpoint is not None:
            host = endpoint.host
            (main if host is None else own.setdefault(id(host), [])).append(endpoint)
    found = list(main)
    for host in hosts:
        mine = own[id(host)]
        if main:
            taken = {_rank(e) for e in mine}
            found += [e._replace(host=host) for e in main if _inherited(e, host, taken, rewriting)]
        found += mine
    return tuple(found)


class _Surroundings(NamedTuple):
    """What decides on a directive from elsewhere in the configuration."""

    balancers: Balancers
    rewriting: Rewriting
    handlers: ScriptHandlers

    @property
    def keys(self) -> tuple[str, ...]:
        """The directives that may make an endpoint here."""
        left_out: tuple[str, ...] = () if self.rewriting.any else ("rewriterule",)
        left_out += () if self.handlers.any else ALIASES
        return tuple(key for key in _KEYS if key not in left_out)


_Rank = tuple[bool, str, str, str | None]


def _rank(endpoint: Endpoint) -> _Rank:
    """Return what two endpoints share of which the virtual host's alone counts."""
    section = endpoint.directive.parent
    inside = section is not None and section.key in _SECTION_PATHS
    kind = "" if endpoint.script is not None else endpoint.directive.key.removesuffix("match")
    return inside, kind, endpoint.path, endpoint.pattern


def _inherited(
    endpoint: Endpoint, host: Directive, taken: set[_Rank], rewriting: Rewriting
) -> bool:
    """Whether an endpoint of the main server counts in a virtual host.

    Of two Locations the virtual host's wins, and of two WSGIScriptAliases; of two ProxyPass at
    server level the main server's (measured; mod_wsgi.c ``wsgi_merge_server_config``).
    """
    directive = endpoint.directive
    if directive.parent is None:
        if directive.key == "rewriterule":
            return rewriting.inherits(host)
        if directive.key in ("proxypass", "proxypassmatch"):
            return True
    return _rank(endpoint) not in taken


def _endpoint(directive: Directive, surroundings: _Surroundings) -> Endpoint | None:
    members = surroundings.balancers
    match directive.key:
        case "proxypass" | "proxypassmatch":
            return _proxy_pass(directive, members)
        case "rewriterule":
            rule = surroundings.rewriting.rule(directive)
            if rule is None or not rule.proxies:
                return None
            return _rewrite(rule, members)
        case "sethandler":
            return _handler(directive, surroundings)
        case "wsgiscriptalias" | "wsgiscriptaliasmatch":
            return _script_alias(directive)
    return _alias(directive) if surroundings.handlers.runs(directive) else None


def _proxy_pass(directive: Directive, members: Balancers) -> Endpoint | None:
    words = directive.texts
    section = _location_of(directive)
    at = 0
    if section is not None:
        path, pattern = section_path(section)
        # In a Location the path is the section's; an explicit one would be a syntax error.
    else:
        if not words:
            return None
        path, pattern, at = words[0], None, 1
        if path == "~" and len(words) > 1:
            path, pattern = _from_pattern(words[1])
            at = 2
        elif directive.key == "proxypassmatch":
            path, pattern = _from_pattern(path)
    if len(words) <= at or words[at] == "!":
        return None
    target = parse_target(words[at])
    if target is None:
        return None
    return _proxied(directive, path, pattern, target, members, (directive, at + 1))


def _rewrite(rule: RewriteRule, members: Balancers) -> Endpoint | None:
    directive = rule.directive
    target = parse_target(rule.substitution)
    if target is None:
        return None
    section = _location_of(directive)
    if section is not None:
        path, pattern = section_path(section)
    elif rule.pattern.startswith("!"):
        path, pattern = "/", rule.pattern
    else:
        # In a Directory the pattern sees a path without its leading slash.
        path, pattern = _from_pattern(rule.pattern)
        path = path if path.startswith("/") else "/" + path
    found = _proxied(directive, path, pattern, target, members)
    return found._replace(misdirected=True) if rule.misdirected else found


def _handler(directive: Directive, surroundings: _Surroundings) -> Endpoint | None:
    words = directive.texts
    if not words:
        return None
    section = _location_of(directive)
    path, pattern = section_path(section) if section is not None else ("/", None)
    if words[0].lower().startswith("proxy:"):
        target = parse_target(words[0][6:])
        if target is not None:
            return _proxied(directive, path, pattern, target, surroundings.balancers)
        return None
    script = surroundings.handlers.named(directive)
    if script is None:
        return None
    return _wsgi(directive, path, pattern, script.texts[1], (script, 2))


def _location_of(directive: Directive) -> Directive | None:
    section = directive.parent
    while section is not None and section.key not in _SECTION_PATHS:
        section = section.parent
    return section


def _script_alias(directive: Directive) -> Endpoint | None:
    words = directive.texts
    if len(words) < 2:
        return None
    path, pattern = words[0], None
    if directive.key == "wsgiscriptaliasmatch":
        path, pattern = _from_pattern(path)
    return _wsgi(directive, path, pattern, words[1], (directive, 2))


def _alias(directive: Directive) -> Endpoint:
    path, file = alias_words(directive)
    pattern = None
    section = _location_of(directive)
    if section is not None:
        path, pattern = section_path(section)
    elif directive.key.endswith("match"):
        path, pattern = _from_pattern(path)
    return _wsgi(directive, path, pattern, file)


def _wsgi(
    directive: Directive,
    path: str,
    pattern: str | None,
    script: str,
    parameters: tuple[Directive, int] | None = None,
) -> Endpoint:
    host = virtual_host_of(directive)
    return Endpoint(
        path, pattern, script, Gateway.MOD_WSGI, directive, host, (), script, parameters
    )


def _proxied(
    directive: Directive,
    path: str,
    pattern: str | None,
    target: Target,
    members: Balancers,
    parameters: tuple[Directive, int] | None = None,
) -> Endpoint:
    targets: tuple[Target, ...] = (target,)
    host = virtual_host_of(directive)
    if target.scheme == "balancer":
        targets = members.members(target.host, host)
    gateway = targets[0].gateway if targets else Gateway.PROXY_OTHER
    return Endpoint(
        path, pattern, target.text, gateway, directive, host, targets, None, parameters,
    )  # fmt: skip


def section_path(section: Directive) -> tuple[str, str | None]:
    """Return the path, and the pattern if it is one, of a Location section."""
    words = section.texts
    if not words:
        return "/", None
    if section.key == "locationmatch":
        return _from_pattern(words[0])
    if words[0] == "~" and len(words) > 1:
        return _from_pattern(words[1])
    return words[0], None


def _from_pattern(pattern: str) -> tuple[str, str]:
    return literal_prefix(pattern), pattern
