"""GA109 site-not-enabled."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.available_site import AvailableSite
from glance_audit.deployment.model import Deployment
from glance_audit.engine.body import macro_body
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule

_COMMANDS = {"sites-available": "a2ensite", "conf-available": "a2enconf"}


@rule(
    "GA109",
    "site-not-enabled",
    severity=Severity.INFO,
    basis=Basis.MEASURED,
    versions="all; Debian's layout",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A site for Glance is there, and nothing enables it.

    ## What it does

    Looks, for an Apache of Debian's layout that serves no Glance at all, for files in
    `sites-available` and `conf-available` with a Glance route that the server does not read. An old
    copy beside an enabled site is no finding, and what such a file holds is not audited.

    ## Why it matters

    Apache reads `sites-enabled` and `conf-enabled` only. The file looks as if it counted, and every
    request for Glance goes to another site, mostly to end with 404.

    ## Bad

    ```text
    /etc/apache2/sites-available/glance.conf
    /etc/apache2/sites-enabled/
    ```

    ## Good

    ```text
    /etc/apache2/sites-available/glance.conf
    /etc/apache2/sites-enabled/glance.conf -> ../sites-available/glance.conf
    ```

    ## Measured

    Apache 2.4.71, Debian's default site alone enabled: 404 for a list of images. With the site for
    Glance enabled too: 200.

    ## References

    - Debian, `apache2.conf` of the package apache2: `IncludeOptional sites-enabled/*.conf`.
    - a2ensite(8).
    """
    for server in deployment.servers:
        if not server.available:
            continue
        site = server.available[0]
        route, name = site.routes[0], _short(site.file)
        lack = f"{server.name} does not include {_short(site.link)}" if site.link else ""
        yield Finding(
            place=route.directive.place,
            message=(
                f"{route.path} of {name} would be Glance's, but "
                f"{lack or 'nothing enables that file'}, and this Apache serves Glance nowhere else"
            ),
            help=_help(site, server.name),
            context=route.endpoint.context,
            related=(
                *macro_body(route.directive),
                *(
                    Related("another file that nothing enables", one.routes[0].directive.place)
                    for one in server.available[1:4]
                ),
            ),
        )


def _short(file: str) -> str:
    return "/".join(file.split("/")[-2:])


def _help(site: AvailableSite, main: str) -> str:
    directory, name = _short(site.file).split("/")
    if site.link:
        return f"write IncludeOptional {_short(site.link).split('/')[0]}/*.conf in {main}"
    command = _COMMANDS[directory]
    return f"run {command} {name.removesuffix('.conf')} and reload Apache, or remove the file"
