"""GA105 discouraged-deployment."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.entry_point import EntryKind
from glance_audit.deployment.model import Deployment, Versions, by_directive
from glance_audit.deployment.route import Route
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.versions import Advice, Holds, format_version
from glance_audit.engine.bite import Bite, bite, title
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option


class _Verdict(NamedTuple):
    """What the documentation ``says``, how it is judged, and what to do about it."""

    severity: Severity
    confidence: Confidence
    says: str
    advice: str


@rule(
    "GA105",
    "discouraged-deployment",
    severity=Severity.WARNING,
    basis=Basis.DOCUMENTED,
    versions="warning on Glance 15 to 20, info on 21 to 31 (2025.2)",
    caused_by=("GA101", "GA103"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Glance runs under a web server, which the documentation of its release advises against.

    ## What it does

    Looks for Glance in a uWSGI or in mod_wsgi, on a release before 2026.1 (32). Apache in front of
    the standalone glance-api is not meant.

    ## Why it matters

    Up to Ussuri (20) the advice is right: image import never runs under WSGI, whatever is set. From
    Victoria (21) on it is not: that release brought the code that runs tasks under WSGI, and the
    text, written four days before, was shipped until 2025.2 (31) all the same. It is an info there,
    for whoever reads the documentation and doubts a deployment that works. So it is where no
    release is known; one that is loaded by `glance.wsgi.api` is taken for 2025.1 (30) or later.

    | Releases | The documentation |
    | --- | --- |
    | 15.0.0 to 20.0.0, but 19.0.4 | shows how, and recommends the standalone glance-api |
    | 19.0.4, 20.0.1 to 31.1.0 | "The clearest we can say is just don't do it." |
    | 32.0.0 and later | "fully supported and recommended for production environments" |

    ## Bad

    ```apache
    # Glance 20.2.0 (Ussuri)
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    wsgi-file = /usr/bin/glance-wsgi-api
    ```

    ## Good

    ```apache
    # The standalone glance-api listens on 9292.
    ProxyPass "/image" "http://127.0.0.1:9292"
    ```

    ## Measured

    Glance 20.2.0 behind Apache 2.4.71 and uWSGI: uploads work, a web-download import stays
    "queued". Glance 25.1.0 and 33.0.0: uploads and imports work.

    ## References

    - Glance, "Running Glance in HTTPD", 16.0.0 to 33.0.0; release notes of 15.0.0 and 16.0.0.
    - Glance commits 785eefcf7 (20.0.1, 21.0.0), 7f690381d (19.0.4) and 78f434b6b (32.0.0): the
      text; 16a5431c6 (21.0.0): the code.
    """
    judged = _judge(deployment.versions)
    if judged is None:
        return
    new = _judge(_with_module(deployment.versions)) or judged
    modules = {
        id(entry.origin) for entry in deployment.entry_points if entry.kind is EntryKind.MODULE
    }
    led_to = set()
    for group in by_directive(deployment.glance_routes):
        found = [(name, option, key) for route in group for name, option, key in _servers(route)]
        if not found:
            continue
        led_to |= {key for _, _, key in found}
        directive = group[0].directive
        origins = [directive if option is None else option for _, option, _ in found]
        verdict = new if all(id(one) in modules for one in origins) else judged
        places = dict.fromkeys(option.place for _, option, _ in found if option is not None)
        yield Finding(
            place=directive.place,
            message=(
                f"Glance at {listing(route.path for route in group)} is served by "
                f"{listing(name for name, _, _ in found)}: {verdict.says}"
            ),
            help=verdict.advice,
            severity=verdict.severity,
            confidence=verdict.confidence,
            context=group[0].endpoint.context,
            related=(
                *macro_body(directive),
                *(Related("loads Glance", place) for place in places),
            ),
        )
    for instance in deployment.glance_instances:
        if id(instance) not in led_to:
            option = next(one.option for one in instance.applications if one.glance)
            verdict = new if id(option) in modules else judged
            yield Finding(
                place=option.place,
                message=f"Glance is served by uWSGI ({instance.name}): {verdict.says}",
                help=verdict.advice,
                severity=verdict.severity,
                confidence=verdict.confidence,
                context=("uwsgi",),
            )


def _servers(route: Route) -> Iterator[tuple[str, Option | None, int]]:
    """Yield what surely runs Glance under WSGI behind a route: its name, what says so, its id()."""
    if route.gateway is Gateway.MOD_WSGI:
        yield "mod_wsgi", None, 0
    loaded = [b.instance for b in route.backends if b.certain and b.instance.glance]
    for instance in loaded:
        option = next(one.option for one in instance.applications if one.glance)
        yield f"uWSGI ({instance.name})", option, id(instance)
    if route.gateway is Gateway.PROXY_UWSGI and not loaded:
        yield "uWSGI", None, 0


def _with_module(versions: Versions) -> Versions:
    """The versions, if Glance is loaded by a module that not all of them have: then by those."""
    first, _ = versions.milestones.bounds("wsgi-module", None)
    if first is None or versions.holds(since="wsgi-module") is not Holds.PART:
        return versions
    return versions._replace(glance=versions.glance._replace(first=first))


def _judge(versions: Versions) -> _Verdict | None:
    """Say what the documentation of the releases in question is worth."""
    span = versions.glance
    said = [
        v for v in versions.releases.verdicts if span.holds(v.since, v.before) is not Holds.NONE
    ]
    against = [one for one in said if one.advice is not Advice.FOR]
    if not against:
        return None
    victoria, last = title(versions, "tasks-under-wsgi"), against[-1]
    only_way = title(versions, "standalone-removed")
    standalone = "run the standalone glance-api behind ProxyPass http://"
    unneeded = "nothing has to change because of that text"
    words = "" if len(against) == 1 else f" (from {format_version(last.since)} on)"
    bites = bite(versions, before="wsgi-documented") or Bite(Confidence.HIGH, "")
    match versions.holds(since="tasks-under-wsgi"):
        case Holds.NONE:
            return _Verdict(
                Severity.WARNING,
                Confidence.HIGH,
                f"{last.says}{words}, and image import does not run there",
                f"{standalone}, which runs import, or upgrade to {victoria} or later",
            )
        case Holds.ALL:
            return _Verdict(
                Severity.INFO,
                bites.confidence,
                f"{last.says}{bites.words}, but that text is stale: since {victoria} image import "
                "works there",
                f"{unneeded}: from {only_way} on WSGI is the only way to run Glance",
            )
    advice = f"the documentation advises against it{bites.words}"
    return _Verdict(
        Severity.INFO,
        Confidence.MEDIUM,
        f"{advice}; that text is stale since {victoria}, and before it image import does not run",
        f"from {victoria} on {unneeded}; before it, {standalone}",
    )
