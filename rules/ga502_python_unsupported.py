"""GA502 python-unsupported."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.python_mode import PythonEvidence
from glance_audit.deployment.runtime import Runtime, runtimes
from glance_audit.deployment.versions import format_version
from glance_audit.engine.bite import glance_bite, least
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule

_HINTED = Confidence.MEDIUM


@rule(
    "GA502",
    "python-unsupported",
    severity=Severity.ERROR,
    basis=Basis.DOCUMENTED,
    versions="3.6 from Glance 20, 3.8 from 25, 3.9 from 30, 3.10 from 31, 3.11 from 33",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """The Python that runs Glance is older than the release needs.

    ## What it does

    Compares the Python 3 that can be told from the files (uWSGI's plugin such as `python39`, the
    virtual environment, paths, the script's first line, mod_wsgi's module), or that
    `--python-version` states, with the oldest one each release of Glance runs on.

    ## Why it matters

    pip and the distributions do not install Glance there. What is installed all the same fails when
    it is imported, and uWSGI stays up and answers every request with status 500.

    ## Bad

    ```ini
    [uwsgi]
    # a virtual environment of Python 3.9, with Glance 2026.1
    home = /opt/glance
    ```

    ## Good

    ```ini
    [uwsgi]
    # python3.11 -m venv /opt/glance-2026.1
    home = /opt/glance-2026.1
    ```

    ## Measured

    Not measured: the rule stands on python-requires of every release's metadata. It is asked of a
    version with a minor number only; `plugins = python3` tells nothing.

    ## References

    - Glance `setup.cfg` and `pyproject.toml` at the tags 20.0.0 to 33.0.0: >=3.6, >=3.8 (25.0.0),
      >=3.9 (30.0.0), >=3.10 (31.0.0), >=3.11 (33.0.0).
    """
    releases, span = deployment.versions.releases, deployment.versions.glance
    for runtime in runtimes(deployment):
        reported = set()
        evidences, certain = _evidences(deployment, runtime)
        for evidence in evidences:
            version = evidence.version[:2]
            short = [r for r in releases.all if r.python > version]
            if len(version) < 2 or version[0] != 3 or version in reported or not short:
                continue
            bite = glance_bite(releases, span, since=short[0].number)
            if bite is None:
                continue
            reported.add(version)
            met = next(r for r in short if r.number >= span.first[0])
            yield Finding(
                place=evidence.place,
                message=(
                    f"{runtime.title} runs Glance on Python {format_version(version)} "
                    f"({evidence.because}): Glance {met.title} needs "
                    f"{format_version(met.python)} or later{bite.words}"
                ),
                help=f"run Glance on Python {format_version(met.python)} or later",
                confidence=bite.confidence if certain else least(bite.confidence, _HINTED),
                context=runtime.context,
                related=tuple(
                    Related(f"says so too: {other.because}", other.place)
                    for other in runtime.python
                    if other.version[:2] == version and other.place != evidence.place
                ),
            )


def _evidences(deployment: Deployment, runtime: Runtime) -> tuple[tuple[PythonEvidence, ...], bool]:
    """What the operator states stands above what the files tell."""
    stated = deployment.versions.python
    if stated is None:
        return runtime.telling
    return (PythonEvidence(stated.first, runtime.place, "as stated"),), True
