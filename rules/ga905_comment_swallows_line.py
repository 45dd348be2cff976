"""GA905 comment-swallows-line."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule

SERVERS = {
    "\\": ("a backslash", "Apache", "end the comment with anything else, a full stop for example"),
    "%": ("a percent sign", "uWSGI", "write %% in the comment, or put something behind it"),
}


@rule(
    "GA905",
    "comment-swallows-line",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    r"""A comment goes on in the next line, and the setting there does not count.

    ## What it does

    Looks for comments of Apache's files that end in a backslash, where a directive or a section
    follows, and for comments of uWSGI's ini files that end in a percent sign, where an option or a
    header follows. The rest of a directive that was commented out as a whole is no loss.

    ## Why it matters

    In the editor the next line looks alive. Apache joins every line that ends in a backslash with
    the next one before it looks for comments; uWSGI replaces `%` and the character behind it in the
    whole text, and for a line end it has nothing to put there.

    ## Bad

    ```apache
    # Uploads are copied from C:\images\
    Proxy100Continue Off
    ```

    ## Good

    ```apache
    # Uploads are copied from C:\images
    Proxy100Continue Off
    ```

    ## Measured

    Apache 2.4.71: a `SetEnv` behind a comment that ends in a backslash is not in `-D DUMP_CONFIG`.
    uWSGI 2.0.21: an option behind `; 100%` is not in `--show-config`; behind `; 100%%` it is.

    ## References

    - httpd 2.4 `server/util.c`, `ap_cfg_getline`.
    - uWSGI `core/utils.c`, `magic_sub`, and `core/ini.c`.
    """
    for lost in deployment.marks.swallowed:
        mark, server, advice = SERVERS[lost.mark]
        yield Finding(
            place=lost.comment,
            message=f"the comment ends in {mark}: {server} takes the next line as part of it",
            help=advice,
            related=(Related("is not carried out", lost.hidden),),
        )
