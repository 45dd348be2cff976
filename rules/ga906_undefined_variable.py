"""GA906 undefined-variable."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.open_variable import OpenVariable, open_names
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA906",
    "undefined-variable",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A variable has no value, and the server takes its name for the text.

    ## What it does

    Looks for `${X}` that neither a `Define` above nor the environment of Apache (envvars, the unit)
    gives a value, for `$(X)` that the unit of uWSGI does not set, and for `%(x)` that is no option
    of the configuration. Where the environment is not known (no envvars, no unit, a file on its
    own) it says nothing of variables from there, and nothing of formats of the log and of commands,
    which have such marks of their own.

    ## Why it matters

    Nothing stops: Apache writes a warning and goes on with the text `${X}`, uWSGI says nothing at
    all. A route leads to a host of that name, a number is read as 0.

    ## Bad

    ```apache
    ProxyPass "/image" "http://127.0.0.1:${GLANCE_PORT}"
    ```

    ## Good

    ```apache
    Define GLANCE_PORT 60999
    ProxyPass "/image" "http://127.0.0.1:${GLANCE_PORT}"
    ```

    ## Measured

    Apache 2.4.71: "AH00111: Config variable ${X} is not defined", and the text stays; so it does
    above the line with the `Define`, and for `Define X` without a value. uWSGI 2.0.21 and 2.0.31:
    `$(X)` and `%(x)` stay as they are written, and `socket-timeout = %(to)` is then 0; in an
    expression (`%(x + 1)`) an unknown name is 0.

    ## References

    - httpd 2.4 `server/core.c`, `ap_resolve_env`.
    - uWSGI `core/config.c` and `core/utils.c`, `uwsgi_apply_config_pass`.
    """
    for server in deployment.servers:
        for variable in server.undefined:
            yield Finding(
                place=variable.place,
                message=f"nothing gives ${{{variable.name}}} a value: Apache keeps it as text",
                help=_help(variable),
                related=_behind(variable),
            )
    for instance in deployment.instances:
        for name in open_names(instance):
            text = f"{name.symbol}({name.name})"
            yield Finding(
                place=name.place,
                message=(
                    f"nothing gives {text} a value: uWSGI keeps it as text, and a number reads as 0"
                ),
                help=(
                    f"set Environment={name.name}=... in the unit"
                    if name.symbol == "$"
                    else f"set {name.name} = ... in the file, or correct the name"
                ),
                context=("uwsgi",),
            )


def _help(variable: OpenVariable) -> str:
    if not variable.exported:
        return f"export {variable.name} where it is set"
    if variable.behind is not None:
        return f"move the Define of {variable.name} above this line"
    return f"write Define {variable.name} VALUE above it, or export it in envvars"


def _behind(variable: OpenVariable) -> tuple[Related, ...]:
    if variable.behind is None:
        return ()
    if not variable.exported:
        return (Related("is set here, but not exported", variable.behind),)
    return (Related("is defined only here", variable.behind),)
