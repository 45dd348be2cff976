"""Balancers and their members."""

from __future__ import annotations

from collections.abc import Iterable

from glance_audit.apache import ApacheConfig, Directive
from glance_audit.deployment.scope import scope_of, virtual_host_of
from glance_audit.deployment.target import Target, parse_target


class Balancers:
    """The balancers of one configuration.

    One that the main server has, or only names in a ProxyPass, stands for its namesake in every
    virtual host, members and all (mod_proxy.c ``merge_balancers``; measured: the ``balancer``
    configurations of ``tests/deployment/answers.conf``).
    """

    __slots__ = ("_alone", "_main", "_members")

    def __init__(self, config: ApacheConfig) -> None:
        self._members: dict[tuple[int, str], list[Target]] = {}
        for directive in config.all.of("balancermember"):
            self._add(directive)
        self._main = {name for host, name in self._members if host == id(None)}
        for directive in config.directives:
            self._main |= set(_named(directive))
        self._alone = _uninherited(config.all.of("balancerinherit", "proxypassinherit"))

    def members(self, name: str, host: Directive | None) -> tuple[Target, ...]:
        """Return what is behind a balancer's name where a virtual host names it."""
        main = name in self._main and not (id(host) in self._alone if host is not None else False)
        return tuple(self._members.get((id(None if main else host), name), ()))

    def _add(self, directive: Directive) -> None:
        words = [word.text for word in directive.words]
        if not words:
            return
        section = scope_of(directive).section
        name = words[0]
        if section is not None and section.key == "proxy" and section.words:
            name = section.words[0].text
        elif len(words) > 1:
            words.pop(0)
        member, balancer = parse_target(words[0]), parse_target(name)
        if member is not None and balancer is not None and balancer.scheme == "balancer":
            key = id(virtual_host_of(directive)), balancer.host
            self._members.setdefault(key, []).append(member)


def _named(directive: Directive) -> Iterable[str]:
    """Yield the balancers that a directive of the main server brings into being."""
    if directive.key in ("location", "locationmatch"):
        for child in directive.children:
            yield from _named(child)
    elif directive.key in ("proxypass", "proxypassmatch", "proxy"):
        for word in directive.words[:3]:
            target = parse_target(word.text) if "balancer:" in word.text.lower() else None
            if target is not None and target.scheme == "balancer":
                yield target.host


def _uninherited(directives: Iterable[Directive]) -> set[int]:
    """Return the virtual hosts that take no balancer of the main server: both say Off there."""
    off: dict[int, set[str]] = {}
    for directive in directives:
        host = virtual_host_of(directive)
        if host is not None:
            known = off.setdefault(id(host), set())
            if directive.first_word.lower() == "off":
                known.add(directive.key)
            else:
                known.discard(directive.key)
    return {host for host, keys in off.items() if len(keys) == 2}
