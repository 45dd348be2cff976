"""GA303 harakiri-kills-uploads."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule

_RATES = (10, 100)  # MB/s: a gigabit link that is shared, and one that is not


@rule(
    "GA303",
    "harakiri-kills-uploads",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`harakiri` kills the worker, and the upload with it, after a fixed wall time.

    ## What it does

    Looks for `harakiri` above 0 in a uWSGI that runs Glance, and computes the largest image that
    passes at 10 and at 100 MB/s.

    ## Why it matters

    harakiri counts from the first byte of the request, whether data flow or not. It is a cap on the
    size of images that depends on the client's speed, and the kill takes every other request of the
    worker with it.

    ## Bad

    ```ini
    [uwsgi]
    harakiri = 60
    ```

    ## Good

    ```ini
    [uwsgi]
    socket-timeout = 300
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31, harakiri 3, a steady upload of 8 s: killed after 3.6 to 5.4 s
    ("HARAKIRI ON WORKER"), chunked and with Content-Length, through http-socket and the http
    router; through Apache 502 and 503. Only `post-buffering`, and only for bodies with a
    Content-Length, starts the clock after the upload. With Glance 33.0.0: 502.

    ## References

    - uWSGI `core/master_checks.c`, `uwsgi_master_check_workers_deadline`.
    """
    for instance in deployment.glance_instances:
        timer = instance.harakiri
        if timer is None:
            continue
        sizes = " or ".join(f"{timer.seconds * rate / 1000:g} GB at {rate} MB/s" for rate in _RATES)
        yield Finding(
            place=timer.place or instance.place,
            message=f"{timer.text}: {_effect(deployment, instance, sizes)}",
            help="remove harakiri from Glance's uWSGI; socket-timeout already ends dead uploads",
            context=("uwsgi",),
        )


def _effect(deployment: Deployment, instance: UwsgiInstance, sizes: str) -> str:
    """Say which uploads die: what is spooled before, is spooled before the clock starts.

    Measured: B6 to B8, and the spooled uploads of D. What Apache spools it sends on with a
    Content-Length, and those post-buffering spools.
    """
    routes = [
        route
        for route in deployment.glance_routes
        if any(backend.instance is instance for backend in route.backends)
    ]
    chunks = bool(routes) and all(route.buffering.value is True for route in routes)
    lengths = bool(routes) and all(route.buffering.lengths is True for route in routes)
    by_uwsgi = instance.post_buffering is not None
    if chunks and (lengths or by_uwsgi):
        return "uWSGI kills an upload that Glance takes longer to store, once it is spooled"
    if lengths or by_uwsgi:
        by = "post-buffering" if by_uwsgi else "Apache"
        which, spared = (
            "sent in chunks", f"uploads with a Content-Length are spooled first, by {by}",
        )  # fmt: skip
    elif chunks:
        which, spared = "with a Content-Length", "chunked ones are spooled first, by Apache"
    else:
        return f"uWSGI kills an upload that takes longer, so no image above {sizes} arrives"
    return (
        f"uWSGI kills an upload {which} that takes longer, so no image above {sizes} arrives "
        f"{which.removeprefix('sent ')} ({spared})"
    )
