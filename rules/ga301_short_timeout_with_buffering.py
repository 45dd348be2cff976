"""GA301 short-timeout-with-buffering."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from glance_audit.deployment.environment import SENDCL
from glance_audit.deployment.model import ApacheServer, Deployment
from glance_audit.deployment.route import Route
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.timer import Timer
from glance_audit.engine.advice import stop_spooling
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.files import Place
from glance_audit.record import NamedTuple


@rule(
    "GA301",
    "short-timeout-with-buffering",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    caused_by=("GA201", "GA202", "GA208", "GA209", "GA205"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Uploads are buffered, and a timer that should have been raised for it is short.

    ## What it does

    For every Glance route whose uploads are spooled (`proxy-sendcl`, `force-proxy-request-1.0`,
    `SetInputFilter BUFFER`, uWSGI's `post-buffering`), or meant to be (`proxy-sendcl` before
    mod_proxy_uwsgi, as the documentation has it), compares with a floor of 300 s
    (`--buffering-floor`): the worker's `timeout=`, ProxyTimeout or Timeout, whichever is effective;
    a Timeout that is set, and a RequestReadTimeout that limits the whole body, for the client's
    side; and uWSGI's socket-timeout, http-timeout and harakiri.

    ## Why it matters

    Upstream's documentation of 15.0.0 to 20.0.0 says: with buffering "you'll likely have to
    increase timeout values in the uWSGI configuration file". Measured, it is the other way round:
    while Apache spools, uWSGI's timers do not run at all. What does run is Apache's timer for the
    backend, whenever Glance stops reading the spooled image or is still storing it, and Timeout
    while the client sends. The uWSGI timers bite the uploads that are still streamed: those with a
    Content-Length.

    ## Bad

    ```apache
    SetEnv proxy-sendcl 1
    ProxyTimeout 30
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Good

    ```apache
    ProxyTimeout 600
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Apache 2.4.71, uWSGI 2.0.21. Spooled: ProxyTimeout 3 and a client that pauses 6 s: 200; a
    backend that answers after 6 s: 502; one that stops reading for 6 s: 504. uWSGI's default
    socket-timeout, http-timeout=3 and harakiri=3: 200 when spooled, 502 when streamed.

    ## References

    - Glance, "Running Glance in HTTPD", section mod_proxy_uwsgi (15.0.0 to 20.0.0, 19.0.4).
    - httpd documentation: ProxyTimeout, ProxyPass `timeout=`, Timeout.
    """
    floor = deployment.expectations.buffering_floor
    advice = stop_spooling(deployment.versions)
    for server in deployment.servers:
        # One that several virtual hosts inherit or include may meet other timers in each.
        for route in server.glance_routes:
            cause = _buffering(server, route)
            finding = _finding(route, cause, floor, advice) if cause is not None else None
            if finding is not None:
                yield finding


class _By(Enum):
    """Who buffers a route's uploads, or is documented to."""

    APACHE = "apache"
    UWSGI = "uwsgi"
    NOBODY = "nobody"  # proxy-sendcl before mod_proxy_uwsgi


class _Cause(NamedTuple):
    by: _By
    place: Place


def _finding(route: Route, cause: _Cause, floor: int, advice: str) -> Finding | None:
    short = [timer for timer in _timers(route, cause) if timer.seconds < floor]
    if not short:
        return None
    places = [timer.place for timer in short if timer.place is not None]
    place = places[0] if places else route.directive.place
    related = [Related(f"set below {floor} s as well", other) for other in places[1:]]
    related.append(Related(_ROLES[cause.by], cause.place))
    if place != route.directive.place:
        related.append(Related(f"the Glance route: {route.path}", route.directive.place))
    texts = {_By.APACHE: _by_apache, _By.UWSGI: _by_uwsgi, _By.NOBODY: _by_nobody}
    helps = {
        _By.APACHE: advice if _by_sendcl(route) else "stop the spooling",
        _By.UWSGI: "remove post-buffering",
        _By.NOBODY: "remove proxy-sendcl",
    }
    kills = any(timer.name == "harakiri" for timer in short)
    return Finding(
        place=place,
        message=texts[cause.by](route, cause, short, floor),
        help=(
            f"{helps[cause.by]}, and raise the timers to {floor} s or more for the uploads that "
            f"are streamed{'; remove harakiri' if kills else ''}"
        ),
        context=route.endpoint.context,
        related=tuple(related),
    )


_ROLES = {
    _By.APACHE: "what buffers the uploads",
    _By.UWSGI: "what buffers the uploads with a Content-Length",
    _By.NOBODY: "what should buffer the uploads, and does not",
}


def _by_apache(route: Route, cause: _Cause, short: list[Timer], floor: int) -> str:
    parts = []
    backend = route.timers[0]
    if backend in short:
        parts.append(
            f"{backend.text} ends an upload when Glance stops reading the spooled image, or needs "
            "to answer, that long (502 or 504)"
        )
    client = [t for t in route.timers[-1:] if t in short and (t is not backend or t.place)]
    if client:
        parts.append(f"{client[0].text} ends it when the client pauses that long (408)")
    if route.body_cap in short and route.body_cap is not None:
        parts.append(f"{route.body_cap.text} ends it after that time, data or not (408)")
    streaming = [t for t in _uwsgi_timers(route, cause) if t in short]
    if streaming:
        parts.append(
            f"{listing(t.text for t in streaming)} cannot bite while Apache spools, only in "
            f"{_streamed(route)}, which Apache streams all the same"
        )
    return f"uploads to {route.path} are buffered with timers below {floor} s: {'; '.join(parts)}"


def _streamed(route: Route) -> str:
    return "chunked uploads" if route.buffering.value is False else "uploads with a Content-Length"


def _by_uwsgi(route: Route, _: _Cause, short: list[Timer], floor: int) -> str:
    backend = route.timers[0]
    pauses = [t for t in short if t.name in ("socket-timeout", "http-timeout", "Timeout")]
    parts = []
    if pauses:
        parts.append(f"{listing(t.text for t in pauses)} ends any upload that pauses that long")
    if backend in short and backend not in pauses:
        parts.append(f"{backend.text} ends one that uWSGI does not answer that long")
    if route.body_cap is not None and route.body_cap in short:
        parts.append(f"{route.body_cap.text} ends any upload after that time, data or not")
    kills = [t for t in short if t.name == "harakiri"]
    if kills:
        parts.append(f"{kills[0].text} ends chunked ones, which are not spooled, after that time")
    return (
        f"uWSGI spools uploads to {route.path} that have a Content-Length (post-buffering) with "
        f"timers below {floor} s: {'; '.join(parts)}"
    )


def _by_nobody(route: Route, _: _Cause, short: list[Timer], floor: int) -> str:
    return (
        f"proxy-sendcl does not buffer uploads to {route.path}, whatever the documentation says: "
        "mod_proxy_uwsgi refuses chunked ones, and those with a Content-Length are streamed "
        f"through timers below {floor} s: {listing(t.text for t in short)}"
    )


def _buffering(server: ApacheServer, route: Route) -> _Cause | None:
    if route.buffering.causes:
        return _Cause(_By.APACHE, route.buffering.causes[0][0])
    for backend in route.backends:
        option = backend.instance.post_buffering
        if option is not None:
            return _Cause(_By.UWSGI, option.place)
    if route.gateway is Gateway.PROXY_UWSGI:
        for use in server.environment:
            if use.setting.name == SENDCL and route in use.reached:
                return _Cause(_By.NOBODY, use.setting.directive.place)
    return None


def _by_sendcl(route: Route) -> bool:
    return any(setting.name == SENDCL for setting in route.buffering.settings)


def _timers(route: Route, cause: _Cause) -> tuple[Timer, ...]:
    """Return the timers that may end an upload: Apache's, then uWSGI's.

    Timeout governs the client's side beside the backend's timer: where somebody set it.
    """
    backend, client = route.timers[0], route.timers[-1]
    found = [backend]
    if client is not backend and client.place is not None:
        found.append(client)
    if route.body_cap is not None:
        found.append(route.body_cap)
    return (*found, *_uwsgi_timers(route, cause))


def _uwsgi_timers(route: Route, cause: _Cause) -> tuple[Timer, ...]:
    found: dict[Timer, None] = {}
    if cause.by is _By.APACHE and route.buffering.every:
        return ()  # nothing is left that is streamed
    for backend in route.backends:
        instance = backend.instance
        spools = instance.post_buffering is not None
        if cause.by is _By.UWSGI and not spools:
            continue
        found[instance.socket_timeout] = None
        if backend.listener.router and instance.http_timeout is not None:
            found[instance.http_timeout] = None
        # What Apache sends on has a length, and that is spooled before the clock starts.
        by_both = spools and cause.by is _By.APACHE and route.buffering.value is not False
        if instance.harakiri is not None and not by_both:
            found[instance.harakiri] = None
    return tuple(found)
