"""Whether Apache is a forward proxy for anybody: ``ProxyRequests On`` and who may use it.

Asked on Apache 2.4.71 (``tests/oracle/test_forward_proxy_live.py``): ``<Directory />`` and
``<Location "/">`` do not close it, for the URL of such a request begins with its scheme; the
sections that take that URL decide, those of the main server before the virtual host's, and the last
one with an access control wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.model import ApacheServer
from glance_audit.deployment.scope import location_matches, outside_macros, proxy_matches
from glance_audit.record import NamedTuple

# A host that nobody names in his configuration (RFC 2606).
_STRANGER = "http://stranger.invalid/"
_PROXIES = ("proxy", "proxymatch")
_LOCATIONS = ("location", "locationmatch")
_CONDITIONS = ("if", "elseif", "else")
_GROUPS = frozenset({"requireall", "requireany", "requirenone"})
_COMPAT = frozenset({"order", "allow", "deny"})
_LOOPBACK = ("127.", "[::1]", "localhost")


class OpenProxy(NamedTuple):
    """A ``ProxyRequests On`` that anybody can use; ``grant`` is the section that lets them in."""

    directive: Directive
    grant: Directive | None


def open_proxies(server: ApacheServer) -> Iterator[OpenProxy]:
    """Yield each ``ProxyRequests On`` that is in force for a client on another machine."""
    switches = outside_macros(server.config.all, ("proxyrequests",))
    if not any(_is_on(switch) for switch in switches) or _blocks_all(server):
        return
    if not _listens_outside(server):
        return
    found: dict[int, OpenProxy] = {}
    by_host = _by_parent(switches)
    sections = _Sections(server)
    hosts: list[Directive | None] = [*server.config.all.of("virtualhost")]
    for host in hosts or [None]:
        here = by_host.get(id(host)) or by_host.get(id(None))
        if here is None or not _is_on(here[-1]) or (host is not None and _is_local(host.args)):
            continue
        verdict = sections.stranger(host)
        if verdict is not None:
            found.setdefault(id(here[-1]), OpenProxy(here[-1], verdict[0]))
    yield from found.values()


class _Sections:
    """The sections with an access control, by the id() of the one around them."""

    def __init__(self, server: ApacheServer) -> None:
        every = server.config.all
        self._walks = [
            (_by_parent(filter(_controls, every.of(*keys))), takes)
            for keys, takes in ((_PROXIES, proxy_matches), (_LOCATIONS, location_matches))
        ]
        self._conditions = _by_parent(filter(_controls, every.of(*_CONDITIONS)))

    def stranger(self, host: Directive | None) -> tuple[Directive | None] | None:
        """Return the section that lets a stranger in, or none that decides; None: he is kept out.

        Nobody knows what an ``<If>`` or an expression of theirs makes of him: he is kept out, too.
        """
        parents = dict.fromkeys((id(None), id(host)))
        decides: Directive | None = None
        for by_parent, takes in self._walks:
            for parent in parents:
                for section in by_parent.get(parent, ()):
                    taken = takes(section, _STRANGER)
                    if taken is None:
                        return None
                    if taken:
                        decides = section
        if any(parent in self._conditions for parent in parents):
            return None
        return None if decides is not None and not _lets_in(decides) else (decides,)


def _by_parent(directives: Iterable[Directive]) -> dict[int, list[Directive]]:
    found: dict[int, list[Directive]] = {}
    for directive in directives:
        found.setdefault(id(directive.parent), []).append(directive)
    return found


def _controls(section: Directive) -> bool:
    return any(
        one.key == "require" or one.key in _GROUPS or one.key in _COMPAT for one in section.children
    )


def _lets_in(section: Directive) -> bool:
    """Whether a section lets everybody in, by Require and by what mod_access_compat has."""
    required = [one for one in section.children if one.key == "require" or one.key in _GROUPS]
    if required and not any(_grants(one) for one in required):
        return False
    older = [one for one in section.children if one.key in _COMPAT]
    if not older:
        return True
    words = [(one.key, *one.args.lower().split()) for one in older]
    order = next((word[1] for word in reversed(words) if word[0] == "order" and word[1:]), "")
    denied, allowed = ("deny", "from", "all") in words, ("allow", "from", "all") in words
    if order.replace(" ", "") == "allow,deny":
        return allowed and not denied
    return allowed or not denied


def _grants(node: Directive) -> bool:
    """Whether a Require, or a group of them, is content with a stranger."""
    if node.key == "require":
        words = node.args.lower().split()
        everybody = words[-2:] == ["all", "granted"]
        return everybody if words[:1] != ["not"] else not everybody
    inner = [one for one in node.children if one.key == "require" or one.key in _GROUPS]
    if node.key == "requireall":
        return all(_grants(one) for one in inner)
    return any(_grants(one) for one in inner) == (node.key == "requireany")


def _is_on(switch: Directive) -> bool:
    return switch.args.strip('"').lower() == "on"


def _blocks_all(server: ApacheServer) -> bool:
    return any(word.text == "*" for d in server.config.all.of("proxyblock") for word in d.words)


def _listens_outside(server: ApacheServer) -> bool:
    addresses = [listen.first_word for listen in server.config.all.of("listen")]
    return not addresses or not all(_is_local(address) for address in addresses)


def _is_local(addresses: str) -> bool:
    words = addresses.split()
    return bool(words) and all(word.lower().startswith(_LOOPBACK) for word in words)
