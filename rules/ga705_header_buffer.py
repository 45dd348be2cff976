"""GA705 header-buffer."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.size_limit import MOST_HEADERS, header_limit
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA705",
    "header-buffer",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI's `buffer-size` is too small for requests with long tokens.

    ## What it does

    Looks at the effective `buffer-size` of every uWSGI that runs Glance: unset it is 4096 bytes,
    and a value below 16384 (`--header-floor`) is reported. More than 65535 counts as 65535.

    ## Why it matters

    The request line and all headers have to fit. A Keystone token, the service catalogue beside it
    and what Apache adds make more than 4 KiB: uWSGI closes the connection, with no trace in
    Glance's log, and Apache answers 502. It is for some users only, those with the long tokens.

    ## Bad

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    buffer-size = 8192
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    buffer-size = 65535
    ```

    ## Measured

    uWSGI 2.0.21, a header of 4200 bytes: closed by default by `http-socket` ("invalid HTTP request
    size"), by `socket` and behind `http` ("invalid request block size"), answered with 8192; one of
    15500 answered with 16384, one of 60000 with 65535, 65536 and 131072. The router needs no
    `http-buffer-size` for that. `64k` is read as 64, and with it, or 0, no request was answered.
    With Glance 33.0.0 behind Apache, a token of 6 KiB: 502, and 200 with 65535; one of 9 KiB Apache
    itself refuses with 400 (LimitRequestFieldSize).

    ## References

    - uWSGI `core/init.c`: `buffer_size = 4096`; `proto/http.c`, `proto/uwsgi.c`.
    """
    floor = min(deployment.expectations.header_floor, MOST_HEADERS)
    for instance in glance_uwsgis(deployment):
        limit = header_limit(instance.config)
        if limit.size >= floor:
            continue
        yield Finding(
            place=limit.option.place if limit.option is not None else instance.place,
            message=(
                f"{limit.text}: uWSGI closes the connection when a request's headers are longer, "
                "as they are with a long token"
            ),
            help=f"set buffer-size = {MOST_HEADERS}, the most there is, in the [uwsgi] section",
            context=("uwsgi",),
        )
