"""What runs Glance's Python: a uWSGI instance, or mod_wsgi inside an Apache."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.python_mode import PythonEvidence
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.versions import format_version
from glance_audit.files import Place
from glance_audit.record import NamedTuple


class Runtime(NamedTuple):
    """One server process that Glance is loaded into.

    ``title`` is how a message names it, ``python`` what the files tell of its Python, strongest
    first, ``place`` where a fact that only the operator told is reported, and ``context`` the
    enclosing sections of that place.
    """

    title: str
    python: tuple[PythonEvidence, ...]
    place: Place
    context: tuple[str, ...]

    @property
    def telling(self) -> tuple[tuple[PythonEvidence, ...], bool]:
        """What tells the version, and whether it is certain.

        Where something decides, hints of another version count for nothing; where all that decides
        is a bare ``python3``, a hint of its minor version is believed, and not certain.
        """
        deciding = tuple(e for e in self.python if e.decides)
        hints = tuple(e for e in self.python if not e.decides)
        if not deciding:
            return hints, False
        if all(len(e.version) < 2 for e in deciding):
            majors = {e.version[0] for e in deciding}
            closer = tuple(e for e in hints if len(e.version) > 1 and e.version[0] in majors)
            if closer:
                return (*deciding, *closer), False
        return deciding, len({e.version[0] for e in deciding}) == 1


def runtimes(deployment: Deployment) -> Iterator[Runtime]:
    """Yield what runs Glance: the uWSGIs that load it or answer its routes, then mod_wsgi."""
    for instance in glance_uwsgis(deployment):
        yield of_uwsgi(instance)
    for server in deployment.servers:
        scripts = [r for r in server.glance_routes if r.gateway is Gateway.MOD_WSGI]
        if scripts:
            first = scripts[0]
            yield Runtime(
                "mod_wsgi", server.wsgi_python, first.directive.place, first.endpoint.context
            )


def of_uwsgi(instance: UwsgiInstance) -> Runtime:
    """Return a uWSGI as what runs Glance."""
    return Runtime(f"uWSGI ({instance.name})", instance.python, instance.place, ("uwsgi",))


def python2_signs(
    deployment: Deployment, runtime: Runtime
) -> tuple[tuple[PythonEvidence, ...], bool]:
    """Return what tells that Python 2 runs there, none when it does not, and whether surely.

    What the operator states stands above what the files tell.
    """
    evidence, certain = runtime.telling
    stated = deployment.versions.python
    if stated is not None:
        return stated_python2(deployment, runtime.place), True
    return tuple(one for one in evidence if one.version[0] == 2), certain


def stated_python2(deployment: Deployment, place: Place) -> tuple[PythonEvidence, ...]:
    """Return the operator's statement that Python 2 runs Glance, as evidence at a place."""
    stated = deployment.versions.python
    if stated is None or stated.first[0] != 2:
        return ()
    return (PythonEvidence(stated.first, place, f"{format_version(stated.first)}, as stated"),)


def glance_uwsgis(deployment: Deployment) -> tuple[UwsgiInstance, ...]:
    """Return the instances that load Glance, or stand behind a route that is Glance's."""
    behind = [backend.instance for route in deployment.glance_routes for backend in route.backends]
    wanted = {id(instance) for instance in (*deployment.glance_instances, *behind)}
    return tuple(instance for instance in deployment.instances if id(instance) in wanted)
