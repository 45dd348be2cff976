"""GA308 worker-recycling."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.recycling import (
    Ends,
    Recycling,
    recyclings,
    reload_mercy,
    threads_of,
    waits_for_none,
)
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.bite import Bite, bite
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule

_ONE = "threads = 1, and more processes"


@rule(
    "GA308",
    "worker-recycling",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="all; max-worker-lifetime: before uWSGI 2.0.25, or with no-threads-wait",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI ends a worker, and kills the uploads that are in it.

    ## What it does

    Looks in every uWSGI that runs Glance for `evil-reload-on-as` and `evil-reload-on-rss`; together
    with more than one of `threads`, for `max-requests`, `reload-on-as`, `reload-on-rss`, and for
    `max-worker-lifetime` before uWSGI 2.0.25 or with `no-threads-wait`; and for a
    `worker-reload-mercy` that is written and below 60 s (`--mercy-floor`).

    ## Why it matters

    The evil options kill a worker at once. The others end it after a request; with several threads,
    other uploads are still under way in it, and the master kills it when `worker-reload-mercy` is
    over. With `max-worker-lifetime` the next request that comes ends the worker, and the uploads
    with it, without any mercy; from uWSGI 2.0.25 on it waits for them unless `no-threads-wait` is
    set. The mercy is also all that uploads have when uWSGI is reloaded with SIGHUP. With one thread
    a worker ends between two requests.

    ## Bad

    ```ini
    [uwsgi]
    threads = 4
    max-requests = 1000
    worker-reload-mercy = 10
    ```

    ## Good

    ```ini
    [uwsgi]
    processes = 16
    max-requests = 1000
    worker-reload-mercy = 600
    ```

    ## Measured

    uWSGI 2.0.21 (in part also 2.0.31), a chunked upload of 8 s in small pieces,
    `worker-reload-mercy = 2`. With `threads = 2` and short requests beside it, `max-requests = 2`,
    `reload-on-rss = 1` and `reload-on-as = 1` killed it after 4.8 s ("killed by signal 9"); with
    one thread, or 60 s of mercy, it was complete. `evil-reload-on-rss = 1` and `evil-reload-on-as =
    1` killed it in any case. SIGHUP killed it with a mercy of 2 s, and not with the default;
    `reload-mercy` is another timer and did it no harm.

    Glance 33.0.0, an upload of 30 s, `max-worker-lifetime = 12` and other requests after 15 s. On
    uWSGI 2.0.21 with two or four threads it was cut off, 502, whatever the mercy; with one thread
    it was complete. On 2.0.31 with four threads it was complete, and on 2.0.21 where no other
    requests came. With `no-threads-wait` 2.0.31 cut it off as well, and so did 2.0.21 with
    `max-requests = 8`, without any mercy.

    ## References

    - uWSGI `core/utils.c`, `uwsgi_close_request`; `core/master_checks.c`,
      `uwsgi_master_check_workers_deadline`; `core/master_utils.c`, `uwsgi_curse`;
      `core/uwsgi.c`, `uwsgi_ignition`, where 2.0.25 and later have "main thread waits other
      threads".
    """
    floor = deployment.expectations.mercy_floor
    for instance in glance_uwsgis(deployment):
        for recycling in recyclings(instance):
            bites: Bite | None = Bite(Confidence.HIGH, "")
            if recycling.ends is Ends.AT_THE_NEXT and not waits_for_none(instance):
                bites = bite(deployment.versions, before="threads-awaited")
            if bites is not None:
                yield _recycled(instance, recycling, bites)
        mercy = reload_mercy(instance)
        if mercy.place is not None and mercy.seconds < floor:
            yield Finding(
                place=mercy.place,
                message=f"{mercy.text}: a reload of uWSGI kills the uploads that last longer",
                help=f"set worker-reload-mercy = {floor} or more in the [uwsgi] section",
                context=("uwsgi",),
            )


def _recycled(instance: UwsgiInstance, recycling: Recycling, bites: Bite) -> Finding:
    option, amount, ends = recycling
    threads = threads_of(instance)
    if ends is Ends.AT_ONCE:
        message = (
            f"{option.key}: uWSGI kills a worker that takes {amount} MB or more at once, and the "
            "uploads in it"
        )
        help_ = f"remove {option.key}; to renew workers, use max-requests with threads = 1"
    elif ends is Ends.AT_THE_NEXT:
        message = (
            f"{option.key}: a worker ends with the first request after {amount} s, and cuts off "
            f"the uploads in its other threads{bites.words}"
        )
        help_ = f"remove {option.key}, or give each worker one thread: {_ONE}"
    else:
        requests = option.key == "max-requests"
        when = f"after {amount} requests" if requests else f"when it takes {amount} MB or more"
        message = (
            f"{option.key}: a worker ends {when}, and the uploads in its other threads are killed "
            f"once {reload_mercy(instance).text} is over"
        )
        help_ = f"remove {option.key}, or give each worker one thread: {_ONE}"
    return Finding(
        place=option.place,
        message=message,
        help=help_,
        confidence=bites.confidence,
        context=("uwsgi",),
        related=(
            (Related("the threads of each worker", threads[1].place),)
            if threads is not None and ends is not Ends.AT_ONCE
            else ()
        ),
    )
