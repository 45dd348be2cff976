"""Finding the endpoints of one Apache: every directive that hands a path to a backend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from glance_audit.apache import ApacheConfig, Directive, Word
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.scope import literal_prefix, scope_of, virtual_host_of
from glance_audit.deployment.target import Gateway, Target, parse_target

_SECTION_PATHS = frozenset({"location", "locationmatch"})


def find_endpoints(config: ApacheConfig) -> tuple[Endpoint, ...]:
    """Return the endpoints of every virtual host and of the main server, in file order.

    A ProxyPass of the main server is inherited by each virtual host after its own unless
    ``ProxyPassInherit Off`` (measured: global_proxypass_inherited); mod_wsgi aliases are too.
    """
    directives = tuple(config.walk())
    members = _balancer_members(directives)
    hosts = [d for d in directives if d.key == "virtualhost"]
    own: dict[int, list[Endpoint]] = {id(host): [] for host in hosts}
    main: list[Endpoint] = []
    for directive in directives:
        for endpoint in _endpoints(directive, members):
            host = endpoint.host
            (main if host is None else own.setdefault(id(host), [])).append(endpoint)
    found = list(main)
    for host in hosts:
        mine = own[id(host)]
        found += mine
        if not _inherits(host, directives):
            continue
        taken = {(e.path, e.pattern) for e in mine}
        found += [
            Endpoint(
                e.path, e.pattern, e.target, e.gateway, e.directive, host,
                e.targets, e.script, e.parameters,
            )
            for e in main
            if e.directive.key != "rewriterule" and (e.path, e.pattern) not in taken
        ]  # fmt: skip
    return tuple(found)


def _inherits(host: Directive, directives: Iterable[Directive]) -> bool:
    return not any(
        d.words and d.words[0].text.lower() == "off"
        for d in directives
        if d.key == "proxypassinherit" and virtual_host_of(d) in (None, host)
    )


def _endpoints(
    directive: Directive, members: Mapping[str, tuple[Target, ...]]
) -> Iterator[Endpoint]:
    match directive.key:
        case "proxypass" | "proxypassmatch":
            yield from _proxy_pass(directive, members)
        case "rewriterule":
            yield from _rewrite(directive, members)
        case "sethandler":
            yield from _handler(directive, members)
        case "wsgiscriptalias" | "wsgiscriptaliasmatch":
            yield from _script_alias(directive)
        case "wsgihandlerscript":
            yield from _script(directive, directive.words[1:2])


def _proxy_pass(
    directive: Directive, members: Mapping[str, tuple[Target, ...]]
) -> Iterator[Endpoint]:
    words = list(directive.words)
    section = directive.parent
    while section is not None and section.key not in _SECTION_PATHS:
        section = section.parent
    if section is not None:
        path, pattern = section_path(section)
        # In a Location the path is the section's; an explicit one would be a syntax error.
    else:
        if not words:
            return
        path, pattern = words.pop(0).text, None
        if path == "~" and words:
            path, pattern = _from_pattern(words.pop(0).text)
        elif directive.key == "proxypassmatch":
            path, pattern = _from_pattern(path)
    if not words or words[0].text == "!":
        return
    target = parse_target(words[0].text)
    if target is None:
        return
    parameters = {
        name.lower(): word
        for word in words[1:]
        for name, equals, _ in [word.text.partition("=")]
        if equals
    }
    yield _proxied(directive, path, pattern, target, members, parameters)


def _rewrite(directive: Directive, members: Mapping[str, tuple[Target, ...]]) -> Iterator[Endpoint]:
    words = directive.words
    if len(words) < 3 or not rewriting(directive):
        return
    flags = rewrite_flags(words[2].text)
    if not any(flag in ("P", "proxy") for flag in flags):
        return
    target = parse_target(words[1].text)
    if target is not None:
        path, pattern = _from_pattern(words[0].text)
        yield _proxied(directive, path, pattern, target, members, {})


def _handler(directive: Directive, members: Mapping[str, tuple[Target, ...]]) -> Iterator[Endpoint]:
    words = directive.words
    if not words or not words[0].text.lower().startswith("proxy:"):
        return
    target = parse_target(words[0].text[6:])
    if target is None:
        return
    section = directive.parent
    while section is not None and section.key not in _SECTION_PATHS:
        section = section.parent
    path, pattern = section_path(section) if section is not None else ("/", None)
    yield _proxied(directive, path, pattern, target, members, {})


def _script_alias(directive: Directive) -> Iterator[Endpoint]:
    words = directive.words
    if len(words) < 2:
        return
    path, pattern = words[0].text, None
    if directive.key == "wsgiscriptaliasmatch":
        path, pattern = _from_pattern(path)
    yield _wsgi(directive, path, pattern, words[1].text, words[2:])


def _script(directive: Directive, script: Iterable[Word]) -> Iterator[Endpoint]:
    for word in script:
        yield _wsgi(directive, "/", None, word.text, directive.words[2:])


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
    members: Mapping[str, tuple[Target, ...]],
    parameters: Mapping[str, Word],
) -> Endpoint:
    targets: tuple[Target, ...] = (target,)
    if target.scheme == "balancer":
        targets = members.get(target.host, ())
    gateway = targets[0].gateway if targets else Gateway.PROXY_OTHER
    return Endpoint(
        path, pattern, target.text, gateway, directive, virtual_host_of(directive),
        targets, None, parameters,
    )  # fmt: skip


def _balancer_members(directives: Iterable[Directive]) -> dict[str, tuple[Target, ...]]:
    """Map a balancer's name to its members: ``<Proxy balancer://name>`` BalancerMember."""
    found: dict[str, list[Target]] = {}
    for directive in directives:
        if directive.key != "balancermember" or not directive.words:
            continue
        words = [word.text for word in directive.words]
        scope = scope_of(directive)
        name = words[0]
        if scope.section is not None and scope.section.key == "proxy" and scope.section.words:
            name = scope.section.words[0].text
        elif len(words) > 1:
            words.pop(0)
        member = parse_target(words[0])
        balancer = parse_target(name)
        if member is not None and balancer is not None and balancer.scheme == "balancer":
            found.setdefault(balancer.host, []).append(member)
    return {name: tuple(targets) for name, targets in found.items()}


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


def rewriting(directive: Directive) -> bool:
    """Whether mod_rewrite is on where a RewriteRule stands (not inherited by virtual hosts)."""
    scope = scope_of(directive)
    siblings = directive.parent.children if directive.parent is not None else ()
    switches = [d for d in siblings if d.key == "rewriteengine" and d.words]
    if not switches and scope.host is not None and scope.section is not scope.host:
        switches = [d for d in scope.host.children if d.key == "rewriteengine" and d.words]
    if switches:
        return switches[-1].words[0].text.lower() == "on"
    # In the main server the switch is a sibling at top level, which has no parent to ask.
    return directive.parent is None


def rewrite_flags(text: str) -> tuple[str, ...]:
    """Split ``[P,L,E=x:1]``."""
    return tuple(flag.strip() for flag in text.strip("[]").split(",") if flag.strip())


def _from_pattern(pattern: str) -> tuple[str, str]:
    return literal_prefix(pattern), pattern
