"""GA802 socket-world-writable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule

OCTAL = re.compile(r"[0-7]{3}\Z")
UNRESOLVED = re.compile(r"[$@%]")
OTHERS_WRITE = 2  # of the last digit


@rule(
    "GA802",
    "socket-world-writable",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="all; error where uWSGI refuses the value",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Every user of the host may talk to Glance's uWSGI through its UNIX socket.

    ## What it does

    Looks at the last `chmod-socket` of a uWSGI that runs Glance and has a UNIX socket: 666, 777, 1
    (which means 666) and whatever else lets all others write. A value that is neither 1 nor three
    octal digits is an error: uWSGI ends there.

    ## Why it matters

    Any process of the host, a compromised web page included, sends requests past Apache. Where the
    socket speaks the uwsgi protocol, it also names the file that uWSGI runs.

    ## Bad

    ```ini
    [uwsgi]
    http-socket = /run/glance/api.sock
    chmod-socket = 666
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = /run/glance/api.sock
    chmod-socket = 660
    chown-socket = glance:www-data
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31: `1` makes mode 0666, three octal digits make what they say, `0660`, a
    word and no value end uWSGI with status 1. A second `chmod-socket` does not replace the first
    one: 664 and then 660 make 4660.

    ## References

    - uWSGI `core/uwsgi.c`, `uwsgi_opt_chmod_socket`.
    """
    for instance in glance_uwsgis(deployment):
        option = instance.config.last("chmod-socket")
        if option is None or UNRESOLVED.search(option.value):
            continue
        sockets = [one for one in instance.listeners if one.address.kind == "unix"]
        value = option.value
        if value != "1" and not OCTAL.match(value):
            yield Finding(
                place=option.place,
                message="chmod-socket takes three octal digits, or 1: uWSGI ends at this value",
                help="write chmod-socket = 660",
                severity=Severity.ERROR,
                context=("uwsgi",),
            )
        elif sockets and (value == "1" or int(value[-1]) & OTHERS_WRITE):
            mode = "666" if value == "1" else value
            yield Finding(
                place=option.place,
                message=(
                    f"chmod-socket = {value} gives the socket mode {mode}: every user of this host "
                    "talks to Glance past Apache"
                ),
                help=(
                    "write chmod-socket = 660, and give the socket to Apache's group with "
                    "chown-socket"
                ),
                context=("uwsgi",),
                related=tuple(
                    Related("is open to everybody", socket.option.place) for socket in sockets
                ),
            )
