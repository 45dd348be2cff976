"""Finding the endpoints of one Apache: every directive that hands a path to a backend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from glance_audit.apache import ApacheConfig, Directive, Word
from glance_audit.deployment.pattern import literal_prefix
from glance_audit.deployment.rewrite import RewriteRule, Rewriting
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.scope import outside_macros, scope_of, virtual_host_of
from glance_audit.deployment.target import Gateway, Target, parse_target

_KEYS = (
    "proxypass", "proxypassmatch", "rewriterule", "sethandler", "wsgiscriptalias",
    "wsgiscriptaliasmatch", "wsgihandlerscript",
)  # fmt: skip
_SECTION_PATHS = frozenset({"location", "locationmatch"})


_Members = Mapping[tuple[int, str], tuple[Target, ...]]


def find_endpoints(
    config: ApacheConfig, rewriting: Rewriting | None = None
) -> tuple[Endpoint, ...]:
    """Return the endpoints of every virtual host and of the main server, in file order.

    Each virtual host inherits those of the main server, also with ``ProxyPassInherit Off``, which
    leaves out only ProxyRemote (mod_proxy.c ``merge_proxy_config``; measured on 2.4.71). Inherited
    ones come first: a ProxyPass of the main server wins over the virtual host's own.
    """
    members = _balancer_members(config.all.of("balancermember"))
    rewriting = rewriting or Rewriting(config.all)
    hosts = config.all.of("virtualhost")
    own: dict[int, list[Endpoint]] = {id(host): [] for host in hosts}
    main: list[Endpoint] = []
    keys = _KEYS if rewriting.any else tuple(key for key in _KEYS if key != "rewriterule")
    for directive in outside_macros(config.all, keys):
        endpoint = _endpoint(directive, members, rewriting)
        if endpoint is not None:
            host = endpoint.host
            (main if host is None else own.setdefault(id(host), [])).append(endpoint)
    found = list(main)
    for host in hosts:
        mine = own[id(host)]
        if main:
            taken = {(e.path, e.pattern) for e in mine}
            found += [e._replace(host=host) for e in main if _inherited(e, host, taken, rewriting)]
        found += mine
    return tuple(found)


def _inherited(
    endpoint: Endpoint,
    host: Directive,
    taken: set[tuple[str, str | None]],
    rewriting: Rewriting,
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
    return (endpoint.path, endpoint.pattern) not in taken


def _endpoint(directive: Directive, members: _Members, rewriting: Rewriting) -> Endpoint | None:
    match directive.key:
        case "proxypass" | "proxypassmatch":
            return _proxy_pass(directive, members)
        case "rewriterule":
            rule = rewriting.rule(directive)
            return _rewrite(rule, members) if rule is not None and rule.proxies else None
        case "sethandler":
            return _handler(directive, members)
        case "wsgiscriptalias" | "wsgiscriptaliasmatch":
            return _script_alias(directive)
        case "wsgihandlerscript":
            return _script(directive)
    return None


def _proxy_pass(directive: Directive, members: _Members) -> Endpoint | None:
    words = list(directive.words)
    section = _location_of(directive)
    if section is not None:
        path, pattern = section_path(section)
        # In a Location the path is the section's; an explicit one would be a syntax error.
    else:
        if not words:
            return None
        path, pattern = words.pop(0).text, None
        if path == "~" and words:
            path, pattern = _from_pattern(words.pop(0).text)
        elif directive.key == "proxypassmatch":
            path, pattern = _from_pattern(path)
    if not words or words[0].text == "!":
        return None
    target = parse_target(words[0].text)
    if target is None:
        return None
    parameters = {
        name.lower(): word
        for word in words[1:]
        for name, equals, _ in [word.text.partition("=")]
        if equals
    }
    return _proxied(directive, path, pattern, target, members, parameters)


def _rewrite(rule: RewriteRule, members: _Members) -> Endpoint | None:
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
    return _proxied(directive, path, pattern, target, members, {})


def _handler(directive: Directive, members: _Members) -> Endpoint | None:
    words = directive.words
    if not words or not words[0].text.lower().startswith("proxy:"):
        return None
    target = parse_target(words[0].text[6:])
    if target is None:
        return None
    section = _location_of(directive)
    path, pattern = section_path(section) if section is not None else ("/", None)
    return _proxied(directive, path, pattern, target, members, {})


def _location_of(directive: Directive) -> Directive | None:
    section = directive.parent
    while section is not None and section.key not in _SECTION_PATHS:
        section = section.parent
    return section


def _script_alias(directive: Directive) -> Endpoint | None:
    words = directive.words
    if len(words) < 2:
        return None
    path, pattern = words[0].text, None
    if directive.key == "wsgiscriptaliasmatch":
        path, pattern = _from_pattern(path)
    return _wsgi(directive, path, pattern, words[1].text, words[2:])


def _script(directive: Directive) -> Endpoint | None:
    words = directive.words
    if len(words) < 2:
        return None
    return _wsgi(directive, "/", None, words[1].text, words[2:])


def _wsgi(
    directive: Directive, path: str, pattern: str | None, script: str, rest: Iterable[Word]
) -> Endpoint:
    parameters = {
        name.lower(): word
        for word in rest
        for name, equals, _ in [word.text.partition("=")]
        if equals
    }
    host = virtual_host_of(directive)
    return Endpoint(
        path, pattern, script, Gateway.MOD_WSGI, directive, host, (), script, parameters
    )


def _proxied(
    directive: Directive,
    path: str,
    pattern: str | None,
    target: Target,
    members: _Members,
    parameters: Mapping[str, Word],
) -> Endpoint:
    targets: tuple[Target, ...] = (target,)
    host = virtual_host_of(directive)
    if target.scheme == "balancer":
        own, main = ((id(server), target.host) for server in (host, None))
        targets = members.get(own, ()) or members.get(main, ())
    gateway = targets[0].gateway if targets else Gateway.PROXY_OTHER
    return Endpoint(
        path, pattern, target.text, gateway, directive, host, targets, None, parameters,
    )  # fmt: skip


def _balancer_members(directives: Iterable[Directive]) -> _Members:
    """Map a balancer, by its virtual host and name, to its members."""
    found: dict[tuple[int, str], list[Target]] = {}
    for directive in directives:
        words = [word.text for word in directive.words]
        if not words:
            continue
        section = scope_of(directive).section
        name = words[0]
        if section is not None and section.key == "proxy" and section.words:
            name = section.words[0].text
        elif len(words) > 1:
            words.pop(0)
        member = parse_target(words[0])
        balancer = parse_target(name)
        if member is not None and balancer is not None and balancer.scheme == "balancer":
            key = id(virtual_host_of(directive)), balancer.host
            found.setdefault(key, []).append(member)
    return {key: tuple(targets) for key, targets in found.items()}


def section_path(section: Directive) -> tuple[str, str | None]:
    """Return the path, and the pattern if it is one, of a Location section."""
    words = section.words
    if not words:
        return "/", None
    if section.key == "locationmatch":
        return _from_pattern(words[0].text)
    if words[0].text == "~" and len(words) > 1:
        return _from_pattern(words[1].text)
    return words[0].text, None


def _from_pattern(pattern: str) -> tuple[str, str]:
    return literal_prefix(pattern), pattern
