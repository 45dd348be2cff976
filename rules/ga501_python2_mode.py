"""GA501 python2-mode."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment, Versions
from glance_audit.deployment.runtime import python2_signs, runtimes
from glance_audit.deployment.versions import Holds
from glance_audit.engine.bite import least
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA501",
    "python2-mode",
    severity=Severity.ERROR,
    basis=Basis.DOCUMENTED,
    versions="error from Glance 20 (Ussuri), warning before",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """The server that runs Glance is one for Python 2.

    ## What it does

    Looks for what tells the version of Python: uWSGI's plugin (`python2`, `python27`), the virtual
    environment (`home`, `pythonpath`), the script's first line, mod_wsgi's module, `python-home`
    and `python-path`, and `--python-version`.

    ## Why it matters

    Glance runs on Python 3 alone since Ussuri (20.0.0): under Python 2 it cannot be imported, and
    uWSGI stays up and answers every request with status 500. Where the plugin for Python 2 is
    missing, as in today's distributions, nothing answers. Up to Train (19) it runs, on a Python
    that nobody maintains any more.

    ## Bad

    ```ini
    [uwsgi]
    plugins = python2
    ```

    ## Good

    ```ini
    [uwsgi]
    plugins = python3
    ```

    ## Measured

    No release of Glance was run on Python 2: the rule stands on the releases' own metadata. Debian
    12 has no such plugin, and every request ends with 502, or with 503 when `need-app` has ended
    uWSGI. Although the documentation of Pike to Train says that chunked uploads through
    mod_proxy_uwsgi work on Python 2, Apache 2.4.71 refuses them with 411 before any Python sees
    them (GA103). uWSGI 2.0.21 and 2.0.31, application that cannot be loaded: the server stays up,
    "no app loaded. going in full dynamic mode", status 500.

    ## References

    - Glance 19 release notes: "Last release of Glance to support py2.7 is OpenStack Train".
    - Glance `setup.cfg`, python-requires at each tag; commit 40bd31241 (20.0.0).
    """
    severity, confidence, verdict = _judge(deployment.versions)
    for runtime in runtimes(deployment):
        old, certain = python2_signs(deployment, runtime)
        if not old:
            continue
        yield Finding(
            place=old[0].place,
            message=f"{runtime.title} runs Glance on Python 2 ({old[0].because}): {verdict}",
            help="use Python 3: the plugin, the virtual environment and the paths",
            severity=severity,
            confidence=confidence if certain else least(confidence, Confidence.MEDIUM),
            context=runtime.context,
            related=tuple(
                Related(f"says Python 2 too: {evidence.because}", evidence.place)
                for evidence in old[1:]
                if evidence.place != old[0].place
            ),
        )


def _judge(versions: Versions) -> tuple[Severity, Confidence, str]:
    holds = versions.holds(since="python3-only")
    if holds is Holds.ALL:
        titles = versions.releases.titles(lambda _: True, versions.glance)
        return (
            Severity.ERROR,
            Confidence.HIGH,
            f"Glance {titles[0]} cannot be imported there, it needs Python 3",
        )
    if holds is Holds.NONE:
        return (
            Severity.WARNING,
            Confidence.HIGH,
            "Glance from 20 (Ussuri) on does not run there, and nobody maintains that Python",
        )
    return (
        Severity.ERROR,
        Confidence.MEDIUM,
        "Glance from 20 (Ussuri) on cannot be imported there; only up to 19 (Train) it still runs",
    )
