"""GA608 eventlet-executor."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA608",
    "eventlet-executor",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    versions="Glance 33 and later",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """`task_executor = eventlet` is refused from 2026.2 on, and every import with it.

    ## What it does

    Looks for `task_executor = eventlet` in the section `[task]`.

    ## Why it matters

    Up to 2026.1 Glance takes the value and runs taskflow in its place. From 2026.2 (33) on
    `taskflow` is the only value. The API starts all the same, for nobody reads the option before
    the first task: uploads work, and every import ends with an error.

    ## Bad

    ```ini
    [task]
    task_executor = eventlet
    ```

    ## Good

    ```ini
    [task]
    task_executor = taskflow
    ```

    or no line at all: it is the default.

    ## Measured

    The WSGI application of Glance 33.0.0 with the value: it starts, an image is staged (204), and
    its import ends with status 400, "Value for option task_executor ... is not valid: Valid values
    are [taskflow], but found 'eventlet'"; the image stays "uploading". Glance 25.1.0 with the
    same: 202, and the image is active.

    ## References

    - Glance commit e9b49b2e1 (33.0.0): `choices=('taskflow',)`.
    - Glance `glance/domain/__init__.py`, `new_task_executor` (32.0.0): eventlet means taskflow.
    """
    bites = bite(deployment.versions, since="taskflow-only")
    if bites is None:
        return
    for service in deployment.services:
        setting = service.setting("task", "task_executor")
        if setting is None or service.config.expanded(setting) != "eventlet":
            continue
        yield Finding(
            place=setting.place,
            message=(
                "task_executor = eventlet: Glance starts, and every import ends with status 400 "
                f"because taskflow is the only value it takes{bites.words}"
            ),
            help="remove the line, or write task_executor = taskflow",
            confidence=bites.confidence,
            context=(setting.section,),
        )
