"""GA602 self-reference-url."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.glance_service import GlanceService, ImportMethods
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.target import parse_target
from glance_audit.engine.bite import bite, least
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.files import Place

OPTION = "worker_self_reference_url"


@rule(
    "GA602",
    "self-reference-url",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="Glance 22 (Wallaby) and later",
    caused_by=("GA603",),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Another Glance node cannot hand an import to the one that has the staged image.

    ## What it does

    Looks at every Glance that uWSGI or mod_wsgi runs and whose configuration was found, when
    `glance-direct` is among the enabled import methods, as it is by default. It reports a
    `worker_self_reference_url` that is not set, that leads to the loopback, or that is the same as
    `public_endpoint`. How many nodes there are no file tells: on a single one nothing is wrong, so
    the first two are of low confidence.

    ## Why it matters

    An image for `glance-direct` is staged on the disk of the node that took the upload. The import
    that follows may reach another node, which hands it on to the URL that the first one has noted
    on the image: `worker_self_reference_url`, else `public_endpoint`. Without either, or with an
    address that is the same on all nodes, as 127.0.0.1 mostly is, every node takes the staged image
    for its own, does not find the file and gives up. It needs no URL where all nodes share one
    staging directory: then suppress this rule with that reason.

    To hand on, releases before 2026.2 (33) ask `identity_uri` of `[keystone_authtoken]`, an option
    that keystonemiddleware does not have any more from 13.0.0 on: an older Glance beside a newer
    keystonemiddleware answers such an import with 500, and needs the shared directory.

    ## Bad

    ```ini
    [DEFAULT]
    public_endpoint = https://images.example.net
    ```

    ## Good

    ```ini
    [DEFAULT]
    public_endpoint = https://images.example.net
    worker_self_reference_url = http://controller1.internal.example.net:9292
    ```

    ## Measured

    Two nodes of Glance 33.0.0 with one data base, the image staged on one and imported on the
    other. Without a URL, with `public_endpoint` and with 127.0.0.1 on both: 202, then the task is
    reverted and the image stays "importing". With a URL of its own for each node, or with one
    staging directory for both: 202, and the image is active. The import was handed on with the
    client's token; keystone's filter had a stand-in, with the options that Glance reads. The same
    with Glance 25.1.0 and keystonemiddleware 12; with keystonemiddleware 13.0.1 a URL for each node
    ends with 500, "no such option identity_uri".

    ## References

    - Glance commit 41e1cecbe, 22.0.0; the help of the option: "If unset, this will be considered to
      be `public_endpoint`, which normally would be set to the same value on all workers,
      effectively disabling the proxying behavior".
    - Glance `glance/api/v2/images.py`, `is_proxyable`; `glance/api/v2/image_data.py`, `stage`.
    - Launchpad bug 2154257, fixed in 33.0.0; `glance/context.py`, `get_ksa_client` (25.1.0 and
      33.0.0). keystonemiddleware 12.0.0 has `identity_uri`, 13.0.0 has not.
    - devstack sets 127.0.0.1, which is right on one node alone.
    """
    bites = bite(deployment.versions, since="self-reference-url")
    if bites is None:
        return
    for service in deployment.services:
        methods = service.import_methods
        if not service.under_wsgi or methods is None or "glance-direct" not in methods.names:
            continue
        if any(service.uncertain("DEFAULT", n) for n in (OPTION, "enabled_import_methods")):
            continue
        found = _fault(service)
        if found is None:
            continue
        fault, sure = found
        setting = service.setting("DEFAULT", OPTION)
        yield Finding(
            place=setting.place if setting is not None else service.place(),
            message=f"{fault}{bites.words}",
            help=(
                f"let all nodes share one staging directory; or set {OPTION} in [DEFAULT] to the "
                "URL at which the other Glance nodes reach this one, another on each"
            ),
            confidence=least(bites.confidence, sure),
            context=("DEFAULT",),
            related=tuple(_related(service, methods)),
        )


def _fault(service: GlanceService) -> tuple[str, Confidence] | None:
    """Return what is wrong, and how surely: who writes a common URL has several nodes."""
    url = service.text("DEFAULT", OPTION)
    public = service.text("DEFAULT", "public_endpoint") or ""
    if not url:
        return (
            f"{OPTION} is not set: with several Glance nodes, an import fails on every node but "
            "the one that staged the image"
        ), Confidence.LOW
    target = parse_target(url)
    if target is not None and target.loopback:
        return (
            f"{OPTION} leads to {target.host}, where every Glance node finds itself: with several, "
            "an import fails on every node but the one that staged the image"
        ), Confidence.LOW
    if url.rstrip("/") == public.rstrip("/"):
        return (
            f"{OPTION} is the same as public_endpoint: each Glance node takes an image that "
            "another one staged for its own, and the import fails"
        ), Confidence.HIGH
    return None


def _related(service: GlanceService, methods: ImportMethods) -> Iterator[Related]:
    places: dict[Place, str] = {}
    if methods.setting is not None:
        places[methods.setting.place] = "glance-direct is enabled here"
    public = service.setting("DEFAULT", "public_endpoint")
    if public is not None:
        places[public.place] = "public_endpoint, which counts where nothing else is set"
    for place, text in places.items():
        yield Related(text, place)
