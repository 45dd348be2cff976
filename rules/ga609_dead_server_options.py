"""GA609 dead-server-options."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.glance_service import GlanceService
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.server_option import ServerOption, unread_options
from glance_audit.deployment.versions import Holds
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.oslo import Setting


@rule(
    "GA609",
    "dead-server-options",
    severity=Severity.INFO,
    basis=Basis.MEASURED,
    versions="info, warning from Glance 32 on",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Options of Glance's own server are set, and a WSGI server runs Glance.

    ## What it does

    Looks for `bind_host`, `bind_port`, `workers`, `backlog`, `tcp_keepidle`, `max_header_line`,
    `http_keepalive`, `client_socket_timeout`, `ca_file`, `cert_file` and `key_file` in the section
    `[DEFAULT]` of a Glance that uWSGI or mod_wsgi runs; on a release without the option wherever it
    stands. One finding names all of a service. Silent where Apache has a route to `bind_port`
    (9292) that no uWSGI answers: the standalone server may run there.

    ## Why it matters

    Who raises `workers` or `client_socket_timeout` there changes nothing. 2026.1 (32) deprecates
    the options of the standalone server, 2026.2 (33) has none of them, and a file that still
    lists them says a port and a number of processes that are not true.

    ## Bad

    ```ini
    [DEFAULT]
    bind_port = 9292
    workers = 8
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    processes = 8
    ```

    ## Measured

    Glance 33.0.0 under uWSGI with `bind_port = 9292`: nobody listens at 9292. The WSGI
    applications of Glance 20.2.0 and 25.1.0 register the first eight, that of 33.0.0 none of them;
    the three for TLS are gone in all. Every use of them in the source of 15.0.0, 20.2.0, 25.1.0,
    31.1.0 and 32.0.0 is in the standalone server, but for `bind_host` as the host's name in
    osprofiler's traces, with which it is not reported.

    ## References

    - Glance `glance/common/wsgi.py`, `BaseServer`; `glance/common/wsgi_app.py`, `init_app`.
    - Glance commits 44d9bbe59 (32.0.0, deprecated), 01b828cbf (33.0.0, removed), 06b2465f5 (20.0.0,
      native TLS removed).
    """
    glance = deployment.versions.glance
    late = deployment.versions.holds(since="server-options-deprecated") is Holds.ALL
    severity = Severity.WARNING if late else Severity.INFO
    for service in deployment.services:
        found = tuple(unread_options(deployment, service))
        for gone in (False, True):
            part = [one for one in found if one[0].gone(glance) is gone]
            if part:
                yield _finding(service, part, severity, gone=gone)


def _finding(
    service: GlanceService,
    found: list[tuple[ServerOption, Setting]],
    severity: Severity,
    *,
    gone: bool,
) -> Finding:
    names = listing((option.name for option, _ in found), most=len(found))
    several = len(found) > 1
    them = "them" if several else "it"
    if gone:
        are = "are no options" if several else "is no option"
        message = f"{names} {are} of this Glance: nothing reads {them}"
    else:
        message = (
            f"{names} {'have' if several else 'has'} no effect: Glance runs under {service.runs}, "
            f"and only the standalone glance-api reads {them}"
        )
    instead = [option.uwsgi for option, _ in found if option.uwsgi and service.instances]
    return Finding(
        place=found[0][1].place,
        message=message,
        help=f"remove {them}" + (f"; uWSGI's own is {listing(instead)}" if instead else ""),
        severity=severity,
        context=("DEFAULT",),
        related=tuple(
            Related(f"{option.name}, the same", setting.place) for option, setting in found[1:]
        ),
    )
