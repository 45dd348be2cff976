"""GA605 staging-dir."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.glance_service import GlanceService
from glance_audit.deployment.model import Deployment, Versions
from glance_audit.deployment.staging import DIRECTORY, URI, Staging, store_staging, uri_staging
from glance_audit.deployment.versions import Holds
from glance_audit.engine.bite import Bite, bite, least
from glance_audit.engine.finding import Basis, Confidence, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA605",
    "staging-dir",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="Glance 16 and later; 15 where enable_image_import is set",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Images wait for their import below `/tmp`, or in a place that is no `file://` URI.

    ## What it does

    Looks at `node_staging_uri`, whose default is `file:///tmp/staging/`. With `enabled_backends` it
    is without effect from Train (19) on, and `filesystem_store_datadir` of
    `[os_glance_staging_store]` counts, which has another default. An error where the URI does not
    begin with `file://`, a warning where the directory lies in `/tmp`. Silent where
    `enabled_import_methods` is `[]`.

    ## Why it matters

    An image that is to be imported is first staged there in full. `/tmp` is small or held in memory
    on many systems, a reboot empties it, and some distributions remove from it what has not been
    touched for ten days. Under `PrivateTmp=` each restart of the service empties it. Apache spools
    uploads there as well, unless it is told otherwise.

    With another scheme Glance takes the value without its first seven characters for a path. From
    2023.2 (27) on it does not start.

    ## Bad

    ```ini
    [DEFAULT]
    node_staging_uri = /var/lib/glance/staging
    ```

    ## Good

    ```ini
    [DEFAULT]
    node_staging_uri = file:///var/lib/glance/staging
    ```

    ## Measured

    Glance 33.0.0, `/tmp` with 4 MiB: an image of 8 MiB is refused when it is staged, 413 or 502.
    With `/var/lib/glance/staging` and with `http://x/y` it does not start: "Unexpected scheme in
    staging store". Glance 25.1.0 starts with them, and takes `b/glance/staging` below its working
    directory. Where it may not write there, as in the `/` that systemd gives a service, staging
    ends with 500; where it may, the image is staged (204), its import is accepted (202), and it
    stays "uploading". Glance 20.2.0 logs the same exception at its start.

    ## References

    - Glance `glance/common/config.py`: `default='file:///tmp/staging/'`;
      `glance/housekeeping.py`, `staging_store_path`; commit 6e62b872e (27.0.0).
    - glance_store `multi_backend.py`: `default='/var/lib/glance/{}'`.
    - systemd `tmpfiles.d/tmp.conf`: `q /tmp 1777 root root 10d`; on Debian 12 `D /tmp 1777 root
      root -`, which empties it at boot.
    """
    for service in deployment.services:
        staging, bites = _staging(service, deployment.versions)
        if staging is None:
            continue
        if staging.path is None:
            found = _no_file(service, staging, bites, deployment.versions)
        else:
            found = _below_tmp(service, staging, bites)
        if found is not None:
            yield found


def _staging(service: GlanceService, versions: Versions) -> tuple[Staging | None, Bite | None]:
    """Where images are staged, and on which releases that is so."""
    if service.config.pairs("DEFAULT", "enabled_backends"):
        bites = bite(versions, since="reserved-stores")
        if bites is not None:
            return store_staging(service), bites
    return uri_staging(service), _importing(service, versions)


def _importing(service: GlanceService, versions: Versions) -> Bite | None:
    """On which releases images can be imported."""
    if service.config.bounded("DEFAULT", "enabled_import_methods") == ():
        return None
    if service.setting("DEFAULT", "enable_image_import") is None:
        return bite(versions, since="import-by-default")
    if service.config.boolean("DEFAULT", "enable_image_import", default=False):
        return Bite(Confidence.HIGH, "")
    return bite(versions, since="import-always")


def _no_file(
    service: GlanceService, staging: Staging, bites: Bite | None, versions: Versions
) -> Finding | None:
    dead = bite(versions, since="staging-checked-at-load")
    wrong = f"{URI} is no file:// URI"
    if dead is not None and versions.holds(since="staging-checked-at-load") is Holds.ALL:
        message, bites = f"{wrong}: Glance does not start", dead
    elif dead is not None and bites is not None:
        message = (
            f"{wrong}: no image can be imported{bites.words}, and Glance does not start{dead.words}"
        )
    elif dead is not None:
        message, bites = f"{wrong}: Glance does not start{dead.words}", dead
    elif bites is not None:
        message = f"{wrong}: no image can be imported{bites.words}"
    else:
        return None
    setting = staging.setting
    bare = setting is not None and setting.value.startswith("/")
    path = setting.value if setting is not None and bare else "/var/lib/glance/staging"
    return Finding(
        place=setting.place if setting is not None else service.place(),
        message=message,
        help=f"write {URI} = file://{path}",
        severity=Severity.ERROR,
        confidence=_confidence(bites, staging),
        context=("DEFAULT",),
    )


def _below_tmp(service: GlanceService, staging: Staging, bites: Bite | None) -> Finding | None:
    if bites is None or not staging.below_tmp:
        return None
    setting = staging.setting
    if setting is None:
        said, step = f"{URI} is not set", f"set {URI} = file:///var/lib/glance/staging"
    elif setting.name == DIRECTORY:
        said, step = (
            f"{DIRECTORY} is {staging.path}",
            f"write {DIRECTORY} = /var/lib/glance/staging",
        )
    else:
        said, step = f"{URI} is {setting.value}", f"write {URI} = file:///var/lib/glance/staging"
    return Finding(
        place=setting.place if setting is not None else service.place(),
        message=(
            f"{said}: images wait for their import below /tmp, which they may fill and a reboot "
            f"empties{bites.words}"
        ),
        help=f"{step}, a directory of Glance's own with room for several images",
        confidence=_confidence(bites, staging),
        context=(setting.section if setting is not None else "DEFAULT",),
    )


def _confidence(bites: Bite, staging: Staging) -> Confidence:
    return least(bites.confidence, Confidence.HIGH if staging.sure else Confidence.MEDIUM)
