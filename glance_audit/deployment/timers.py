"""Apache's own timers on a route: worker timeout=, ProxyTimeout, Timeout."""

from __future__ import annotations

from collections.abc import Iterable

from glance_audit.apache import ApacheConfig, Directive
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.scope import proxy_matches
from glance_audit.deployment.timer import Timer, parse_duration

TIMEOUT = 60  # seconds; DEFAULT_TIMEOUT of include/httpd.h


def route_timers(config: ApacheConfig, endpoint: Endpoint) -> tuple[Timer, ...]:
    """Return the timers that govern a route, the effective backend timer first.

    For the backend side ``timeout=`` of the worker wins over ProxyTimeout, which wins over
    Timeout (measured: "worker timeout=30 over ProxyTimeout 3", "Timeout 3 ProxyTimeout 30");
    Timeout alone governs the client's side.
    """
    timeout = _timer(config, endpoint, "timeout", "Timeout") or Timer("Timeout", TIMEOUT)
    if not endpoint.targets:
        return (timeout,)
    backend = _worker(config, endpoint) or _timer(config, endpoint, "proxytimeout", "ProxyTimeout")
    return (backend, timeout) if backend is not None else (timeout,)


def _timer(config: ApacheConfig, endpoint: Endpoint, key: str, name: str) -> Timer | None:
    """The virtual host's directive, else the main server's; the last of each counts."""
    for directives in (_host_directives(endpoint), config.directives):
        found = [d for d in directives if d.key == key and d.words]
        if found:
            seconds = parse_duration(found[-1].words[0].text)
            if seconds is not None:
                return Timer(name, seconds, found[-1].place)
    return None


def _host_directives(endpoint: Endpoint) -> Iterable[Directive]:
    return endpoint.host.children if endpoint.host is not None else ()


def _worker(config: ApacheConfig, endpoint: Endpoint) -> Timer | None:
    word = (endpoint.parameters or {}).get("timeout")
    if word is not None:
        seconds = parse_duration(word.text.partition("=")[2])
        if seconds is not None:
            return Timer("worker timeout=", seconds, word.place)
    for directive in config.walk():
        section = directive.parent
        if directive.key != "proxyset" or section is None or section.key != "proxy":
            continue
        if not proxy_matches(section, endpoint.target):
            continue
        for word in directive.words:
            name, equals, value = word.text.partition("=")
            seconds = parse_duration(value)
            if name.lower() == "timeout" and equals and seconds is not None:
                return Timer("worker timeout=", seconds, word.place)
    return None
