"""GA604 threads-disabled."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.python_threads import python_threads
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.bite import bite, both
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA604",
    "threads-disabled",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="Glance 21 (Victoria) and later, uWSGI before 2.0.27",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Image import stands still between requests, for uWSGI does not let Python's threads run.

    ## What it does

    Looks at every uWSGI before 2.0.27 that runs Glance 21 or later, and reports it when
    `enable-threads` is off, or not set and nothing else switches threads on: `threads`, the size of
    their stack, `py-tracebacker` and `py-autoreload` do, whatever their value. It is silent where
    Glance's configuration was found and switches image import off.

    ## Why it matters

    Under WSGI Glance runs the tasks of an import, a copy between stores or a conversion in threads.
    uWSGI without thread support holds Python's lock between two requests: the threads get on only
    while a request is handled by the same worker. On a quiet service an import gets no
    further until somebody asks for something.

    ## Bad

    ```ini
    [uwsgi]
    module = glance.wsgi.api:application
    processes = 4
    ```

    ## Good

    ```ini
    [uwsgi]
    module = glance.wsgi.api:application
    processes = 4
    enable-threads = true
    ```

    ## Measured

    Glance 33.0.0 under uWSGI 2.0.21 from Debian, an import and then 6 s without a request: without
    `enable-threads` nothing was stored, and the next question for the image moved it on a little;
    with it the image was stored. Under uWSGI 2.0.31 from PyPI it was stored without the option, by
    Glance 33.0.0 and 25.1.0. Which options switch threads on: 2.0.21 itself, asked by
    `tests/oracle/test_threads_live.py`.

    ## References

    - uWSGI 2.0.27 `core/init.c` switches threads on always; up to 2.0.26 `core/config.c` does for
      options with `UWSGI_OPT_THREADS`. `plugins/python/python_plugin.c`, "Python threads support is
      disabled".
    - Every sample of Glance since 15.0.0 sets `enable-threads`.
    """
    in_glance = bite(deployment.versions, since="tasks-under-wsgi")
    in_uwsgi = bite(deployment.versions, before="threads-always-on")
    if in_glance is None or in_uwsgi is None:
        return
    bites = both(in_uwsgi, in_glance)
    for instance in glance_uwsgis(deployment):
        threads = python_threads(instance.config)
        if threads.on or _without_import(deployment, instance):
            continue
        what = "is not set" if threads.by is None else f"is {threads.by.value}"
        yield Finding(
            place=threads.by.place if threads.by is not None else instance.place,
            message=(
                f"enable-threads {what}: Glance's image import and its other tasks stand still "
                f"between requests{bites.words}"
            ),
            help="set enable-threads = true in the [uwsgi] section",
            confidence=bites.confidence,
            context=("uwsgi",),
        )


def _without_import(deployment: Deployment, instance: UwsgiInstance) -> bool:
    """Whether the Glance in it is known to have no image import."""
    for service in deployment.services:
        if any(one is instance for one in service.instances):
            methods = service.import_methods
            return methods is not None and not methods.names
    return False
