"""GA909 uwsgi-value-trap."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.value_trap import Trap, TrapKind, value_traps
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule

OWN_LINE = "put the comment on a line of its own"
MESSAGES = {
    TrapKind.COMMENT: (
        "uWSGI knows no comment behind a value: {key} is on, off is a bare false, off, no or 0",
        OWN_LINE,
    ),
    TrapKind.COMMENT_IGNORED: (
        "uWSGI knows no comment behind a value: it is part of {key}, and happens to do no harm",
        OWN_LINE,
    ),
    TrapKind.COMMENT_KEPT: (
        "uWSGI knows no comment behind a value: it is part of {key}",
        OWN_LINE,
    ),
    TrapKind.ON: (
        "{key} is on with this value: only a bare false, off, no or 0 switches it off",
        "write {key} = false",
    ),
    TrapKind.UNIT: (
        "{key} is read as {reads}: uWSGI knows no units and no fractions",
        "write the number in full",
    ),
    TrapKind.WORD: (
        "{key} is read as {reads}: it takes a number, and uWSGI finds none",
        "write a number",
    ),
    TrapKind.EMPTY: (
        "{key} without a value is read as {reads}: only on the command line it means more",
        "write {key} = 1",
    ),
    TrapKind.SOCKET: (
        "{key} makes a UNIX socket of this name: an address on TCP has a colon",
        "write {key} = 127.0.0.1:PORT, or remove it",
    ),
    TrapKind.REPEATED: (
        "{key} is set again further down, and the last one counts",
        "keep one of the two",
    ),
    TrapKind.MODE: (
        "{key} is set again, and uWSGI makes mode {reads} of the two",
        "keep one of the two",
    ),
    TrapKind.INHERITED: (
        "{key} counts for nothing: what inherit brings comes last, wherever the line stands",
        "write include in the place of inherit, above it, or take it out of the template",
    ),
}


@rule(
    "GA909",
    "uwsgi-value-trap",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
    versions="all; info where the value is read as it is meant",
    caused_by=("GA702", "GA704", "GA705"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """uWSGI reads a value otherwise than it looks.

    ## What it does

    Looks in the files of a uWSGI that runs Glance for comments behind a value, for words that look
    like "off" and are not (`none`, `disabled`, `"false"`), for numbers with a unit or a fraction
    (`64k`, `5m`, `0.5`), for words where a number is wanted (`true`), for sockets without a colon,
    for a setting that the same file sets twice, and for one that `inherit` replaces. Values that
    hold `$()`, `@()` or `%` and blocks of `if-` are not judged; `10s` for seconds is fine.

    ## Why it matters

    Nothing is refused: a limit of `16m` is one of 16 bytes and breaks every upload, and
    `http-keepalive = true` switches it off.

    ## Bad

    ```ini
    [uwsgi]
    buffer-size = 64k
    ```

    ## Good

    ```ini
    [uwsgi]
    buffer-size = 65535
    ```

    ## Measured

    uWSGI 2.0.21 and 2.0.31: `master = none`, `disabled`, `00`, `"false"` and `false ; x` are on;
    `64k` is 64, `10s` 10, `true` 0; `http-keepalive` alone is 0 in a file; `stats = false` makes a
    UNIX socket named false. The last of two scalars counts. `inherit` is applied after all else and
    replaces what the file sets. `chmod-socket` 664 and then 660 make 4660.

    ## References

    - uWSGI `core/uwsgi.c`, `uwsgi_opt_true`, `uwsgi_opt_set_int`; `core/config.c`;
      `core/socket.c`, `bind_to_unix`.
    """
    for instance in glance_uwsgis(deployment):
        for trap in value_traps(instance):
            message, advice = MESSAGES[trap.kind]
            key = trap.option.key
            yield Finding(
                place=trap.option.place,
                message=message.format(key=key, reads=trap.reads),
                help=advice.format(key=key),
                severity=Severity.INFO
                if trap.kind is TrapKind.COMMENT_IGNORED
                else Severity.WARNING,
                context=("uwsgi",),
                related=_winner(trap),
            )


def _winner(trap: Trap) -> tuple[Related, ...]:
    return () if trap.winner is None else (Related("counts", trap.winner.place),)
