"""GA101 mod-wsgi."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment, Versions, by_directive
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.versions import Holds
from glance_audit.engine.advice import uwsgi_over_http
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing


@rule(
    "GA101",
    "mod-wsgi",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="error on Glance 15 to 20, warning on 21 to 31, info from 32",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Glance is served by mod_wsgi, which upstream advises against before 2026.1.

    ## What it does

    Looks for `WSGIScriptAlias`, `WSGIScriptAliasMatch` and `WSGIHandlerScript` that lead to Glance.

    ## Why it matters

    Up to Ussuri (20) Glance has no way to run its tasks inside a WSGI server: image import stays
    queued for ever. From Victoria (21) on it has, but the documentation of all releases before
    2026.1 (32) advises against mod_wsgi. On every release mod_wsgi refuses chunked uploads unless
    `WSGIChunkedRequest On` is set (GA102), and httpd 2.4.54 and later limits a body under mod_wsgi
    to 1 GiB unless `LimitRequestBody 0` is set.

    ## Bad

    ```apache
    WSGIScriptAlias "/image" "/usr/lib/cgi-bin/glance/glance-api.wsgi"
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    Proxy100Continue Off
    ```

    with Glance in a uWSGI of its own that listens with `http-socket`, and `public_endpoint` set.
    `Proxy100Continue Off` is needed: what mod_wsgi answers itself, `Expect: 100-continue`, ends in
    status 500 between mod_proxy_http and uWSGI. Up to Ussuri (20) import runs in the standalone
    glance-api alone, behind the same ProxyPass. Who stays with mod_wsgi from
    Victoria on sets `WSGIChunkedRequest On` and `LimitRequestBody 0`.

    ## Measured

    Apache 2.4.71 with mod_wsgi. Glance 20.2.0: uploads pass with `WSGIChunkedRequest On`, but a
    web-download import stays "queued". Glance 25.1.0 and 33.0.0: uploads and imports work with it;
    without it chunked uploads get 411. Although the documentation of 15.0.0 to 31.1.0 says that
    mod_wsgi fails on every chunked request, it does not with this directive. The example in the
    documentation of 32.0.0 lacks it and starts `glance-wsgi-api`, which that release removed.

    ## References

    - Glance, "Running Glance in HTTPD", section mod_wsgi.
    - Glance commits 16a5431c6 (21.0.0) and 78f434b6b (32.0.0); Launchpad bug 1888713.
    """
    severity, verdict = _judge(deployment.versions)
    routes = tuple(r for r in deployment.glance_routes if r.gateway is Gateway.MOD_WSGI)
    for group in by_directive(routes):
        paths = listing(route.path for route in group)
        yield Finding(
            place=group[0].directive.place,
            message=f"Glance at {paths} is served by mod_wsgi: {verdict}",
            help=_help(deployment.versions, severity),
            severity=severity,
            context=group[0].endpoint.context,
            related=macro_body(group[0].directive),
        )


def _help(versions: Versions, severity: Severity) -> str:
    if severity is Severity.INFO:
        return "check WSGIChunkedRequest On and LimitRequestBody 0"
    # uWSGI runs no tasks up to Ussuri either (measured: Glance 20.2.0, import stays queued).
    match versions.holds(before="tasks-under-wsgi"):
        case Holds.ALL:
            return (
                "run the standalone glance-api behind ProxyPass http://, which alone runs import "
                "on this release, or upgrade"
            )
        case Holds.PART:
            return (
                f"from Glance 21 (Victoria) on: {uwsgi_over_http(versions)}; up to 20 (Ussuri) "
                "only the standalone glance-api runs import"
            )
        case Holds.NONE:
            against = "the documentation up to 31 advises against uWSGI as well"
            return f"{uwsgi_over_http(versions)} ({against})"


def _judge(versions: Versions) -> tuple[Severity, str]:
    if versions.holds(before="tasks-under-wsgi") is Holds.ALL:
        titles = versions.releases.titles(lambda _: True, versions.glance)
        return Severity.ERROR, (
            f"Glance {titles[0]} cannot run image import there, its tasks stay queued"
        )
    if versions.holds(since="wsgi-documented") is Holds.ALL:
        return Severity.INFO, (
            "the documentation calls that supported, but its example refuses chunked uploads "
            "(no WSGIChunkedRequest On) and images above 1 GiB (no LimitRequestBody 0)"
        )
    if versions.holds(since="tasks-under-wsgi", before="wsgi-documented") is Holds.ALL:
        return Severity.WARNING, (
            "the documentation of this release advises against it; uploads and import work, if "
            "WSGIChunkedRequest is On and LimitRequestBody 0"
        )
    return Severity.WARNING, (
        "the documentation up to 31 (2025.2) advises against it, and up to 20 (Ussuri), where "
        "this is an error, image import never runs there; supported from 32 (2026.1)"
    )
