"""GA304 http-timeout-short."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.approach import routes_to
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA304",
    "http-timeout-short",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    caused_by=("GA301",),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI's http router hangs up when an upload pauses, or Glance is silent, for a minute.

    ## What it does

    Looks at every uWSGI that runs Glance behind its http router (`http`, `https`), and reports an
    `http-timeout` below 300 s (`--gateway-floor`). Unset, or 0, it is 60 s. It does not apply to
    `http-socket`.

    ## Why it matters

    The router waits no longer than this for the client's next bytes, nor for Glance's answer. A
    store that takes minutes to finish an image is enough: the connection is closed without a
    response, and Apache answers 502.

    ## Bad

    ```ini
    [uwsgi]
    http = 127.0.0.1:60999
    http-chunked-input = true
    ```

    ## Good

    ```ini
    [uwsgi]
    http = 127.0.0.1:60999
    http-chunked-input = true
    http-timeout = 600
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31, `http-timeout = 3`: a client that paused 6 s was cut off, chunked and
    with a Content-Length, though `socket-timeout` was 20; an application that took 8 s to answer
    got its client no answer at all. An upload that went on with pauses of 1 s for 12 s passed with
    5. Through Apache 2.4.71: 502, but 200 where Apache spooled the upload. `http-timeout = 0`
    endured a pause of 3 s: it is the default. `http-headers-timeout` and `http-connect-timeout` end
    no upload.

    ## References

    - uWSGI `plugins/http/http.c`, `http_set_timeout`; `plugins/corerouter/corerouter.c`,
      `uwsgi_corerouter_init`: `socket_timeout = 60`.
    """
    floor = deployment.expectations.gateway_floor
    for instance in glance_uwsgis(deployment):
        timer = instance.http_timeout
        if timer is None or timer.seconds >= floor:
            continue
        yield Finding(
            place=timer.place or instance.place,
            message=(
                f"{timer.text}: uWSGI's http router closes the connection without an answer when "
                "the client pauses longer, or Glance needs longer to answer"
            ),
            help=f"set http-timeout = {floor} or more in the [uwsgi] section",
            context=("uwsgi",),
            related=tuple(
                Related(f"uploads arrive through {group[0].title}", group[0].directive.place)
                for group in by_directive(routes_to(deployment, instance))[:2]
            ),
        )
