"""GA901 unreadable."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule
from glance_audit.files import ProblemKind


@rule(
    "GA901",
    "unreadable",
    severity=Severity.ERROR,
    basis=Basis.SOURCE,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A file that belongs to the configuration could not be read.

    ## What it does

    Reports every file that should be read and cannot be: no permission, a directory, a device or a
    FIFO, larger than 16 MiB, a loop of links, files that include each other for ever, and what is
    neither run nor fetched by an audit (`exec://`, `http://`). So is a file with NUL bytes: it
    is no text, though a server reads each line of it up to the first NUL.

    ## Why it matters

    What the file sets is unknown, so findings may be missing, and one may be wrong. The exit status
    is 3, whatever else was found. A container runtime makes a directory of a bind mount whose
    source is missing: then the server cannot read the file either.

    ## Bad

    ```console
    $ glance-audit /etc/apache2
    error[GA901]: the file is not audited: permission denied
    ```

    ## Good

    ```console
    $ sudo glance-audit /etc/apache2
    ```

    ## Measured

    Not a measurement: the rule says what this audit could not see.

    ## References

    - Exit status 3 in the documentation of the command line.
    """
    for problem in deployment.problems:
        if problem.kind is ProblemKind.UNREADABLE:
            what = "this place" if problem.place.line else "the file"
            yield Finding(
                place=problem.place,
                message=f"{what} is not audited: {problem.message}",
                help=problem.help
                or "make it readable for the user who audits, or audit as one who may read it",
            )
