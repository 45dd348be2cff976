"""GA504 python2-chunked."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment, by_directive
from glance_audit.deployment.python_mode import PythonEvidence
from glance_audit.deployment.route import Route
from glance_audit.deployment.runtime import glance_uwsgis, of_uwsgi, python2_signs, stated_python2
from glance_audit.deployment.target import Gateway
from glance_audit.engine.advice import http_gateway
from glance_audit.engine.bite import Bite, bite, least
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_Signs = tuple[tuple[PythonEvidence, ...], Confidence]


@rule(
    "GA504",
    "python2-chunked",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="Glance up to 19 (Train)",
    caused_by=("GA103", "GA201", "GA202"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Chunked uploads are set up as the old documentation has it for Python 2, and that fails.

    ## What it does

    On a release before Ussuri (20), looks for a Glance on Python 2 (GA501 tells how that is known)
    behind `uwsgi://`, and behind an `http://` route that spools chunked uploads; the latter not on
    Pike (15), which needs that.

    ## Why it matters

    The documentation of Pike to Train says that chunked uploads work with mod_proxy_uwsgi "only on
    Python 2", with `proxy-sendcl`. They do not: Apache refuses them with 411 before any Python sees
    them. Behind `http://` the recipe works, and is not needed: Apache writes every chunked upload
    to disk before Glance hears of it, though Glance from Queens (16) on reads chunks by itself. Who
    stays on Python 2 for the sake of uploads stays there for nothing.

    ## Bad

    ```apache
    SetEnv proxy-sendcl 1
    ProxyPass "/image" "uwsgi://127.0.0.1:60999"
    ```

    ```ini
    [uwsgi]
    plugins = python2
    socket = 127.0.0.1:60999
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    Proxy100Continue Off
    ```

    ```ini
    [uwsgi]
    plugins = python3
    http-socket = 127.0.0.1:60999
    ```

    ## Measured

    Apache 2.4.71, mod_proxy_uwsgi: 411 for every chunked upload, with `proxy-sendcl` and without,
    whatever is behind it. mod_proxy_http with `proxy-sendcl`: 32 MiB of 32 are in `modproxy.tmp`
    before the backend is contacted. Glance itself was not run on Python 2.

    ## References

    - Glance, "Running Glance in HTTPD" (15.0.0 to 20.0.0, 19.0.4): "Running Glance under HTTPD in
      this configuration will only work on Python 2 if you use Transfer-Encoding: chunked".
    - Glance commit bf7887a10 (16.0.0), "Replace body_file with class to call
      uwsgi.chunked_read()".
    """
    versions = deployment.versions
    refused = bite(versions, before="python3-only")
    needless = bite(versions, since="chunked-read", before="python3-only")
    if refused is None:
        return
    signs = {
        id(instance): python2_signs(deployment, of_uwsgi(instance))
        for instance in glance_uwsgis(deployment)
    }
    for group in by_directive(deployment.glance_routes):
        found = _signs(deployment, group, signs)
        if found is None:
            continue
        if group[0].gateway is Gateway.PROXY_UWSGI:
            yield _refused(group, found, refused, http_gateway(versions))
        elif needless is not None:
            yield from _spooled(group, found, needless)


def _signs(
    deployment: Deployment,
    group: tuple[Route, ...],
    signs: dict[int, tuple[tuple[PythonEvidence, ...], bool]],
) -> _Signs | None:
    """What tells that Python 2 is behind a route, and how surely."""
    for route in group:
        for backend in route.backends:
            evidence, certain = signs[id(backend.instance)]
            if evidence:
                sure = Confidence.HIGH if certain else Confidence.MEDIUM
                return evidence, sure if backend.certain else Confidence.LOW
    stated = stated_python2(deployment, group[0].directive.place)
    if stated and group[0].gateway is Gateway.PROXY_UWSGI:
        return stated, Confidence.HIGH
    return None


def _refused(group: tuple[Route, ...], found: _Signs, bites: Bite, advice: str) -> Finding:
    evidence, sure = found
    directive = group[0].directive
    return Finding(
        place=directive.place,
        message=(
            f"mod_proxy_uwsgi answers every chunked upload to "
            f"{listing(route.path for route in group)} with 411, on Python 2 "
            f"({evidence[0].because}) too, although the documentation says that they work "
            f"there{bites.words}"
        ),
        help=advice,
        confidence=least(bites.confidence, sure),
        context=group[0].endpoint.context,
        related=(*macro_body(directive), *_told(evidence, group[0])),
    )


def _spooled(group: tuple[Route, ...], found: _Signs, bites: Bite) -> Iterator[Finding]:
    evidence, sure = found
    spooled = [route for route in group if route.buffering.settings]
    if not spooled:
        return
    route, causes = spooled[0], spooled[0].buffering.settings
    always = all(one.buffering.value is True for one in spooled)
    yield Finding(
        place=route.directive.place,
        message=(
            f"Apache writes every chunked upload to {listing(one.path for one in spooled)} to "
            f"disk first, as the documentation has it for Python 2 ({evidence[0].because}); "
            f"Glance reads chunks by itself, on Python 2 too{bites.words}"
        ),
        help=f"remove {listing(one.name for one in causes)}, and use Python 3",
        severity=Severity.WARNING,
        confidence=least(bites.confidence, sure, Confidence.HIGH if always else Confidence.MEDIUM),
        context=route.endpoint.context,
        related=(
            *macro_body(route.directive),
            *(Related(f"makes Apache spool: {one.name}", one.directive.place) for one in causes),
            *_told(evidence, route),
        ),
    )


def _told(evidence: tuple[PythonEvidence, ...], route: Route) -> Iterator[Related]:
    for one in evidence:
        if one.place != route.directive.place:
            yield Related(f"says Python 2: {one.because}", one.place)
