"""Apache's own timers on a route: worker timeout=, ProxyTimeout, Timeout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from glance_audit.apache import ApacheConfig, Directive, Word
from glance_audit.deployment.route import Endpoint
from glance_audit.deployment.scope import proxy_matches, virtual_host_of
from glance_audit.deployment.timer import Timer, parse_duration

TIMEOUT = 60  # seconds; DEFAULT_TIMEOUT of include/httpd.h

_DEFAULT = Timer("Timeout", TIMEOUT)
_BODY = re.compile(r"body=(\d{1,18})(?:-(\d{1,18}))?(,MinRate=\d+)?\Z", re.IGNORECASE | re.ASCII)
_LEADING_NUMBER = re.compile(r"[ \t]*([0-9]{1,18})")


class Timers:
    """Apache's timers of one configuration, to be had for each route."""

    __slots__ = ("_caps", "_set", "_workers")

    def __init__(self, config: ApacheConfig) -> None:
        # By the directive's name and the id() of its server: the main one's is that of None.
        self._set: dict[tuple[str, int], Timer | None] = {}
        for directive in config.all.of("timeout", "proxytimeout"):
            server = directive.parent
            if (server is None or server.key == "virtualhost") and directive.words:
                # The last one counts.
                self._set[directive.key, id(server)] = _server_timer(directive)
        self._caps: dict[int, Timer | None] = {}
        for directive in config.all.of("requestreadtimeout"):
            for word in directive.words:
                if word.text.lower().startswith("body="):
                    self._caps[id(virtual_host_of(directive))] = _body_cap(word)
        self._workers: dict[int, list[Directive]] = {}
        for directive in config.all.of("proxyset", "balancermember"):
            self._workers.setdefault(id(virtual_host_of(directive)), []).append(directive)

    def of(self, endpoint: Endpoint) -> tuple[Timer, ...]:
        """Return the timers that govern a route, the effective backend timer first.

        For the backend side ``timeout=`` of the worker wins over ProxyTimeout, which wins over
        Timeout (measured: "worker timeout=30 over ProxyTimeout 3", "Timeout 3 ProxyTimeout 30");
        Timeout alone governs the client's side.
        """
        timeout = self._timer(endpoint, "timeout") or _DEFAULT
        if not endpoint.targets:
            return (timeout,)
        backend = self._worker(endpoint) or self._timer(endpoint, "proxytimeout")
        return (backend, timeout) if backend is not None else (timeout,)

    def body_cap(self, endpoint: Endpoint) -> Timer | None:
        """Return the whole time a request's body may take, when RequestReadTimeout limits it.

        ``body=30`` and the 40 of ``body=20-40,MinRate=500`` are such limits (measured: 408 then,
        whatever the rate). ``body=20,MinRate=500`` is none, it goes on while data comes.
        """
        cap = self._caps.get(id(endpoint.host), self._caps.get(id(None)))
        return cap if cap is not None and cap.seconds > 0 else None

    def _timer(self, endpoint: Endpoint, key: str) -> Timer | None:
        """The virtual host's directive, else the main server's."""
        for server in (endpoint.host, None):
            timer = self._set.get((key, id(server)))
            if timer is not None:
                return timer
        return None

    def _worker(self, endpoint: Endpoint) -> Timer | None:
        word = endpoint.parameter("timeout")
        found = None if word is None else _timeout((word,))
        if found is not None or not self._workers:
            return found
        addresses = {endpoint.target, *(target.text for target in endpoint.targets)}
        servers = (None,) if endpoint.host is None else (None, endpoint.host)
        for server in servers:
            for directive in self._workers.get(id(server), ()):
                if any(_concerns(directive, address) for address in addresses):
                    found = _timeout(directive.words) or found
        return found


def _server_timer(directive: Directive) -> Timer | None:
    text = directive.first_word
    if directive.key == "timeout":
        name, seconds = "Timeout", _whole_seconds(text)
    else:
        name, seconds = "ProxyTimeout", parse_duration(text)
    return None if seconds is None else Timer(name, seconds, directive.place)


def _whole_seconds(text: str) -> float | None:
    """Read a number as Timeout does, with atoi: ``5min`` is 5 (server/core.c ``set_timeout``)."""
    match = _LEADING_NUMBER.match(text)
    return float(match[1]) if match else None


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


def _body_cap(word: Word) -> Timer | None:
    match = _BODY.match(word.text)
    if match is None or (match[3] is not None and match[2] is None):
        return None
    return Timer("RequestReadTimeout body", float(match[2] or match[1]), word.place)
