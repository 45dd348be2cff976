"""GA902 include-missing."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.reader import reader_of
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule
from glance_audit.files import ProblemKind


@rule(
    "GA902",
    "include-missing",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A file that has to be included is not there, and the server refuses to start.

    ## What it does

    Looks for Apache's `Include` without a match, for uWSGI's `ini`, `include`, `inherit` and
    `@(file)` that name a missing file, and for units and envvars that read one. `IncludeOptional`
    and systemd's `EnvironmentFile=-` are silent about it, and so is this rule.

    ## Why it matters

    The server that runs now may still have the old configuration. It does not come back from its
    next restart. The rest of the tree is audited all the same.

    ## Bad

    ```apache
    Include conf-available/image-limits.conf
    ```

    ## Good

    ```apache
    IncludeOptional conf-available/image-limits.conf
    ```

    ## Measured

    Apache 2.4.71: "Could not open configuration file", and "No matches for the wildcard" for a glob
    whose directory is there; the server does not start. IncludeOptional passes over both. uWSGI
    2.0.21 ends with status 1.

    ## References

    - httpd 2.4 `server/config.c`, `ap_process_fnmatch_configs`.
    """
    for problem in deployment.problems:
        if problem.kind is ProblemKind.INCLUDE_MISSING:
            reader = reader_of(deployment, problem)
            refuses = f": {reader} refuses to start" if problem.fatal and reader else ""
            yield Finding(
                place=problem.place,
                message=f"{problem.message}{refuses}",
                help=problem.help or "create the file, or correct or remove the line",
            )
