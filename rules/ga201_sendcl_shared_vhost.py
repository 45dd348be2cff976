"""GA201 sendcl-shared-vhost."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.environment import SENDCL
from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.engine.bite import Bite, bite, least
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA201",
    "sendcl-shared-vhost",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="Glance 16 (Queens) and later",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`proxy-sendcl`, set where Glance shares a scope, makes Apache spool chunked uploads to disk.

    ## What it does

    Looks for `SetEnv proxy-sendcl` (and SetEnvIf, BrowserMatch, PassEnv, `RewriteRule [E=]`) that
    is in force on a Glance route behind mod_proxy_http and stands in a scope where other services
    are proxied too: the server, a VirtualHost, a Location.

    ## Why it matters

    With the variable set mod_proxy_http writes the whole chunked body to
    `$TMPDIR/modproxy.tmp.XXXXXX` before it contacts the backend at all. An image of many GiB fills
    the temporary directory, Glance hears nothing for minutes, and when the disk is full the upload
    ends in status 500. The variable is usually there for a neighbour; the value does not matter.

    ## Bad

    ```apache
    <VirtualHost *:80>
        SetEnv proxy-sendcl 1
        ProxyPass "/placement" "unix:/run/uwsgi/placement.socket|uwsgi://placement"
        ProxyPass "/image" "http://127.0.0.1:60999"
    </VirtualHost>
    ```

    ## Good

    ```apache
    <VirtualHost *:80>
        ProxyPass "/placement" "unix:/run/uwsgi/placement.socket|uwsgi://placement"
        ProxyPass "/image" "http://127.0.0.1:60999"
    </VirtualHost>
    ```

    Where a neighbour behind `http://` really needs the length, set the variable in its own
    `<Location>`. `SetEnv proxy-sendchunked 1` on Glance's side cancels it on httpd 2.4, but httpd
    trunk has removed that variable.

    ## Measured

    Apache 2.4.71, 50 MiB chunked PUT at 50 MB/s: without the variable the backend was contacted
    after 0.001 s and nothing was spooled; with it after 1.15 s, with 52,412,416 bytes in
    `modproxy.tmp`. With Glance 33.0.0 and a 32 MiB image the first byte reached the store after
    8.1 s instead of 0.1 s. mod_proxy_uwsgi does not look at the variable: chunked uploads get 411
    with it and without it, although the documentation of Pike to Train says that it helps there.

    ## References

    - Glance, "Running Glance in HTTPD" (16.0.0 to 20.0.0): "Be careful when setting up other
      proxies/endpoints in the same VirtualHost".
    - Launchpad bug 1709970: a server-wide `SetEnv proxy-sendcl` spooled the gate's uploads.
    - httpd 2.4 `modules/proxy/mod_proxy_http.c`, `ap_proxy_http_prefetch`.
    """
    bites = bite(deployment.versions, since="chunked-read")
    if bites is None:
        return
    for _, use in deployment.environment(SENDCL):
        images, others = use.glance_buffered, use.others
        if not images or not others:
            continue
        setting = use.setting
        scopes = listing((one.scope.title for one in use.settings), most=2)
        when = "" if use.certain else "for some requests "
        yield Finding(
            place=setting.directive.place,
            message=(
                f"proxy-sendcl, set for {scopes}, also reaches Glance at "
                f"{listing(route.path for route in images)}: {when}Apache writes every chunked "
                f"image upload to disk before Glance sees its first byte{bites.words}"
            ),
            help=_help(bites),
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
                *(
                    Related(f"shares the scope: {group[0].path}", group[0].directive.place)
                    for group in by_directive(others)[:3]
                ),
            ),
        )


def _help(bites: Bite) -> str:
    """Name where it may stay: with another service, or with a Glance that needs it."""
    needed = "" if not bites.words else "; Glance 15 (Pike) alone needs it, in its own <Location>"
    return (
        "remove the line; if another service needs it, set it in that service's own "
        f"<Location>{needed}"
    )
