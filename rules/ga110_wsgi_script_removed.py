"""GA110 wsgi-script-removed."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache import Directive
from glance_audit.deployment.entry_point import MODULE, EntryKind, EntryPoint
from glance_audit.deployment.model import Deployment, Versions
from glance_audit.deployment.package_build import lacking_build
from glance_audit.deployment.versions import Holds
from glance_audit.engine.bite import bite, title
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA110",
    "wsgi-script-removed",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="error from Glance 32 (2026.1), warning on 30 and 31",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Glance is loaded from the script `glance-wsgi-api`, which 2026.1 no longer installs.

    ## What it does

    Looks for `glance-wsgi-api` in uWSGI's `wsgi-file`, `file`, `mount` and `module`, and in
    `WSGIScriptAlias`, `WSGIScriptAliasMatch` and `WSGIHandlerScript`. A file of that name that
    somebody wrote is none of it: the package's own says "PBR Generated" in its first lines. One of
    the package's that still lies there on 2026.1 (32) is a warning.

    ## Why it matters

    The package installs the script up to 2025.2 (31). After an upgrade uWSGI starts without an
    application, stays up and answers every request with status 500; mod_wsgi answers 404. From
    2025.1 (30) on the module `glance.wsgi.api` is there to take its place: an operator of 30 or 31
    can change before the upgrade, but not with packages of Debian and Ubuntu of 30.0.0 to 30.1.0
    and 31.0.0, which lack the module (GA111).

    ## Bad

    ```ini
    [uwsgi]
    wsgi-file = /usr/bin/glance-wsgi-api
    ```

    ## Good

    ```ini
    [uwsgi]
    module = glance.wsgi.api:application
    ```

    mod_wsgi needs a file, and that is one of your own:

    ```python
    # /usr/lib/cgi-bin/glance/glance-api.wsgi
    from glance.wsgi.api import application
    ```

    ## Measured

    Glance 33.0.0 behind Apache 2.4.71 and uWSGI 2.0.31 with `wsgi-file` at the old path: 500 for
    every request. uWSGI 2.0.21, a file that is missing: "failed to open python file", "no app
    loaded. going in full dynamic mode", 500; with `need-app` it ends with status 22. mod_wsgi
    4.9.4: "Target WSGI script not found or unable to stat", 404. The example for mod_wsgi in the
    documentation of 32.0.0 and later starts `/usr/local/bin/glance-wsgi-api`.

    ## References

    - Glance commit c1827a3f3 (32.0.0), "setup: Remove pbr's wsgi_scripts", and its release note.
    - Glance commit abc5a8838 (30.0.0), "Add new glance.wsgi module"; Launchpad bug 2136411.
    """
    versions = deployment.versions
    bites = bite(versions, since="wsgi-module")
    if bites is None:
        return
    removed = versions.holds(since="wsgi-script-removed")
    since = title(versions, "wsgi-script-removed")
    for entry in deployment.entry_points:
        if entry.kind is not EntryKind.SCRIPT:
            continue
        gone = removed is Holds.ALL
        if gone and entry.there:
            effect = "what lies there is left from an older release, and goes with it"
        else:
            effect = f"{'' if gone else 'there '}{entry.failure}"
        yield Finding(
            place=entry.place,
            message=(
                f"{entry.server} loads Glance from {entry.text}, which Glance {since} and "
                f"later do not install: {effect}"
            ),
            help=_first(entry, versions) + _help(entry, bites.words),
            severity=Severity.ERROR if gone and not entry.there else Severity.WARNING,
            confidence=bites.confidence,
            context=entry.context,
            related=macro_body(entry.origin) if isinstance(entry.origin, Directive) else (),
        )


def _first(entry: EntryPoint, versions: Versions) -> str:
    """Say what has to come before the module can be named, where that is anything."""
    build = lacking_build(versions)
    if build is None or entry.replaced:
        return ""
    mended = title(versions, build.mended)
    if not build.sure:
        return f"before {mended} packages of Debian and Ubuntu lack the module; from there on "
    return f"upgrade to {mended}, as packages of {versions.glance} lack the module; then "


def _help(entry: EntryPoint, words: str) -> str:
    origin = entry.origin
    if isinstance(origin, Directive):
        step = (
            f"name a script of your own in {origin.name} that says: from {MODULE} import "
            "application"
        )
    elif origin.key == "mount":
        step = f"write mount = {origin.value.partition('=')[0]}={MODULE}:application"
    else:
        step = f"write module = {MODULE}:application in the place of {origin.key}"
    return f"{step}{words}"
