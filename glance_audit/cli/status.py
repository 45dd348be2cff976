"""Exit statuses, and the failures that have one of their own."""

from __future__ import annotations

CLEAN = 0  # nothing at or above --fail-on
FINDINGS = 1
USAGE = 2  # a request that cannot be carried out, an unwritable output
INCOMPLETE = 3  # something was unreadable or refused; findings are printed all the same
NOTHING = 4  # no server configuration where it was looked for
INTERNAL = 70  # EX_SOFTWARE
STATUSES = {  # as the help tells them
    CLEAN: "nothing at or above --fail-on",
    FINDINGS: "findings",
    USAGE: "the command line makes no sense",
    INCOMPLETE: "the audit is incomplete: something was unreadable or refused",
    NOTHING: "nothing to audit was found",
    INTERNAL: "an internal error",
}
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class Refused(Exception):
    """The command line cannot be carried out; the message names the next step."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status
