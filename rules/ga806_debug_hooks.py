"""GA806 debug-hooks."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.hook import HookKind, hooks_of
from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule

EFFECTS = {
    HookKind.AUTORELOAD: (
        "reloads Glance whenever one of its files changes, which cuts off long uploads",
        "remove it; it is for development",
    ),
    HookKind.STDIN: (
        "leaves standard input open to Glance, which is for debuggers",
        "remove it; it is for development",
    ),
    HookKind.COMMAND: (
        "makes uWSGI run a command",
        "move the command to the unit (ExecStartPre=), or remove it",
    ),
    HookKind.COMMAND_FOR_OPTIONS: (
        "takes configuration from the output of a command or a function, which is not run here",
        "write the result into a file, and read that",
    ),
    HookKind.NETWORK: (
        "takes configuration from another process or host, which is not asked here",
        "write the result into a file, and read that",
    ),
}


@rule(
    "GA806",
    "debug-hooks",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI runs commands, reloads by itself or takes its configuration from elsewhere.

    ## What it does

    Looks in a uWSGI that runs Glance for `py-autoreload`, `honour-stdin`, the `exec-` options,
    hooks with `exec:`, and for values and includes from `exec://`, `call://` or `http://`. They are
    reported and never run, and what they hold is not shown.

    ## Why it matters

    The first two are left over from development: when a package is updated, uWSGI reloads, and
    uploads that last longer than `worker-reload-mercy` (60 s) are cut off. A command
    at the start of the service, as root as a rule, is where an intruder stays, and what another
    host answers at the start decides what runs here.

    ## Bad

    ```ini
    [uwsgi]
    module = glance.wsgi.api:application
    py-autoreload = 2
    ```

    ## Good

    ```ini
    [uwsgi]
    module = glance.wsgi.api:application
    hook-master-start = unix_signal:15 gracefully_kill_them_all
    ```

    ## Measured

    Glance 33.0.0 under uWSGI 2.0.21 with `py-autoreload` and `worker-reload-mercy = 4`: a Python
    module changes during an upload of 20 s, which ends with 502 and leaves the image "saving".
    uWSGI runs `exec-asap`, `@(exec://...)` and `ini = exec://...` while it reads its files, before
    it changes its user.

    ## References

    - uWSGI `core/io.c`, `uwsgi_setup_schemes`; `core/hooks.c`; `plugins/python/pyutils.c`.
    """
    for instance in glance_uwsgis(deployment):
        for hook in hooks_of(instance):
            effect, advice = EFFECTS[hook.kind]
            yield Finding(
                place=hook.option.place,
                message=f"{hook.option.key} {effect}",
                help=advice,
                context=("uwsgi",),
            )
