"""GA805 stats-exposed."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.exposure import beyond_loopback, everywhere, stats_servers
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA805",
    "stats-exposed",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI's statistics are there for everybody, with the tokens of the requests in flight.

    ## What it does

    Looks at `stats` (and at `http-stats` of the http router) of a uWSGI that runs Glance: an
    address on TCP other than loopback is reported.

    ## Why it matters

    The server of statistics asks for no password. It tells the variables of every request in
    flight, so that whoever connects at the right time has a user's `X-Auth-Token`.

    ## Bad

    ```ini
    [uwsgi]
    stats = :9191
    ```

    ## Good

    ```ini
    [uwsgi]
    stats = 127.0.0.1:9191
    ```

    ## Measured

    uWSGI 2.0.21, `stats` on TCP and a request of two seconds: the answer had
    `HTTP_X_AUTH_TOKEN=` with its value among the `vars` of the core that served it.

    ## References

    - uWSGI `core/master_utils.c`, `uwsgi_master_generate_stats`.
    """
    for instance in glance_uwsgis(deployment):
        for stats in stats_servers(instance):
            option, address = stats.option, stats.address
            if not beyond_loopback(address):
                continue
            where = "every address" if everywhere(address) else f"{address.host}"
            told = (
                "whoever connects is told of the sessions of the router"
                if stats.router
                else "whoever connects is told of the requests in flight, with their tokens"
            )
            yield Finding(
                place=option.place,
                message=f"{option.key} binds port {address.port} of {where}: {told}",
                help=f"write {option.key} = 127.0.0.1:{address.port}, or the path of a UNIX socket",
                context=("uwsgi",),
            )
