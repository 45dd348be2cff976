"""GA111 wsgi-module-too-new."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.entry_point import MODULE, SCRIPT, EntryKind, EntryPoint
from glance_audit.deployment.model import Deployment, Versions
from glance_audit.deployment.package_build import lacking_build
from glance_audit.deployment.versions import Holds
from glance_audit.engine.bite import title
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA111",
    "wsgi-module-too-new",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="error before Glance 30 (2025.1); warning on 30.0.0 to 30.1.0 and 31.0.0",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Glance is loaded from `glance.wsgi.api`, a module that its release does not have.

    ## What it does

    Looks for `glance.wsgi.api` in uWSGI's `module`, `wsgi` and `mount`, and in the scripts that
    `wsgi-file` and `WSGIScriptAlias` name, on a release before 2025.1 (30). On exactly 30.0.0 to
    30.1.0 and 31.0.0 it is a warning, unless Glance was installed by pip: the packages of Debian
    and Ubuntu could lack the module. A system that has the module's file is left in peace, and so
    is a release that nobody told and no file shows: who names the module mostly has it.

    ## Why it matters

    uWSGI starts without an application, stays up and answers every request with status 500; so does
    mod_wsgi. The documentation of 2026.1 and later knows the module alone, and is read by operators
    of older releases too.

    ## Bad

    ```ini
    [uwsgi]
    # Glance 2024.1 (28)
    module = glance.wsgi.api:application
    ```

    ## Good

    ```ini
    [uwsgi]
    wsgi-file = /usr/bin/glance-wsgi-api
    ```

    ## Measured

    Glance 25.1.0 and uWSGI 2.0.21: "ModuleNotFoundError: No module named 'glance.wsgi'"; with the
    script the same deployment answers. "no app loaded. going in full dynamic mode", 500; with
    `need-app` it ends with status 22, and Apache answers 502 or 503.
    mod_wsgi 4.9.4, a script that imports it: 500. The wheels of 30.0.0 and 31.0.0 on PyPI have
    `glance/wsgi/api.py`, without an `__init__.py`.

    ## References

    - Glance commit abc5a8838 (30.0.0), "Add new glance.wsgi module".
    - Glance commit d55c065a3 (32.0.0, 31.1.0, 30.2.0); Launchpad bug 2136411: "not correctly
      identified as part of the package when glance is built in deb package".
    """
    judged = _judge(deployment.versions)
    if judged is None:
        return
    severity, confidence, lack, upgrade = judged
    for entry in deployment.entry_points:
        if entry.kind is not EntryKind.MODULE or entry.there:
            continue
        origin = entry.origin
        by = "" if entry.line is None else f" (by {entry.text})"
        yield Finding(
            place=entry.place,
            message=f"{entry.server} loads {MODULE}{by}, which {lack}: {entry.failure}",
            help=f"{upgrade}{_help(entry)}",
            severity=severity,
            confidence=confidence,
            context=entry.context,
            related=(
                *(macro_body(origin) if isinstance(origin, Directive) else ()),
                *(() if entry.line is None else (Related("imports the module", entry.line),)),
            ),
        )


def _judge(versions: Versions) -> tuple[Severity, Confidence, str, str] | None:
    """Return severity, confidence, what the release lacks, and what to upgrade to."""
    glance = versions.glance
    if not glance.known:
        return None
    if versions.holds(before="wsgi-module") is Holds.ALL:
        release = versions.releases.titles(lambda _: True, glance)[0]
        lack = f"Glance has from {title(versions, 'wsgi-module')} on, and {release} has not"
        return Severity.ERROR, Confidence.HIGH, lack, ""
    build = lacking_build(versions)
    if build is None or not build.sure:
        return None
    return (
        Severity.WARNING,
        Confidence.HIGH if build.packaged else Confidence.MEDIUM,
        f"the packages of Debian and Ubuntu lack on Glance {glance} (bug 2136411)",
        f"upgrade to {title(versions, build.mended)}, or ",
    )


def _help(entry: EntryPoint) -> str:
    origin, path = entry.origin, f"{entry.home}/bin/{SCRIPT}"
    if isinstance(origin, Directive):
        return f"name the package's script in {origin.name}: {path}"
    if origin.key == "mount":
        return f"write mount = {origin.value.partition('=')[0]}={path}"
    return f"write wsgi-file = {path} in the place of {origin.key} = {origin.value}"
