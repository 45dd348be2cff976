"""GA607 reserved-store-name."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.engine.bite import bite, least
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

_RESERVED = "os_glance_"


@rule(
    "GA607",
    "reserved-store-name",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="Glance 19 and later",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A store in `enabled_backends` has a name that Glance keeps for itself.

    ## What it does

    Looks for names that begin with `os_glance_` in `enabled_backends`.

    ## Why it matters

    Glance defines `os_glance_staging_store` and `os_glance_tasks_store` itself as soon as
    `enabled_backends` is set, and refuses every name of that kind there: it does not start. Who
    wants to say where images are staged writes the section and leaves the name out of the list.

    ## Bad

    ```ini
    [DEFAULT]
    enabled_backends = local:file, os_glance_staging_store:file

    [os_glance_staging_store]
    filesystem_store_datadir = /var/lib/glance/staging
    ```

    ## Good

    ```ini
    [DEFAULT]
    enabled_backends = local:file

    [os_glance_staging_store]
    filesystem_store_datadir = /var/lib/glance/staging
    ```

    ## Measured

    The WSGI application of Glance 20.2.0, 25.1.0 and 33.0.0: RuntimeError, "'os_glance_' prefix
    should not be used in enabled_backends config option". uWSGI then runs without an application
    unless `need-app` is set.

    ## References

    - Glance `glance/common/store_utils.py`, `check_reserved_stores`; commit 6dba83ba3 (19.0.0).
    - Glance documentation, "Multi Store Support": the reserved stores.
    """
    bites = bite(deployment.versions, since="reserved-stores")
    if bites is None:
        return
    for service in deployment.services:
        setting = service.setting("DEFAULT", "enabled_backends")
        if setting is None:
            continue
        stores = service.config.pairs("DEFAULT", "enabled_backends")
        reserved = [name for name, _ in stores if name.startswith(_RESERVED)]
        if not reserved:
            continue
        several = len(reserved) > 1
        unsure = service.uncertain("DEFAULT", "enabled_backends")
        yield Finding(
            place=setting.place,
            message=(
                f"enabled_backends names {listing(reserved)}: Glance keeps names that begin with "
                f"{_RESERVED} for itself and does not start{bites.words}"
            ),
            help=(
                f"take {'them' if several else 'it'} out of enabled_backends; the "
                f"{'sections' if several else 'section'} [{'], ['.join(reserved)}] may stay"
            ),
            confidence=least(bites.confidence, Confidence.MEDIUM if unsure else Confidence.HIGH),
            context=(setting.section,),
            related=tuple(
                Related(f"the section [{name}]", place)
                for name in reserved
                if (place := service.config.section_places.get(name)) is not None
            ),
        )
