"""GA203 sendcl-missing."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCHUNKED, EnvironmentSetting
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.route import Route
from glance_audit.deployment.standalone import standalone_routes
from glance_audit.engine.bite import bite, least
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA203",
    "sendcl-missing",
    severity=Severity.ERROR,
    basis=Basis.SOURCE,
    versions="Glance 15 (Pike)",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Pike needs `proxy-sendcl`: its code cannot read a chunked upload under uWSGI.

    ## What it does

    On Glance 15 (Pike), looks for Glance routes through `http://` on which Apache does not give
    chunked uploads a Content-Length, by `proxy-sendcl` or `force-proxy-request-1.0`. A release that
    nobody told and no file shows is not taken for Pike: of all releases it is the only one that
    needs the variable, and GA201 and GA202 report the variable on every other. The standalone
    glance-api reads chunks by itself: a route to it is none of this.

    ## Why it matters

    uWSGI ends `wsgi.input` where the Content-Length says. A chunked body has none, and Pike does
    not ask uWSGI for the chunks: the image is empty, or the upload fails. From Queens (16) on
    Glance reads them with `uwsgi.chunked_read`, and the variable is a burden.

    ## Bad

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    <Location "/image">
        SetEnv proxy-sendcl 1
        ProxyPass "http://127.0.0.1:60999"
    </Location>
    ```

    ## Measured

    Not measured with Pike. uWSGI 2.0.21 behind Apache 2.4.71, an application that reads
    `wsgi.input`: 502 for a chunked upload that is streamed, 200 with `proxy-sendcl`.

    ## References

    - Glance 15.0.0 `httpd/uwsgi-glance-api.conf` sets it; the notes of 15.0.0 and Launchpad bug
      1703856.
    - Glance commit bf7887a10 (16.0.0), "Replace body_file with class to call uwsgi.chunked_read()".
    """
    found = bite(deployment.versions, before="chunked-read")
    if found is None or not deployment.versions.glance.known:
        return
    # Glance's own server takes chunks apart by itself (eventlet).
    alone = {id(route) for one in standalone_routes(deployment) for route in one.routes}
    streamed = tuple(
        route
        for route in deployment.glance_routes
        if route.spoolable and route.buffering.value is not True and id(route) not in alone
    )
    for group in by_directive(streamed):
        first = group[0]
        against = _against(deployment, first)
        certain = all(route.buffering.value is False for route in group)
        yield Finding(
            place=first.directive.place,
            message=(
                "Glance 15 (Pike) cannot read chunked uploads, and Apache hands those to "
                f"{listing(route.path for route in group)} on as they come"
                f"{'' if certain else ' for some requests'}: proxy-sendcl is not in force there"
                f"{found.words}"
            ),
            help=(
                "write SetEnv proxy-sendcl 1 in Glance's own <Location>"
                f"{f', and remove {against[0].name}, which cancels it' if against else ''}"
            ),
            confidence=least(found.confidence, Confidence.HIGH if certain else Confidence.MEDIUM),
            context=first.endpoint.context,
            related=(
                *macro_body(first.directive),
                *(Related(f"cancels it: {one.name}", one.directive.place) for one in against),
            ),
        )


def _against(deployment: Deployment, route: Route) -> list[EnvironmentSetting]:
    """Return what makes Apache send chunks on a route."""
    return [
        use.setting
        for name in SENDCHUNKED
        for _, use in deployment.environment(name)
        if any(one is route for one in use.reached)
    ]
