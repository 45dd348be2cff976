"""GA907 unknown-uwsgi-option."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.unknown_option import unknown_options
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Confidence, Finding, Severity
from glance_audit.engine.rule import rule


@rule(
    "GA907",
    "unknown-uwsgi-option",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="all; error under strict",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A line of uWSGI's configuration is no option, and does nothing.

    ## What it does

    Looks in the files of a uWSGI that runs Glance for names that no release from 2.0.21 to 2.0.31
    has, and names the option that was meant where one is close. Names that `%(name)` uses or
    `set-placeholder` sets are placeholders, and `declare-option` makes new ones: none of them is
    reported.

    ## Why it matters

    uWSGI says nothing: a name that it does not know may be a placeholder. `socket_timeout = 300`
    leaves the timer at 4 s. Under `strict` uWSGI does not start.

    ## Bad

    ```ini
    [uwsgi]
    socket_timeout = 300
    ```

    ## Good

    ```ini
    [uwsgi]
    socket-timeout = 300
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31: names with an underscore, in capitals or behind `--` are passed over in
    silence; with `strict` uWSGI ends with "unknown config directive". The names come from the
    sources of 2.0.21, 2.0.31 and the development branch, and hold every name that `--help` prints.
    `wsgi-manage-chunked-input` and `else` are in that branch alone.

    ## References

    - uWSGI `core/config.c`, `add_exported_option_do`.
    """
    future = bite(deployment.versions, before="uwsgi-series-2.1")
    for instance in glance_uwsgis(deployment):
        strict = instance.config.enabled("strict")
        effect = "ends there (strict)" if strict else "passes the line over"
        for option, near, development in unknown_options(instance):
            confidence = Confidence.HIGH
            if development and future is None:
                continue
            if development and future is not None:
                confidence = future.confidence
                message = (
                    f"{option.key} is in uWSGI's development branch alone: a release {effect}"
                    f"{future.words}"
                )
                advice = "remove it"
            else:
                message = f"uWSGI knows no option {option.key} and {effect}"
                advice = (
                    f"write {near}"
                    if near is not None
                    else f"remove it, or write set-placeholder = {option.key}=... if it is one"
                )
            yield Finding(
                place=option.place,
                message=message,
                help=advice,
                severity=Severity.ERROR if strict else Severity.WARNING,
                confidence=confidence,
                context=("uwsgi",),
            )
