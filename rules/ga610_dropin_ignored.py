"""GA610 dropin-ignored."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.oslo import Setting


@rule(
    "GA610",
    "dropin-ignored",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="Glance up to 32",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Settings stand in `glance-api.conf.d`, which Glance does not read inside a WSGI server.

    ## What it does

    Looks for options in the files of `glance-api.conf.d` of a Glance that uWSGI or mod_wsgi runs.

    ## Why it matters

    oslo.config looks for a directory that is named after the program. That is `glance-api` for the
    standalone server, and up to 2026.1 the WSGI server's own name inside one: uWSGI has Glance read
    `uwsgi.conf.d`. What worked with the standalone server is silently lost with the move to uWSGI.
    `glance.conf.d`, named after the project, is read by all of them.

    ## Bad

    ```ini
    # /etc/glance/glance-api.conf.d/endpoints.conf
    [DEFAULT]
    public_endpoint = https://images.example.net/image
    ```

    ## Good

    ```ini
    # /etc/glance/glance.conf.d/endpoints.conf
    [DEFAULT]
    public_endpoint = https://images.example.net/image
    ```

    ## Measured

    The configuration as the WSGI application reads it, with the program's name `uwsgi` and with
    `mod_wsgi`, and one file in each directory. Glance 20.2.0 and 25.1.0 read `glance.conf.d`, then
    `uwsgi.conf.d` or `mod_wsgi.conf.d`, and never `glance-api.conf.d`; Glance 33.0.0 reads
    `glance.conf.d`, then `glance-api.conf.d`.

    ## References

    - Launchpad bug 2098514; Glance commit 2e8204e16 (33.0.0): `prog='glance-api'`.
    - oslo.config, `oslo_config.cfg.find_config_dirs`.
    """
    bites = bite(deployment.versions, before="api-drop-ins-under-wsgi")
    if bites is None:
        return
    for service in deployment.services:
        if not service.under_wsgi or service.drop_ins is None or not service.drop_ins.settings:
            continue
        settings = service.drop_ins.settings
        first = {setting.place.file: setting.place for setting in reversed(settings)}
        folder = posixpath.dirname(settings[0].place.file)
        yield Finding(
            place=settings[0].place,
            message=(
                f"inside a WSGI server Glance does not read {posixpath.basename(folder)}, so that "
                f"{listing(one.name for one in settings)} there {_has(settings)} no effect"
                f"{bites.words}"
            ),
            help=(
                f"move the file to {posixpath.dirname(folder)}/glance.conf.d, which is read on "
                "every release"
            ),
            confidence=bites.confidence,
            context=(settings[0].section,),
            related=(
                *(
                    Related("not read either", place)
                    for file, place in sorted(first.items())
                    if file != settings[0].place.file
                ),
                *(Related("the uWSGI that runs it", one.place) for one in service.instances),
                *(Related("mod_wsgi runs it", one.directive.place) for one in service.scripts),
            ),
        )


def _has(settings: tuple[Setting, ...]) -> str:
    return "have" if len({one.name for one in settings}) > 1 else "has"
