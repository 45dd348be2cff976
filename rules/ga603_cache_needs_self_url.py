"""GA603 cache-needs-self-url."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule

OPTION = "worker_self_reference_url"
DRIVER = "image_cache_driver"
_CENTRAL = "centralized_db"


@rule(
    "GA603",
    "cache-needs-self-url",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="Glance 28 (2024.1) and later",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Glance with a managed image cache does not load, for it does not know its own URL.

    ## What it does

    Looks at every Glance whose configuration was found, under a WSGI server or standalone. It
    reports a `flavor` in `[paste_deploy]` that has `cache` in its name, such as
    `keystone+cachemanagement`, when `image_cache_driver` is `centralized_db`, the default since
    2024.1, and `worker_self_reference_url` is not set or empty. The flavors with `caching` are not
    meant: Glance looks for the letters `cache`, which are not in that word.

    ## Why it matters

    The central database of cached images knows each node by its URL. Without one Glance raises an
    error while it is loaded: mod_wsgi answers every request with 500, and so does uWSGI, which
    stays up without an application; with `need-app` it ends, and Apache answers 502. The standalone
    `glance-api` of 28 to 32 asks the same before it listens, and ends. An upgrade to 2024.1 is
    enough, for the default changed.

    ## Bad

    ```ini
    # glance-api.conf
    [DEFAULT]
    image_cache_dir = /var/lib/glance/image-cache

    [paste_deploy]
    flavor = keystone+cachemanagement
    ```

    ## Good

    ```ini
    # glance-api.conf
    [DEFAULT]
    image_cache_dir = /var/lib/glance/image-cache
    worker_self_reference_url = http://controller1.internal.example.net:9292

    [paste_deploy]
    flavor = keystone+cachemanagement
    ```

    ## Measured

    The application of Glance 33.0.0 loaded as a WSGI server does: with `keystone+cachemanagement`
    and no URL, or an empty one, `RuntimeError: 'worker_self_reference_url' needs to be set if
    'centralized_db' is defined as cache driver`. With `image_cache_driver = sqlite` it loads, with
    `keystone+caching` it loads, and with `Centralized_DB` it loads as well: the choice ignores
    case, the check does not. The standalone `glance-api` of 30.0.0 with `cachemanagement` and no
    URL prints the same error and ends with status 1; with a URL it goes on. Under uWSGI every
    request ends with 500, with `need-app` 502, and with a URL all is well; mod_wsgi was not asked.

    ## References

    - Glance `glance/sqlite_migration.py`, `can_migrate_to_central_db`, asked by
      `glance/common/wsgi_app.py`, `init_app`, and by `BaseServer.start` of
      `glance/common/wsgi.py`, 28.0.0 to 32.0.0; commits 781ce2856 and 9b9111f81, 28.0.0.
    """
    bites = bite(deployment.versions, since="centralized-cache")
    if bites is None:
        return
    for service in deployment.services:
        flavor = service.setting("paste_deploy", "flavor")
        text = service.text("paste_deploy", "flavor") or ""
        if flavor is None or "cache" not in text:
            continue
        asked = (("DEFAULT", OPTION), ("DEFAULT", DRIVER), ("paste_deploy", "flavor"))
        if any(service.uncertain(section, name) for section, name in asked):
            continue
        driver = service.setting("DEFAULT", DRIVER)
        if (service.text("DEFAULT", DRIVER) if driver is not None else _CENTRAL) != _CENTRAL:
            continue
        if service.text("DEFAULT", OPTION):
            continue
        empty = service.setting("DEFAULT", OPTION)
        related = [Related("the flavor with the cache", flavor.place)]
        if driver is not None:
            related.append(Related("the cache in the central database", driver.place))
        why = "" if driver is not None else " (by default)"
        yield Finding(
            place=empty.place if empty is not None else service.place(),
            message=(
                f"{OPTION} is not set, and the cache of flavor {text} is in the central "
                f"database{why}: Glance does not load{bites.words}"
            ),
            help=(
                f"set {OPTION} in [DEFAULT] to the URL at which the other Glance nodes reach this "
                "one, another on each"
            ),
            confidence=bites.confidence,
            context=("DEFAULT",),
            related=tuple(related),
        )
