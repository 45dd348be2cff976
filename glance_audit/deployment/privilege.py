"""As which user a uWSGI runs that a system service starts."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.model import Deployment
from glance_audit.files import Place
from glance_audit.record import NamedTuple
from glance_audit.systemd import Unit
from glance_audit.systemd.unit import boolean
from glance_audit.uwsgi import Option

_ROOT = frozenset({"root", "0"})
_USERS = ("uid", "immediate-uid")
_TYRANT = "emperor-tyrant"  # gives each vassal the owner of its file


class RunsAsRoot(NamedTuple):
    """Why a uWSGI is root's: ``option`` names root, or is None where nothing names anybody.

    ``unit`` is the service, ``start`` its command.
    """

    unit: Unit
    start: Place
    option: Option | None


def runs_as_root(deployment: Deployment, instance: UwsgiInstance) -> RunsAsRoot | None:
    """Tell whether an instance stays root; None: it does not, or nobody knows what starts it."""
    unit = instance.unit
    if unit is None or not unit.exec_start:
        return None
    user = unit.user
    if user is not None and user.value not in _ROOT:
        return None
    dynamic = unit.last("Service", "DynamicUser")
    if dynamic is not None and boolean(dynamic.value):
        return None
    option = instance.config.last(*_USERS)
    if option is not None and option.value not in _ROOT:
        return None
    if option is None and any(_gives_a_user(one, unit) for one in _around(deployment, instance)):
        return None
    return RunsAsRoot(unit, unit.exec_start[0].place, option)


def _around(deployment: Deployment, instance: UwsgiInstance) -> Iterator[UwsgiInstance | None]:
    """Yield the emperors of the same service; None stands for its command line."""
    yield None
    for other in deployment.instances:
        if other is not instance and other.unit is instance.unit and other.config.all("emperor"):
            yield other


def _gives_a_user(emperor: UwsgiInstance | None, unit: Unit) -> bool:
    if emperor is not None:
        user = emperor.config.last(*_USERS)
        return emperor.config.enabled(_TYRANT) or (user is not None and user.value not in _ROOT)
    words = [word.lstrip("-").partition("=")[0] for one in unit.exec_start for word in one.argv]
    return "emperor" in words and any(name in words for name in (*_USERS, _TYRANT))
