"""GA308 worker-recycling."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.recycling import Recycling, recyclings, reload_mercy, threads_of
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA308",
    "worker-recycling",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI ends a worker, and kills the uploads that are in it.

    ## What it does

    Looks in every uWSGI that runs Glance for `evil-reload-on-as` and `evil-reload-on-rss`; for
    `max-requests`, `reload-on-as` and `reload-on-rss` together with more than one of `threads`; and
    for a `worker-reload-mercy` that is written and below 60 s (`--mercy-floor`).

    ## Why it matters

    The evil options kill a worker at once. The others end it after a request; with several threads,
    other uploads are still under way in it, and the master kills it when `worker-reload-mercy` is
    over. The same time is all that uploads have when uWSGI is reloaded with SIGHUP.

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
    threads = 4
    max-worker-lifetime = 86400
    worker-reload-mercy = 600
    ```

    ## Measured

    uWSGI 2.0.21 (in part also 2.0.31), a chunked upload of 8 s in small pieces,
    `worker-reload-mercy = 2`. With `threads = 2` and short requests beside it, `max-requests = 2`,
    `reload-on-rss = 1` and `reload-on-as = 1` killed it after 4.8 s ("killed by signal 9"); with
    one thread, or 60 s of mercy, it was complete. `evil-reload-on-rss = 1` and `evil-reload-on-as =
    1` killed it in any case. `max-worker-lifetime` let it end, with two threads as well. SIGHUP
    killed it with a mercy of 2 s, and not with the default; `reload-mercy` is another timer and did
    it no harm.

    ## References

    - uWSGI `core/utils.c`, `uwsgi_close_request`; `core/master_checks.c`,
      `uwsgi_master_check_workers_deadline`; `core/master_utils.c`, `uwsgi_curse`.
    """
    floor = deployment.expectations.mercy_floor
    for instance in glance_uwsgis(deployment):
        for recycling in recyclings(instance):
            yield _recycled(instance, recycling)
        mercy = reload_mercy(instance)
        if mercy.place is not None and mercy.seconds < floor:
            yield Finding(
                place=mercy.place,
                message=f"{mercy.text}: a reload of uWSGI kills the uploads that last longer",
                help=f"set worker-reload-mercy = {floor} or more in the [uwsgi] section",
                context=("uwsgi",),
            )


def _recycled(instance: UwsgiInstance, recycling: Recycling) -> Finding:
    option, amount = recycling.option, recycling.amount
    threads = threads_of(instance)
    requests = option.key == "max-requests"
    if recycling.evil:
        message = (
            f"{option.key}: uWSGI kills a worker that takes {amount} MB or more at once, and the "
            "uploads in it"
        )
    else:
        when = f"after {amount} requests" if requests else f"when it takes {amount} MB or more"
        message = (
            f"{option.key}: a worker ends {when}, and the uploads in its other threads are killed "
            f"once {reload_mercy(instance).text} is over"
        )
    return Finding(
        place=option.place,
        message=message,
        help=f"remove {option.key}; max-worker-lifetime renews workers and lets uploads end",
        context=("uwsgi",),
        related=(
            (Related("the threads of each worker", threads[1].place),)
            if threads is not None and not recycling.evil
            else ()
        ),
    )
