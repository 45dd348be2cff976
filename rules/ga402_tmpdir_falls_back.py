"""GA402 tmpdir-falls-back."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.spool import Refusal, Spool
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA402",
    "tmpdir-falls-back",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="all; error for uWSGI's post-buffering",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """TMPDIR names a directory the server cannot use, and nobody says so.

    ## What it does

    Looks at TMPDIR, TMP and TEMP as the server gets them (envvars, sysconfig, the unit, uWSGI's
    `env`) for a path that is missing, is not a directory, or is not writable for the server, as far
    as the host or the audited tree proves it.

    ## Why it matters

    Apache silently takes the next of TMPDIR, TMP, TEMP, /tmp, /usr/tmp, /var/tmp. The images then
    fill the root file system instead of the disk that was meant for them. uWSGI does not look
    further: with `post-buffering` it resets the connection of every upload that it would spool.

    ## Bad

    ```sh
    # /etc/apache2/envvars; nobody has made the directory
    export TMPDIR=/srv/spool
    ```

    ## Good

    ```sh
    install -d -o www-data -m 0700 /srv/spool
    ```

    ## Measured

    Apache 2.4.71: a TMPDIR that does not exist, that www-data may not write to, that is full, and
    an empty one: status 200, the spool was in /tmp; with TMP set as well it was there. Nothing in
    the log. uWSGI 2.0.21 and 2.0.31 with `post-buffering` and a missing TMPDIR: connection reset,
    "uwsgi_tmpfile(): No such file or directory".

    ## References

    - APR `file_io/unix/tempdir.c`, `apr_temp_dir_get`.
    - uWSGI `core/reader.c`, `uwsgi_postbuffer_do_in_disk`, which calls `uwsgi_tmpfile`.
    """
    for server in deployment.servers:
        if not server.glance_routes:
            continue
        for refusal in server.spool.refused:
            yield Finding(
                place=refusal.wish.place,
                message=(
                    f"{_what(refusal)}: Apache silently spools uploads in "
                    f"{server.spool.directory} instead ({_by(server.spool)})"
                ),
                help=(
                    f"make {refusal.wish.directory} a directory the server may write to"
                    if refusal.wish.directory.startswith("/")
                    else f"give {refusal.wish.variable} an absolute path"
                ),
                confidence=_confidence(refusal),
                related=_chosen(server.spool),
            )
    wanted = {id(instance) for instance in glance_uwsgis(deployment)}
    for instance, spool in deployment.uwsgi_spools:
        option = instance.post_buffering
        if option is None or id(instance) not in wanted:
            continue
        for refusal in spool.refused:
            yield Finding(
                place=refusal.wish.place,
                message=(
                    f"{_what(refusal)}: uWSGI ({instance.name}) does not fall back, it resets the "
                    f"connection of every upload with a Content-Length (post-buffering)"
                ),
                help=f"make {refusal.wish.directory} a directory uWSGI may write to",
                severity=Severity.ERROR,
                confidence=_confidence(refusal),
                context=("uwsgi",),
                related=(Related("makes uWSGI spool uploads", option.place),),
            )


def _what(refusal: Refusal) -> str:
    return f"{refusal.wish.variable} is {refusal.wish.directory}, which {refusal.reason}"


def _by(spool: Spool) -> str:
    return spool.wish.variable if spool.wish is not None else "the default"


def _chosen(spool: Spool) -> tuple[Related, ...]:
    if spool.wish is None:
        return ()
    return (Related("decides where uploads are spooled", spool.wish.place),)


def _confidence(refusal: Refusal) -> Confidence:
    return Confidence.HIGH if refusal.certain else Confidence.LOW
