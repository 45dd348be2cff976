"""GA703 router-needs-chunked-input."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.approach import all_spooled, routes_to
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA703",
    "router-needs-chunked-input",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="16+",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI's http router keeps chunked uploads back.

    ## What it does

    Looks for `http` or `https` in a uWSGI that runs Glance, with neither `http-chunked-input` nor
    `http-raw-body` switched on. `http-socket` needs none of them.

    ## Why it matters

    The router reads a body only as long as Content-Length says. What comes in chunks it throws
    away: Glance waits for it until `socket-timeout` is over, and the upload fails.
    `http-auto-chunked` and `http-keepalive` are about responses and do not help;
    `wsgi-manage-chunked-input` is in no release.

    ## Bad

    ```ini
    [uwsgi]
    http = 127.0.0.1:60999
    module = glance.wsgi.api:application
    ```

    ## Good

    ```ini
    [uwsgi]
    http = 127.0.0.1:60999
    http-chunked-input = true
    module = glance.wsgi.api:application
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31: without the two, and with `http-chunked-input = false`,
    `http-auto-chunked`, or `http-keepalive` with and without it, an application that reads with
    `uwsgi.chunked_read` as Glance does got 0 bytes and "unable to receive chunked part" after
    `socket-timeout`; with either of the two, all of them. With Glance 33.0.0: 500 or 502, and 204
    with either. Uploads with a Content-Length pass, so they do where Apache spools the chunked
    ones.

    ## References

    - uWSGI `plugins/http/http.c`, `http_parse` ("ignore data..."); Glance commit bf7887a10
      (16.0.0).
    """
    versions = bite(deployment.versions, since="chunked-read")
    if versions is None:
        return
    for instance in glance_uwsgis(deployment):
        router = next((one for one in instance.listeners if one.router), None)
        config = instance.config
        if (
            router is None
            or config.enabled("http-chunked-input")
            or config.enabled("http-raw-body")
        ):
            continue
        routes = routes_to(deployment, instance)
        later = ", as soon as Apache no longer spools them" if all_spooled(routes) else ""
        off = config.last("http-chunked-input") or config.last("http-raw-body")
        yield Finding(
            place=off.place if off is not None else instance.place,
            message=(
                f"{router.option.key} starts uWSGI's http router without http-chunked-input: it "
                "passes no chunked upload on to Glance, which gives each up after "
                f"{instance.socket_timeout.text}{later}{versions.words}"
            ),
            help="set http-chunked-input = true in the [uwsgi] section",
            confidence=versions.confidence,
            context=("uwsgi",),
            related=(
                Related("the router", router.option.place),
                *(
                    Related(f"uploads arrive through {group[0].title}", group[0].directive.place)
                    for group in by_directive(routes)[:2]
                ),
            ),
        )
