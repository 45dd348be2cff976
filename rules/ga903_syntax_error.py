"""GA903 syntax-error."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.reader import reader_of
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule
from glance_audit.files import ProblemKind


@rule(
    "GA903",
    "syntax-error",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
    caused_by=("GA907", "GA802"),
    versions="all; warning where the server starts all the same, info around the servers",
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A line that the server refuses, or passes over.

    ## What it does

    Reports what Apache, uWSGI or oslo.config refuse while they read their files: sections that are
    not closed or closed in the wrong order, macros that do not exist, options with impossible
    values. What a server silently passes over is a warning, and what could not be understood in
    units and environment files is an information. A file with the marks of a template language is
    left to GA911.

    ## Why it matters

    The server that runs now may still have the old configuration. It does not come back from its
    next restart. The rest of the tree is audited all the same.

    ## Bad

    ```apache
    <Location "/image">
        ProxyPass "http://127.0.0.1:60999"
    </VirtualHost>
    ```

    ## Good

    ```apache
    <Location "/image">
        ProxyPass "http://127.0.0.1:60999"
    </Location>
    ```

    ## Measured

    The readers are compared with Apache 2.4.71 (`apache2 -t -D DUMP_CONFIG`) and uWSGI 2.0.21
    (`--show-config`): they refuse the same files, and name the same line.

    ## References

    - httpd 2.4 `server/config.c`, `ap_build_config`.
    - uWSGI `core/config.c` and `core/ini.c`.
    """
    templates = deployment.marks.template_files
    for problem in deployment.problems:
        # A template's lines are no configuration yet: GA911.
        if problem.kind is not ProblemKind.SYNTAX or problem.place.file in templates:
            continue
        reader = reader_of(deployment, problem)
        if problem.fatal:
            severity = Severity.ERROR
            effect = f": {reader} refuses to start" if reader else ""
        else:
            severity = Severity.WARNING if reader else Severity.INFO
            effect = f": {reader} starts without it" if reader else ""
        yield Finding(
            place=problem.place,
            message=f"{problem.message.removesuffix('.')}{effect}",
            help=problem.help,
            severity=severity,
        )
