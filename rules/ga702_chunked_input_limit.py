"""GA702 chunked-input-limit."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.approach import direct_listeners, routes_to, speaks_http
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.size_limit import APACHE_PIECE, CHUNK, chunk_limit
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA702",
    "chunked-input-limit",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="16+",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """An upload fails when one of its chunks is as large as uWSGI's `chunked-input-limit`.

    ## What it does

    Looks at every uWSGI that runs Glance, speaks HTTP beyond loopback, and that no Apache in the
    audit leads to: a `chunked-input-limit` of 1 MiB, the default, or less is reported, and as an
    error when a unit is written behind it, which uWSGI does not read. A limit of 16384 bytes or
    less is an error behind Apache too. 0, or a word, means no limit.

    ## Why it matters

    The limit is for a single chunk, which uWSGI keeps in memory as a whole, and the client chooses
    its size: one that sends pieces of 1 MiB or more fails in the first one. mod_proxy_http cuts
    bodies into pieces of up to 16 KiB, so Apache hides the limit, unless it is tiny.

    ## Bad

    ```ini
    [uwsgi]
    http-socket = :9292
    chunked-input-limit = 16m
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = :9292
    chunked-input-limit = 67108864
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31: with the default chunks of 1 MiB failed ("unable to receive chunked
    part"), chunks of 1000000 bytes passed, those of 1 MiB less 2 bytes now and then; with 2097152
    chunks of 1 MiB passed, with 67108864 those of 8 MiB, and with 0 those of 3 MiB. `16m` is read
    as 16. Through Apache 2.4.71 an upload of 3 MiB in one chunk passed with the default and with
    16400, and failed with 16384 and less (502).

    ## References

    - uWSGI `core/chunked.c`, `uwsgi_chunked_read`; `core/init.c`: `chunked_input_limit =
      1024*1024`.
    """
    versions = bite(deployment.versions, since="chunked-read")
    if versions is None:
        return
    for instance in glance_uwsgis(deployment):
        limit = chunk_limit(instance.config)
        if limit is None or limit.size > CHUNK or not speaks_http(instance):
            continue
        direct = direct_listeners(deployment, instance)
        tiny = limit.size <= APACHE_PIECE
        if not direct and not tiny:
            continue
        if tiny:
            message = (
                "a chunked upload fails when one of its chunks is larger, and Apache sends it on "
                f"in pieces of up to {APACHE_PIECE} bytes"
            )
        else:
            message = (
                "an upload fails when one of its chunks is that large, and no Apache cuts up what "
                f"clients send to {listing(listener.text for listener in direct)}"
            )
        yield Finding(
            place=limit.option.place if limit.option is not None else instance.place,
            message=f"{limit.text}: {message}{versions.words}",
            help="set chunked-input-limit = 67108864 in the [uwsgi] section: bytes, without a unit",
            severity=Severity.ERROR if tiny or limit.has_unit else Severity.WARNING,
            confidence=versions.confidence,
            context=("uwsgi",),
            related=(
                *(Related("reached without Apache", one.option.place) for one in direct[:2]),
                *(
                    Related(f"uploads arrive through {group[0].title}", group[0].directive.place)
                    for group in by_directive(routes_to(deployment, instance))[:2]
                ),
            ),
        )
