"""GA606 python-interpreter."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.python_mode import home_of
from glance_audit.deployment.sys_executable import names_python
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule

PLUGINS = ("image_import_opts", "image_import_plugins")
OPTION = ("wsgi", "python_interpreter")


@rule(
    "GA606",
    "python-interpreter",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="Glance 21 (Victoria) and later",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """Conversion at import fails under uWSGI, for it starts uwsgi where Python is meant.

    ## What it does

    Looks at every Glance that uWSGI runs and whose configuration enables the import plugin
    `image_conversion`, and reports it when `python_interpreter` in `[wsgi]` is not set. An instance
    whose `py-executable`, `py-sys-executable` or `binary-path` names a Python is right as it is.

    ## Why it matters

    The plugin runs `qemu-img` under limits, by a helper that is written in Python. It starts it
    with `sys.executable`, and inside uWSGI that is uwsgi itself, which takes the helper's name for
    a configuration. Every import of an image fails, also of one that needs no conversion, as the
    plugin asks `qemu-img` for its format first. mod_wsgi knows where Python is.

    ## Bad

    ```ini
    # glance-api.conf
    [image_import_opts]
    image_import_plugins = [image_conversion]
    ```

    ## Good

    ```ini
    # glance-api.conf
    [image_import_opts]
    image_import_plugins = [image_conversion]

    [wsgi]
    python_interpreter = /usr/bin/python3
    ```

    ## Measured

    uWSGI 2.0.21 from Debian: `sys.executable` is `/usr/bin/uwsgi-core`, also with `home` or
    `virtualenv`; with `py-executable`, `py-sys-executable` or `binary-path` it is what these say,
    with `py-programname` it is not. `uwsgi -m oslo_concurrency.prlimit ...` ends with "unable to
    load configuration from oslo_concurrency.prlimit" and status 1. Both are asked by
    `tests/oracle/test_threads_live.py`. Glance 33.0.0 with qemu-img 7.2: without the option an
    import is accepted (202) and the image is "queued" again; with it the image is converted from
    raw to qcow2, and active.

    ## References

    - Glance `glance/async_/flows/plugins/image_conversion.py`, `python_exec`; oslo.concurrency
      `processutils.execute`. Glance commits 783fa72f4 (21.0.0) and daa602baa (24.0.0), Launchpad
      bug 1962581.
    - The help of the option: "in some situations (for example, uwsgi) sys.executable may not
      actually point to a python interpreter and an alternative value must be set".
    """
    bites = bite(deployment.versions, since="tasks-under-wsgi")
    if bites is None:
        return
    for service in deployment.services:
        plugins = service.setting(*PLUGINS)
        methods = service.import_methods
        if plugins is None or "image_conversion" not in (service.config.bounded(*PLUGINS) or ()):
            continue
        if methods is None or not methods.names or service.text(*OPTION):
            continue
        instances = [one for one in service.instances if not names_python(one.config)]
        unsure = any(service.uncertain(*option) for option in (PLUGINS, OPTION))
        if not instances or unsure:
            continue
        empty = service.setting(*OPTION)
        header = service.config.section_places.get("wsgi")
        place = empty.place if empty is not None else header or plugins.place
        related = [Related(f"{one.name} runs it", one.place) for one in instances]
        if place != plugins.place:
            related.insert(0, Related("image_conversion is enabled here", plugins.place))
        yield Finding(
            place=place,
            message=(
                "python_interpreter is not set for the import plugin image_conversion: it starts "
                f"the uwsgi of {instances[0].name} instead of Python, and every import fails"
                f"{bites.words}"
            ),
            help=(
                f"set python_interpreter = {home_of(instances[0].config)}/bin/python3, or what "
                "else Glance's own Python is, in [wsgi]"
            ),
            confidence=bites.confidence,
            context=("wsgi" if place != plugins.place else "image_import_opts",),
            related=tuple(related),
        )
