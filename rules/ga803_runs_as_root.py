"""GA803 runs-as-root."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.privilege import runs_as_root
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA803",
    "runs-as-root",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A system service starts Glance's uWSGI, and it stays root.

    ## What it does

    Looks at the uWSGIs that run Glance and that a unit starts: neither the unit (`User=`,
    `DynamicUser=`) nor uWSGI (`uid`) makes them anybody but root. A master that starts as root and
    has a `uid` is fine. What no unit starts is not judged: its user is not known.

    ## Why it matters

    Whoever finds a hole in Glance, in its image formats or in a plugin, is root of the host.

    ## Bad

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    module = glance.wsgi.api:application
    ```

    ## Good

    ```ini
    [uwsgi]
    http-socket = 127.0.0.1:60999
    module = glance.wsgi.api:application
    uid = glance
    gid = glance
    ```

    ## Measured

    Glance 33.0.0 under uWSGI 2.0.21, started by root: without `uid` the file of an uploaded image
    belongs to root, with `uid = glance` to glance. uWSGI without `uid`, and with `uid = 0`, stays
    root and writes "WARNING: you are running uWSGI as root" to its log; an unknown user ends it.

    ## References

    - uWSGI `core/utils.c`, `uwsgi_as_root`.
    - systemd.exec(5), `User=`: "system services run as root unless otherwise specified".
    """
    for instance in glance_uwsgis(deployment):
        root = runs_as_root(deployment, instance)
        if root is None:
            continue
        unit = root.unit.name
        if root.option is None:
            message = f"{unit} starts uWSGI as root, and no uid makes it another user"
        else:
            message = f"{unit} starts uWSGI as root, and {root.option.key} keeps it root"
        yield Finding(
            place=instance.place if root.option is None else root.option.place,
            message=f"{message}: Glance runs as root",
            help="set uid = glance and gid = glance in the [uwsgi] section, or User= in the unit",
            context=("uwsgi",),
            related=(Related("starts it", root.start),),
        )
