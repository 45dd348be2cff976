"""GA908 inert-uwsgi-option."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.inert_option import InertOption, inert_options
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing

MOST_PLACES = 10


@rule(
    "GA908",
    "inert-uwsgi-option",
    severity=Severity.INFO,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Options of uWSGI do nothing, as the router or the plugin they belong to is not there.

    ## What it does

    Looks in the files of a uWSGI that runs Glance for options of the http router where no `http` or
    `https` starts one, and, for Debian's uWSGI, for options of a plugin that `plugins` does not
    load. One finding for each file names them all.

    ## Why it matters

    They do no harm, but whoever reads them believes that they help: `http-chunked-input` is not
    why chunked uploads pass through `http-socket`, and `http-timeout` bounds nothing there.

    ## Bad

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    http-chunked-input = true
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31: chunked uploads through `http-socket` went the same way with
    `http-chunked-input`, `http-auto-chunked` and `http-raw-body` and without. Debian's binary knows
    the options of core alone, and those of a plugin once it is loaded; before, it takes them for
    placeholders.

    ## References

    - uWSGI `plugins/http/http.c`: the options of the router.
    - Glance `httpd/glance-api-uwsgi.ini`, 15.0.0 to 33.0.0.
    """
    for instance in glance_uwsgis(deployment):
        by_file: dict[str, list[InertOption]] = {}
        for inert in inert_options(instance):
            by_file.setdefault(inert.option.place.file, []).append(inert)
        for found in by_file.values():
            router = [one.option.key for one in found if one.plugin is None]
            others = [one.option.key for one in found if one.plugin is not None]
            plugins = dict.fromkeys(one.plugin for one in found if one.plugin is not None)
            reasons = []
            if router:
                reasons.append(f"{listing(router, most=6)}: nothing starts the http router here")
            if others:
                reasons.append(
                    f"{listing(others, most=6)}: {_lacking(listing(plugins), len(plugins))}"
                )
            yield Finding(
                place=found[0].option.place,
                message=f"options without effect: {'; '.join(reasons)}",
                help="remove them"
                if router and not others
                else "remove them, or load the plugin that they are for",
                context=("uwsgi",),
                related=tuple(
                    Related("has no effect either", one.option.place)
                    for one in found[1:MOST_PLACES]
                ),
            )


def _lacking(names: str, count: int) -> str:
    if count == 1:
        return f"the plugin {names} is not loaded"
    return f"the plugins {names} are not loaded"
