"""Which modules a route needs beside mod_proxy, which of them are missing, and what happens then.

Asked on Apache 2.4.71 (``tests/oracle/test_proxy_module_live.py``). A server that loads its modules
itself is believed to load all of them: what is compiled in beyond Debian's list is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache import LoadedModule
from glance_audit.deployment.claims import PASSES
from glance_audit.deployment.model import ApacheServer, by_directive
from glance_audit.deployment.route import Endpoint, Route
from glance_audit.deployment.target import parse_target
from glance_audit.files import ProblemKind
from glance_audit.record import NamedTuple

PROXY = "proxy"
# For each scheme the modules that mod_proxy needs; of several names in a group one is enough.
_MODULES: dict[str, tuple[tuple[str, ...], ...]] = {
    "http": (("proxy_http",),),
    "https": (("proxy_http",), ("ssl", "tls", "gnutls", "nss")),
    "uwsgi": (("proxy_uwsgi",),),
    "fcgi": (("proxy_fcgi",),),
    "ajp": (("proxy_ajp",),),
    "scgi": (("proxy_scgi",),),
    "h2c": (("proxy_http2",),),
    "h2": (("proxy_http2",), ("ssl", "tls", "gnutls", "nss")),
    "balancer": (
        ("proxy_balancer",),
        ("slotmem_shm",),
        (
            *("lbmethod_byrequests", "lbmethod_bytraffic"),
            *("lbmethod_bybusyness", "lbmethod_heartbeat"),
        ),
    ),
}
# Without these mod_proxy_balancer ends the server's start; without itself nobody asks for them.
_NEEDED_TO_START = frozenset({"slotmem_shm", "lbmethod_byrequests"})


class MissingModules(NamedTuple):
    """What the routes of one directive lack: modules by their short name, ``proxy_http``.

    ``effect`` is what happens to their requests. ``loaded`` is the LoadModule of mod_proxy, None
    without one. ``seen`` False: a file was not read, and may load them.
    """

    routes: tuple[Route, ...]
    names: tuple[str, ...]
    effect: str
    loaded: LoadedModule | None
    seen: bool


def missing_modules(server: ApacheServer) -> Iterator[MissingModules]:
    """Yield each directive of Glance's routes that lacks a module, in a whole configuration."""
    config = server.config
    if not server.whole or not config.modules:
        return
    loaded = {*config.compiled, *(module.identifier for module in config.modules)}
    by_name = {module.identifier: module for module in config.modules}
    seen = all(problem.kind is ProblemKind.SYNTAX for problem in config.problems)
    for group in by_directive(server.glance_routes):
        endpoint = group[0].endpoint
        names = tuple(dict.fromkeys(_missing(endpoint, loaded)))
        if names:
            proxy = by_name.get(f"{PROXY}_module")
            yield MissingModules(group, names, _effect(endpoint, names), proxy, seen)


def _missing(endpoint: Endpoint, loaded: set[str]) -> Iterator[str]:
    target = parse_target(endpoint.target)
    if target is None:
        return
    schemes = dict.fromkeys((target.scheme, *(one.scheme for one in endpoint.targets)))
    groups = [group for scheme in schemes for group in _MODULES.get(scheme, ())]
    for names in ((PROXY,), *groups):
        if not any(f"{name}_module" in loaded for name in names):
            yield names[0]


def _effect(endpoint: Endpoint, names: tuple[str, ...]) -> str:
    key = endpoint.directive.key
    if PROXY in names and key in PASSES:
        return f"Apache refuses to start, for it knows no {endpoint.directive.name}"
    if "proxy_balancer" not in names and _NEEDED_TO_START.intersection(names):
        return "mod_proxy_balancer ends Apache's start"
    member = endpoint.target[:9].lower() == "balancer:" and "proxy_balancer" not in names
    if member and PROXY not in names:
        return "what goes to that member ends with 503"
    if key == "sethandler":
        return "Apache looks for a file, so that uploads end with 405 and what is read with 404"
    if PROXY in names:
        return "every request ends with 403"
    return "every request ends with 500"
