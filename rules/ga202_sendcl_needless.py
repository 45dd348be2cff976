"""GA202 sendcl-needless."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCL
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.engine.bite import bite, least
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA202",
    "sendcl-needless",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="Glance 16 (Queens) and later",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`proxy-sendcl` in Glance's own scope makes Apache spool chunked uploads to disk for nothing.

    ## What it does

    Looks for `proxy-sendcl` in force on a Glance route behind mod_proxy_http, set in a scope that
    no other service shares.

    ## Why it matters

    Pike (15) could not read chunked bodies under uWSGI, and its samples set the variable. Since
    Queens (16) Glance reads them through `uwsgi.chunked_read`: the variable only costs disk space
    for every concurrent upload and the time to write and read it again.

    ## Bad

    ```apache
    <Location "/image">
        SetEnv proxy-sendcl 1
        ProxyPass "http://127.0.0.1:60999"
    </Location>
    ```

    ## Good

    ```apache
    <Location "/image">
        ProxyPass "http://127.0.0.1:60999"
    </Location>
    ```

    ## Measured

    Apache 2.4.71 in front of Glance 33.0.0 and 25.1.0, 32 MiB chunked at 4 MB/s: without the
    variable 204 and the first byte in the store after 0.1 s; with it 204, 32 MiB in the spool, and
    the first byte after 8 s. With a 20 MiB TMPDIR: 500, "No space left on device".

    ## References

    - Glance commit bf7887a10 (16.0.0), "Replace body_file with class to call uwsgi.chunked_read()".
    - Glance 15.0.0 `httpd/uwsgi-glance-api.conf` sets it; 16.0.0 sets `proxy-sendchunked` instead.
    """
    bites = bite(deployment.versions, since="chunked-read")
    if bites is None:
        return
    for _, use in deployment.environment(SENDCL):
        images = use.glance_buffered
        if not images or use.others:
            continue
        setting = use.setting
        when = "" if use.certain else "for some requests "
        scopes = listing((one.scope.title for one in use.settings), most=2)
        yield Finding(
            place=setting.directive.place,
            message=(
                f"proxy-sendcl, set for {scopes}, {when}makes Apache write every "
                f"chunked upload to {listing(route.path for route in images)} to disk first; "
                f"Glance reads chunked bodies itself{bites.words}"
            ),
            help="remove the line" + ("; Glance 15 (Pike) alone needs it" if bites.words else ""),
            confidence=least(
                bites.confidence, Confidence.HIGH if use.certain else Confidence.MEDIUM
            ),
            context=setting.scope.context,
            related=(
                *macro_body(setting.directive),
                *(
                    Related(
                        f"the Glance route it buffers: {group[0].path}", group[0].directive.place
                    )
                    for group in by_directive(images)
                ),
            ),
        )
