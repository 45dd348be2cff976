"""What ends uWSGI's workers while uploads are in them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.timer import Timer
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option, is_true, load_options

MERCY = 60  # seconds; core/init.c, uwsgi.worker_reload_mercy


class Ends(Enum):
    """When a worker ends, and what the uploads in its other threads have left."""

    AT_ONCE = "at once, with SIGKILL: core/master_checks.c"
    AFTER_MERCY = "at the end of a request; they have worker-reload-mercy: core/utils.c"
    AT_THE_NEXT = "when the next request comes; they have nothing up to 2.0.24: core/uwsgi.c"


_OPTIONS = {
    "max-requests": Ends.AFTER_MERCY,
    "reload-on-as": Ends.AFTER_MERCY,
    "reload-on-rss": Ends.AFTER_MERCY,
    "evil-reload-on-as": Ends.AT_ONCE,
    "evil-reload-on-rss": Ends.AT_ONCE,
    "max-worker-lifetime": Ends.AT_THE_NEXT,
}


class Recycling(NamedTuple):
    """An option that ends workers, and its number: requests, megabytes, or seconds."""

    option: Option
    amount: int
    ends: Ends


def reload_mercy(instance: UwsgiInstance) -> Timer:
    """Return the time that uploads in flight have when a worker is told to go."""
    found = instance.config.integer("worker-reload-mercy")
    if found is None:
        return Timer("worker-reload-mercy", MERCY)
    return Timer("worker-reload-mercy", found[0], found[1].place)


def threads_of(instance: UwsgiInstance) -> tuple[int, Option] | None:
    """Return the threads of each worker, where there is more than one."""
    found = instance.config.integer("threads")
    return found if found is not None and found[0] > 1 else None


def recyclings(instance: UwsgiInstance) -> Iterator[Recycling]:
    """Yield what ends workers with uploads in them.

    With a single thread a worker ends between two requests, and never in an upload (measured).
    """
    alone = threads_of(instance) is None
    for name, ends in _OPTIONS.items():
        found = instance.config.unsigned(name)
        if found is None or found[0] == 0 or (alone and ends is not Ends.AT_ONCE):
            continue
        if ends is not Ends.AT_THE_NEXT or has_master(instance):
            yield Recycling(found[1], found[0], ends)


def waits_for_none(instance: UwsgiInstance) -> bool:
    """Whether a worker ends without its other threads on every version."""
    return instance.config.enabled("no-threads-wait")


def has_master(instance: UwsgiInstance) -> bool:
    """Whether there is a master, which alone sees how old workers are: many options bring it."""
    table, found = load_options(), False
    for option in instance.config.effective:
        fact = table.get(option.key)
        if option.key == "master":
            found = is_true(option.value)
        elif fact is not None and fact.forces_master:
            found = True
    return found
