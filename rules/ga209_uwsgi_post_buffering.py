"""GA209 uwsgi-post-buffering."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA209",
    "uwsgi-post-buffering",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI's `post-buffering` spools images that come with a Content-Length to disk.

    ## What it does

    Looks for a `post-buffering` above 0 in a uWSGI that runs Glance. A value that is no number
    counts as 0, as uWSGI reads it.

    ## Why it matters

    The option is meant for applications that do not read all of their input. For Glance it means
    that uWSGI writes the whole image to `$TMPDIR`, or /tmp, before Glance sees its first byte: each
    upload takes the size of its image there, and is written twice. When the disk is full the
    connection is reset. Chunked uploads are streamed all the same.

    ## Bad

    ```ini
    [uwsgi]
    post-buffering = 8192
    ```

    ## Good

    ```ini
    [uwsgi]
    socket-timeout = 300
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31, `post-buffering = 8192`, 1 MiB with a Content-Length in 4 s, through
    http-socket and through the http router: a deleted file grows in the temporary directory, and
    the application starts after the last byte. Chunked bodies: no file.
    `post-buffering = true`: off. Glance 33.0.0, 32 MiB: 32 MiB spooled, the first byte in the store
    after 4.2 s instead of 0.1 s; with a TMPDIR of 20 MiB the upload ends in 502.

    ## References

    - uWSGI `core/reader.c`, `uwsgi_postbuffer_do_in_disk`; uWSGI documentation, "Things to know".
    """
    for instance in glance_uwsgis(deployment):
        option = instance.post_buffering
        if option is not None:
            yield Finding(
                place=option.place,
                message=(
                    f"post-buffering = {option.value}: uWSGI writes every image that comes with a "
                    "Content-Length to its temporary directory before Glance sees the first byte"
                ),
                help="remove post-buffering; Glance reads what it is sent as it comes",
                context=("uwsgi",),
            )
