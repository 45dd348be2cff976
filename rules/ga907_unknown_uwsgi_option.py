"""GA907 unknown-uwsgi-option."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.unknown_option import unknown_options
from glance_audit.engine.bite import bite
from glance_audit.engine.finding import Basis, Confidence, Finding, Severity
from glance_audit.engine.rule import rule
from glance_audit.uwsgi import Option


@rule(
    "GA907",
    "unknown-uwsgi-option",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="all; error under strict, info for a name like no option's",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A line of uWSGI's configuration is no option, and does nothing.

    ## What it does

    Looks in the files of a uWSGI that runs Glance for names that no release from 2.0.21 to 2.0.31
    has, and names the option that was meant where one is close. Names that `%(name)` uses or
    `set-placeholder` sets are placeholders, and `declare-option` makes new ones: none of them is
    reported. A name like no option's is an information: devstack's `start-time = %t` is there for
    the application, which finds it in `uwsgi.opt`.

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
    silence; with `strict` uWSGI ends with "unknown config directive". `uwsgi.opt` holds such a name
    and its value, as it holds what `set-placeholder` sets (2.0.21,
    `tests/oracle/test_uwsgi_placeholder_live.py`). The names come from the
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
            confidence, severity = Confidence.HIGH, Severity.WARNING
            if development and future is None:
                continue
            if development and future is not None:
                confidence = future.confidence
                message = (
                    f"{option.key} is in uWSGI's development branch alone: a release {effect}"
                    f"{future.words}"
                )
                advice = "remove it"
            elif near is not None or strict:
                message = f"uWSGI knows no option {option.key} and {effect}"
                advice = f"write {near}" if near is not None else f"remove it, or {_placed(option)}"
            else:
                severity = Severity.INFO
                message = (
                    f"{option.key} is no option: uWSGI keeps it as a placeholder, which these "
                    "files do not use"
                )
                advice = f"remove it, or {_placed(option)}"
            yield Finding(
                place=option.place,
                message=message,
                help=advice,
                severity=Severity.ERROR if strict else severity,
                confidence=confidence,
                context=("uwsgi",),
            )


def _placed(option: Option) -> str:
    return f"write set-placeholder = {option.key}=... if the application reads it from uwsgi.opt"
