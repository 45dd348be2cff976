"""GA106 standalone-removed."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.dormant import PROGRAM
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.standalone import Standalone, standalone_routes
from glance_audit.deployment.versions import Holds
from glance_audit.engine.advice import continue_off
from glance_audit.engine.bite import bite, least, title
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA106",
    "standalone-removed",
    severity=Severity.WARNING,
    basis=Basis.DOCUMENTED,
    versions="error from Glance 33 (2026.2), warning on 32 (2026.1)",
    caused_by=("GA107",),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Apache proxies to the standalone glance-api, which 2026.2 has removed.

    ## What it does

    Looks for Glance routes through `http://` to the port of Glance's own server: `bind_port` of
    glance-api.conf, or its default 9292, on this machine. A systemd unit that starts `glance-api`
    makes it certain; without one the finding is less sure, and with a uWSGI or mod_wsgi that runs
    Glance there is none, nor on 9292 as long as the release is not known to be 32 or later.

    ## Why it matters

    2026.1 (32) deprecates this server: "Glance must now be run using WSGI". In 2026.2 (33) the
    command prints an error and ends with status 1, and Apache answers every request with 503. Until
    2025.2 (31) the documentation advised it above all others.

    ## Bad

    ```apache
    ProxyPass "/image" "http://127.0.0.1:9292"
    ```

    ```ini
    # /etc/systemd/system/glance-api.service
    [Service]
    ExecStart=/usr/bin/glance-api
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:9292"
    Proxy100Continue Off
    ```

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:9292
    module = glance.wsgi.api:application
    ```

    `bind_host`, `bind_port`, `workers` and `backlog` mean nothing there; uWSGI's `http-socket`,
    `processes` and `listen` take their place.

    ## Measured

    Glance 20.2.0 and 25.1.0, standalone behind Apache 2.4.71: uploads and imports work. Apache,
    nobody at the port: 503. 33.0.0, where the unit starts `glance-api`: 503. The end with status 1
    is read in its source.

    ## References

    - Glance commits 44d9bbe59 (32.0.0) and cea648215 (33.0.0), "Remove standalone glance-api WSGI
      server"; release note eventlet-deprecation.
    """
    versions = deployment.versions
    bites = bite(versions, since="standalone-deprecated")
    if bites is None:
        return
    gone = versions.holds(since="standalone-removed") is Holds.ALL
    deprecated, removed = (
        title(versions, f"standalone-{name}") for name in ("deprecated", "removed")
    )
    for found in standalone_routes(deployment):
        if found.unit is None and found.setting is None and bites.words:
            continue
        route = found.routes[0]
        effect = (
            f"which Glance {removed} and later do not have"
            if gone
            else (f"which Glance {deprecated} deprecates, and {removed} and later do not have")
        )
        yield Finding(
            place=route.directive.place,
            message=(
                f"{listing(one.path for one in found.routes)} leads to the standalone {PROGRAM} "
                f"({_why(found)}), {effect}: {'' if gone else 'there '}it ends with status 1, and "
                "every request with 503"
            ),
            help=(
                f"let uWSGI take its place: http-socket = {_address(found)} "
                "and module = glance.wsgi.api:application"
                f"{continue_off(versions, 'beside the route')}{bites.words}"
            ),
            severity=Severity.ERROR if gone else Severity.WARNING,
            confidence=least(bites.confidence, _sure(found)),
            context=route.endpoint.context,
            related=(
                *macro_body(route.directive),
                *(() if found.command is None else (Related("starts it", found.command),)),
                *(() if found.setting is None else (Related("its port", found.setting.place),)),
            ),
        )


def _address(found: Standalone) -> str:
    host = found.target.host
    return f"{f'[{host}]' if ':' in host else host}:{found.target.port}"


def _why(found: Standalone) -> str:
    port = found.target.port
    if found.unit is not None:
        return f"{found.unit} starts it"
    return f"{port} is its default port" if found.setting is None else f"bind_port = {port}"


def _sure(found: Standalone) -> Confidence:
    if found.unit is not None:
        return Confidence.HIGH if found.here else Confidence.MEDIUM
    return Confidence.LOW if found.setting is None else Confidence.MEDIUM
