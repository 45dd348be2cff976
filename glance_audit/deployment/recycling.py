"""What ends uWSGI's workers while uploads are in them."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.timer import Timer
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option

MERCY = 60  # seconds; core/init.c, uwsgi.worker_reload_mercy

# core/utils.c, uwsgi_close_request: at the end of a request, whatever the other threads do.
_AT_THE_END = ("max-requests", "reload-on-as", "reload-on-rss")
# core/master_checks.c: at once, with SIGKILL.
_AT_ONCE = ("evil-reload-on-as", "evil-reload-on-rss")


class Recycling(NamedTuple):
    """An option that ends workers, and its number: requests, or megabytes.

    ``evil``: at once; else the thread that ends its request ends the worker, and the other threads
    have the time of ``worker-reload-mercy``.
    """

    option: Option
    amount: int
    evil: bool


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
    names = (*_AT_THE_END, *_AT_ONCE) if threads_of(instance) is not None else _AT_ONCE
    for name in names:
        found = instance.config.unsigned(name)
        if found is not None and found[0] > 0:
            yield Recycling(found[1], found[0], name in _AT_ONCE)
