"""GA403 tmpdir-set-in-httpd-conf."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import ApacheServer, Deployment
from glance_audit.deployment.scope import enclosing
from glance_audit.deployment.tmpdir import TMPDIR, request_tmpdirs
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA403",
    "tmpdir-set-in-httpd-conf",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """TMPDIR set in Apache's configuration does not move the spool.

    ## What it does

    Looks for `SetEnv TMPDIR` (and SetEnvIf, `RewriteRule [E=]`) in a scope that holds a Glance
    route, and for a `Define TMPDIR` that no `${TMPDIR}` uses in an Apache that serves Glance.

    ## Why it matters

    Both set something of that name, but not the variable that decides where Apache spools uploads:
    SetEnv sets a variable of a request for CGI and WSGI programs, Define one of the configuration
    files. The images go on filling /tmp.

    ## Bad

    ```apache
    SetEnv TMPDIR /srv/spool
    ```

    ## Good

    ```sh
    # /etc/apache2/envvars
    export TMPDIR=/srv/spool
    ```

    or, where systemd starts httpd itself, `Environment=TMPDIR=/srv/spool` in a drop-in of the unit
    (or /etc/sysconfig/httpd, if the unit names it as EnvironmentFile).

    ## Measured

    Apache 2.4.71, `proxy-sendcl`, 50 MiB: with `SetEnv TMPDIR` and with `Define TMPDIR` the spool
    was /tmp/modproxy.tmp.XXXXXX, as if nothing were set. With TMPDIR in the environment that httpd
    was started with it was in that directory.

    ## References

    - APR `file_io/unix/tempdir.c`, `apr_temp_dir_get`: `apr_env_get` asks the process.
    - httpd documentation of SetEnv and Define.
    """
    for server in deployment.servers:
        for directive in request_tmpdirs(server):
            yield Finding(
                place=directive.place,
                message=(
                    f"{directive.name} sets TMPDIR for requests, not for the server: "
                    f"{_meanwhile(server)}"
                ),
                help=_help(server),
                context=enclosing(directive),
                related=_decides(server),
            )
        for definition in server.config.definitions if server.glance_routes else ():
            if definition.name == TMPDIR and TMPDIR.lower() not in server.config.used:
                yield Finding(
                    place=definition.place,
                    message=(
                        "Define sets TMPDIR for ${TMPDIR} in the configuration, not for the "
                        f"server: {_meanwhile(server)}"
                    ),
                    help=_help(server),
                    related=_decides(server),
                )


def _meanwhile(server: ApacheServer) -> str:
    return f"what Apache spools goes to {server.spool.directory} all the same"


def _help(server: ApacheServer) -> str:
    if server.family == "redhat":
        return "set Environment=TMPDIR=... in a drop-in of httpd.service"
    return "export TMPDIR in /etc/apache2/envvars, or set it in the unit"


def _decides(server: ApacheServer) -> tuple[Related, ...]:
    wish = server.spool.wish
    return () if wish is None else (Related("decides where Apache spools", wish.place),)
