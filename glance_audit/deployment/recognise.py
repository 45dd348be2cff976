"""Telling whether a route reaches Glance, by the strongest evidence there is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from glance_audit.deployment.instance import UwsgiInstance, imports_glance
from glance_audit.deployment.route import Backend, Endpoint
from glance_audit.deployment.target import is_port
from glance_audit.files import FileSource

GLANCE_PORTS = frozenset({9292, 60999})
_USER = re.compile(r"//[^/]*@")
_NAMED = re.compile(r"(?<![a-z])glance(?![a-z])", re.IGNORECASE)
_IMAGE = re.compile(r"/image(/|\Z)")
_WHOLE_SERVICE = re.compile(r"/?|/v[12](\.[0-9]+)?(/.*)?")


def match_backends(endpoint: Endpoint, instances: tuple[UwsgiInstance, ...]) -> tuple[Backend, ...]:
    """Return the uWSGI listeners that the endpoint's addresses reach."""
    if not instances:
        return ()
    return tuple(
        Backend(instance, listener, listener.is_here(target))
        for target in endpoint.targets
        for instance in instances
        for listener in instance.listeners
        if listener.answers(target)
    )


def recognise(
    endpoint: Endpoint,
    backends: tuple[Backend, ...],
    source: FileSource,
    stated: frozenset[str] = frozenset(),
) -> tuple[bool, str]:
    """Say whether an endpoint is Glance's, by what it says itself, and why.

    ``stated`` are the paths that the operator says are Glance's, without a slash at their end: they
    count for more than a name, and for less than what the backend loads.
    """
    if not backends and endpoint.script is None:
        return _by_itself(endpoint, stated)
    certain = [backend for backend in backends if backend.certain]
    loads = [b for b in certain if any(one.known for one in b.instance.applications)]
    for backend in certain:
        if backend.instance.glance:
            application = next(a for a in backend.instance.applications if a.glance)
            return True, f"{backend.instance.name} behind it loads {application.text}"
    if endpoint.script is not None:
        verdict = _script(endpoint.script, source)
        if verdict is not None:
            return verdict
    if loads:
        return False, f"{loads[0].instance.name} behind it loads another application"
    return _by_itself(endpoint, stated)


def _named(text: str) -> bool:
    """Whether a text has the name as a word; most have not even its letters."""
    return "glance" in text.lower() and _NAMED.search(text) is not None


def _script(script: str, source: FileSource) -> tuple[bool, str] | None:
    name = posixpath.basename(script)
    if name == "glance-wsgi-api" or _named(name):
        return True, f"the WSGI script {name} is Glance's"
    imports = imports_glance(script, source)
    if imports:
        return True, f"the WSGI script {name} imports glance"
    return None if imports is None else (False, f"the WSGI script {name} is not Glance's")


def recognise_by_surroundings(
    endpoint: Endpoint, alone: Callable[[Endpoint], bool]
) -> tuple[bool, str]:
    """Say whether the virtual host or the file around an endpoint is Glance's, and why.

    The weakest evidence: for a virtual host of which no endpoint is Glance's by itself, and a path
    that can be the whole service's. Whoever shares the name of Glance's virtual host is not Glance.
    ``alone`` says whether it is the only endpoint in its file: then the file's name speaks for it.
    """
    if not _WHOLE_SERVICE.fullmatch(endpoint.path):
        return False, ""
    host = endpoint.host
    for word in host.words if host is not None else ():
        port = word.text.rpartition(":")[2]
        if is_port(port) and int(port) in GLANCE_PORTS:
            return True, f"the virtual host listens on Glance's port {port}"
    for directive in host.children if host is not None else ():
        if directive.key in ("servername", "serveralias") and _named(directive.args):
            return True, f"{directive.name} {directive.args} names glance"
    file = posixpath.basename(endpoint.directive.file)
    if _named(file) and alone(endpoint):
        return True, f"the file {file} names glance"
    return False, ""


def _by_itself(endpoint: Endpoint, stated: frozenset[str]) -> tuple[bool, str]:
    if stated and endpoint.path.rstrip("/") in stated:
        return True, f"the path {endpoint.path} is Glance's, as stated"
    return _names(endpoint)


def _names(endpoint: Endpoint) -> tuple[bool, str]:
    if _IMAGE.match(endpoint.path):
        return True, f"the path {endpoint.path} is the image service's"
    for target in endpoint.targets:
        if target.port in GLANCE_PORTS and target.socket is None:
            return True, f"port {target.port} is Glance's"
        address = _USER.sub("//", target.text) if "@" in target.text else target.text
        if _named(address):
            return True, f"the address {address} names glance"
    process = endpoint.parameter("process-group")
    if process is not None and _named(process.text):
        return True, f"the daemon process {process.text.partition('=')[2]} names glance"
    host = endpoint.host
    if endpoint.script is not None and host is not None:
        for directive in host.children:
            if directive.key == "wsgiprocessgroup" and _named(directive.args):
                return True, f"{directive.name} {directive.args} names glance"
    return False, ""
