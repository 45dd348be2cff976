"""Apache's own timers on a route: worker timeout=, ProxyTimeout, Timeout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from glance_audit.apache import ApacheConfig, Directive, Word
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.scope import proxy_matches, virtual_host_of
from glance_audit.deployment.timer import Timer, parse_duration

TIMEOUT = 60  # seconds; DEFAULT_TIMEOUT of include/httpd.h

_LEADING_NUMBER = re.compile(r"[ \t]*([0-9]+)")


def worker_settings(directives: Iterable[Directive]) -> tuple[Directive, ...]:
    """Return what may give a worker its timeout= beside ProxyPass itself, in order."""
    return tuple(d for d in directives if d.key in ("proxyset", "balancermember"))


def route_timers(
    config: ApacheConfig, endpoint: Endpoint, workers: Iterable[Directive]
) -> tuple[Timer, ...]:
    """Return the timers that govern a route, the effective backend timer first.

    For the backend side ``timeout=`` of the worker wins over ProxyTimeout, which wins over
    Timeout (measured: "worker timeout=30 over ProxyTimeout 3", "Timeout 3 ProxyTimeout 30");
    Timeout alone governs the client's side. ``workers`` are those of :func:`worker_settings`.
    """
    timeout = _timer(config, endpoint, "timeout", "Timeout") or Timer("Timeout", TIMEOUT)
    if not endpoint.targets:
        return (timeout,)
    backend = _worker(workers, endpoint) or _timer(config, endpoint, "proxytimeout", "ProxyTimeout")
    return (backend, timeout) if backend is not None else (timeout,)


def _timer(config: ApacheConfig, endpoint: Endpoint, key: str, name: str) -> Timer | None:
    """The virtual host's directive, else the main server's; the last of each counts."""
    for directives in (_host_directives(endpoint), config.directives):
        found = [d for d in directives if d.key == key and d.words]
        if found:
            text = found[-1].words[0].text
            seconds = _whole_seconds(text) if key == "timeout" else parse_duration(text)
            if seconds is not None:
                return Timer(name, seconds, found[-1].place)
    return None


def _whole_seconds(text: str) -> float | None:
    """Read a number as Timeout does, with atoi: ``5min`` is 5 (server/core.c ``set_timeout``)."""
    match = _LEADING_NUMBER.match(text)
    return float(match[1]) if match else None


def _host_directives(endpoint: Endpoint) -> Iterable[Directive]:
    return endpoint.host.children if endpoint.host is not None else ()


def _worker(workers: Iterable[Directive], endpoint: Endpoint) -> Timer | None:
    word = (endpoint.parameters or {}).get("timeout")
    found = None if word is None else _timeout((word,))
    if found is not None:
        return found
    addresses = {endpoint.target, *(target.text for target in endpoint.targets)}
    for directive in workers:
        if virtual_host_of(directive) in (None, endpoint.host) and any(
            _concerns(directive, address) for address in addresses
        ):
            found = _timeout(directive.words) or found
    return found


def _concerns(directive: Directive, address: str) -> bool:
    """Whether a ProxySet, or a BalancerMember, speaks of the worker of an address."""
    section = directive.parent
    words = directive.words
    if directive.key == "proxyset" and section is not None and section.key == "proxy":
        return bool(proxy_matches(section, address))
    return any(word.text.rstrip("/") == address.rstrip("/") for word in words[:2])


def _timeout(words: Iterable[Word]) -> Timer | None:
    return next(_timeouts(words), None)


def _timeouts(words: Iterable[Word]) -> Iterator[Timer]:
    for word in words:
        name, equals, value = word.text.partition("=")
        seconds = parse_duration(value)
        if name.lower() == "timeout" and equals and seconds is not None:
            yield Timer("worker timeout=", seconds, word.place)
