"""Routes that lead to an address of this machine which nothing that was found listens on.

What listens is asked of all that was read: every uWSGI, whatever it runs, Apache's own ports, and
the standalone glance-api. An address that may be another machine's says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.deployment.dormant import STANDALONE_PORT
from glance_audit.deployment.instance import Listener, UwsgiInstance
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.route import Route
from glance_audit.deployment.target import Target, is_port
from glance_audit.deployment.versions import Holds
from glance_audit.files import ProblemKind
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import SocketAddress

_UNRESOLVED = re.compile(r"[$%@]\(|\$\{")
_PLAIN_IP = re.compile(r"[0-9.]+|[0-9a-f]*:[0-9a-f:.]*", re.IGNORECASE)


class Unbound(NamedTuple):
    """The routes of one directive, where they lead, and a Glance that listens elsewhere.

    ``idle``: no route leads to that Glance. ``certain``: all was read that could listen there.
    """

    routes: tuple[Route, ...]
    target: Target
    instance: UwsgiInstance
    listener: Listener
    idle: bool
    certain: bool


def unbound_routes(deployment: Deployment) -> Iterator[Unbound]:
    """Yield each directive whose Glance routes end at this machine, where nothing answers."""
    listening = [(one, at) for one in deployment.glance_instances for at in one.listeners]
    if not listening:
        return
    taken = {id(b.instance) for route in deployment.glance_routes for b in route.backends}
    idle = [pair for pair in listening if id(pair[0]) not in taken]
    instance, listener = (idle or listening)[0]
    local = {
        (at.address.host or "").lower() for one in deployment.instances for at in one.listeners
    }
    ports = _apache_ports(deployment)
    read = all(problem.kind is ProblemKind.SYNTAX for problem in deployment.problems)
    for server in deployment.servers:
        for group in by_directive(server.glance_routes):
            targets = group[0].endpoint.targets
            if not targets or any(route.backends for route in group):
                continue
            if not all(_is_here(target, local) for target in targets):
                continue
            answers = [_standalone(deployment, target) for target in targets]
            if Holds.ALL in answers or any(
                (target.port in ports and target.socket is None) or _may_answer(deployment, target)
                for target in targets
            ):
                continue
            certain = server.whole and read and Holds.PART not in answers
            yield Unbound(group, targets[0], instance, listener, bool(idle), certain)


def _is_here(target: Target, local: set[str]) -> bool:
    """Whether a target is certainly this machine, and its address certainly known."""
    if target.socket is not None:
        return target.socket.startswith("/") and "$" not in target.socket
    if target.port is None:
        return False
    return target.loopback or (
        _PLAIN_IP.fullmatch(target.host) is not None and target.host in local
    )


def _may_answer(deployment: Deployment, target: Target) -> bool:
    """Whether a uWSGI may listen there after all: what it says is not known, or it is named."""
    end = target.socket if target.socket is not None else f":{target.port}"
    for one in deployment.instances:
        listening = {id(at.option) for at in one.listeners}
        if any(_open(at.address, target) for at in one.listeners):
            return True
        # Routers of other kinds, and what they lead to.
        if any(o.value.endswith(end) and id(o) not in listening for o in one.config.effective):
            return True
    return False


def _open(address: SocketAddress, target: Target) -> bool:
    """Whether an address of uWSGI may turn out to be the target."""
    match address.kind:
        case "unix":
            path = address.path or ""
            # A variable may have a colon in it, and a relative path begins where uWSGI is started.
            return _UNRESOLVED.search(path) is not None or (
                target.socket is not None and not path.startswith("/")
            )
        case "tcp":
            if target.socket is not None or (address.port and address.port != target.port):
                return False
            # Port 0 is a variable's, as good as always; a name is what the resolver makes of it.
            host = address.host or ""
            return not address.port or _PLAIN_IP.fullmatch(host) is None
        case "abstract":
            return False
    return True  # a descriptor that somebody else has opened, or no address


def _apache_ports(deployment: Deployment) -> frozenset[int]:
    """The ports that some Apache listens on: a route may lead to its own other virtual host."""
    found = set()
    for server in deployment.servers:
        for directive in server.config.all.of("listen", "virtualhost"):
            for word in directive.words:
                port = word.text.rpartition(":")[2]
                if is_port(port):
                    found.add(int(port))
    return frozenset(found)


def _standalone(deployment: Deployment, target: Target) -> Holds:
    """Whether the standalone glance-api listens there: surely, perhaps, or not."""
    there = deployment.versions.holds(before="standalone-removed")
    if there is Holds.NONE or target.socket is not None:
        return Holds.NONE
    settings = [service.setting("DEFAULT", "bind_port") for service in deployment.services]
    told = str(target.port) in {one.value.strip() for one in settings if one is not None}
    usual = target.port == STANDALONE_PORT and (None in settings or not settings)
    if not (told or usual):
        return Holds.NONE
    runs = any(
        command.path.endswith("/glance-api")
        for unit in deployment.units
        for command in unit.exec_start
    )
    return Holds.ALL if runs or told else Holds.PART
