"""GA601 import-under-wsgi."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.glance_service import GlanceService, ImportMethods
from glance_audit.deployment.model import Deployment, Versions
from glance_audit.deployment.versions import Holds
from glance_audit.engine.bite import Bite, bite
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA601",
    "import-under-wsgi",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="Glance 16 (Queens) to 20 (Ussuri)",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Image import is on, and before Victoria its tasks never run inside a WSGI server.

    ## What it does

    Looks at every Glance of the releases 16 to 20 whose configuration was found and that uWSGI or
    mod_wsgi runs, and reports it unless image import is switched off: with
    `enabled_import_methods = []` from Rocky on, with `enable_image_import = False` in Queens, which
    asks nothing else. Where the release is not known nothing is said, for import runs on all later
    ones.

    ## Why it matters

    These releases run the tasks of an import in eventlet's green threads, which the standalone
    server drives and a WSGI server does not. The API accepts the import with 202, and nothing
    happens: the image never becomes active, and no log says why. Clients that use import by default
    wait for ever.

    ## Bad

    ```ini
    # glance-api.conf
    [DEFAULT]
    enabled_import_methods = [glance-direct,web-download]
    ```

    ## Good

    ```ini
    # glance-api.conf
    [DEFAULT]
    enabled_import_methods = []
    ```

    ## Measured

    Glance 20.2.0 behind Apache, with uWSGI through mod_proxy_http and mod_proxy_uwsgi, behind
    uWSGI's http router and in mod_wsgi: `glance-direct` stays "uploading", `web-download`
    stays "queued"; the standalone server of the same release imports with both. Glance 25.1.0 and
    33.0.0 import in all of them. Plain uploads (`PUT .../file`) work on all three.

    ## References

    - Release note queens-uwsgi-issues: tasks "do not execute" under uWSGI; Launchpad bug 1888713.
    - Fixed in 21.0.0 by Glance commits 16a5431c6, 783fa72f4 and f4b78606b; no backport.
    - Glance 16.0.0 and 17.0.0 `glance/api/v2/images.py`: what is asked before an import.
    """
    if not deployment.versions.glance.known:
        return
    for service in deployment.services:
        methods = service.import_methods
        if not service.under_wsgi or not service.whole or methods is None:
            continue
        bites = _bites(service, methods, deployment.versions)
        if bites is None:
            continue
        yield Finding(
            place=methods.setting.place if methods.setting is not None else service.place(),
            message=(
                f"image import is on in Glance under {service.runs}: its tasks never run there, "
                f"and an image that is imported never becomes active{bites.words}"
            ),
            help=(
                f"write {_switch(deployment.versions)} in [DEFAULT], and upload with "
                "PUT /v2/images/{id}/file; Glance 21 (Victoria) and later import under WSGI"
            ),
            confidence=bites.confidence,
            context=("DEFAULT",),
        )


def _bites(service: GlanceService, methods: ImportMethods, versions: Versions) -> Bite | None:
    """Return the releases on which import is on and does not run."""
    in_queens = service.config.boolean("DEFAULT", "enable_image_import", True)
    if not methods.names:
        before = "import-methods-decide"
        return bite(versions, since="image-import", before=before) if in_queens else None
    since = "image-import" if in_queens else "import-methods-decide"
    return bite(versions, since=since, before="tasks-under-wsgi")


def _switch(versions: Versions) -> str:
    """Name what switches import off on the releases in question."""
    if versions.holds(before="import-methods-decide") is Holds.ALL:
        return "enable_image_import = False"
    return "enabled_import_methods = []"
