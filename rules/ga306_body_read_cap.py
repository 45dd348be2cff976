"""GA306 body-read-cap."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.route import Route
from glance_audit.deployment.timer import Timer
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_RATES = (10, 100)  # MB/s: a gigabit link that is shared, and one that is not


@rule(
    "GA306",
    "body-read-cap",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`RequestReadTimeout` limits the whole time of an upload, however steadily it flows.

    ## What it does

    Looks for the `RequestReadTimeout` in force on a Glance route whose `body=` has no MinRate
    (`body=30`), or has an upper limit (`body=20-40,MinRate=500`), and computes the largest image
    that passes at 10 and at 100 MB/s.

    ## Why it matters

    Only `body=20,MinRate=500` goes on while data come. In the other two forms the number, or the
    upper one, is the time within which the whole body has to arrive: a large image never does, and
    the client gets 408, or 500 through mod_proxy_uwsgi. What Debian ships, `body=10,MinRate=500`,
    is no such limit.

    ## Bad

    ```apache
    RequestReadTimeout header=20-40,MinRate=500 body=20-40,MinRate=500
    ```

    ## Good

    ```apache
    RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500
    ```

    ## Measured

    Apache 2.4.71, a steady upload of 8 s. `body=3`: 408 after 3.1 s. `body=3-5,MinRate=500`: 408
    after 5.1 s. `body=3,MinRate=500` and `body=0`: 200. The same when Apache spools the body first.
    So it is with mod_proxy_http, and in mod_wsgi; mod_proxy_uwsgi makes 500 of it. The image stays
    "saving" or is "queued" again.

    ## References

    - httpd documentation, RequestReadTimeout.
    - httpd 2.4 `modules/filters/mod_reqtimeout.c`, `set_reqtimeout_param`, `reqtimeout_filter`.
    """
    groups: dict[Timer, list[Route]] = {}
    for route in deployment.glance_routes:
        if route.body_cap is not None:
            groups.setdefault(route.body_cap, []).append(route)
    for cap, routes in groups.items():
        sizes = " or ".join(f"{cap.seconds * rate / 1000:g} GB at {rate} MB/s" for rate in _RATES)
        yield Finding(
            place=cap.place or routes[0].directive.place,
            message=(
                f"{cap.text}: Apache ends every upload to {listing(r.path for r in routes)} after "
                f"that time, data or not, so no image above {sizes} arrives"
            ),
            help=(
                "write body=20,MinRate=500, without an upper limit: it goes on while data come; "
                "body=0 in Glance's VirtualHost switches it off"
            ),
            related=tuple(
                Related(f"the Glance route it limits: {path}", place)
                for place, path in {r.directive.place: r.path for r in routes}.items()
            ),
        )
