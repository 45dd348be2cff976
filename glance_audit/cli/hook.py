"""``hook``: audit the deployments that changed files belong to, as a commit hook is given them."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence

from glance_audit.audit.settings import NothingToAudit, UsageError
from glance_audit.cli.belonging import among, deployments_of
from glance_audit.cli.check import audit_once
from glance_audit.cli.reports import paired
from glance_audit.cli.status import CLEAN, FINDINGS, INCOMPLETE, Refused
from glance_audit.report.formats import FORMATS

_ORDER = (CLEAN, FINDINGS, INCOMPLETE)  # the worst last
_FORMAT = "concise"


def run(options: Namespace) -> int:
    """Audit each deployment once, and return the worst exit status.

    Raises:
        Refused, UsageError: one could not be audited; the others were.
        NothingToAudit: what the person named holds no configuration.
    """
    if options.root and not options.paths:
        options.paths = ["/"]
    named = bool(options.paths)
    if not named:  # several deployments cannot share a file, nor a document
        options.reports = [
            ("format", one.format)
            for one in paired(options.reports)
            if options.reports and one.path is None and FORMATS[one.format].series
        ]
    plain = not options.reports
    if plain:
        options.reports = [("format", _FORMAT)]
    worst = CLEAN
    failure: Refused | UsageError | None = None
    for paths in _deployments(options):
        options.paths = list(paths)
        try:
            worst = max(worst, audit_once(options), key=_ORDER.index)
        except NothingToAudit:
            if named:
                raise
            continue  # the changed file is all there is, and tells a server nothing
        except (Refused, UsageError) as error:
            failure = failure or error
    if failure is not None:
        raise failure
    if plain and worst == FINDINGS and not options.quiet:
        print("`glance-audit explain CODE` tells why, and what to do")
    return worst


def _deployments(options: Namespace) -> Sequence[tuple[str, ...]]:
    """Return what is audited: what the person names, when one of the files is of it.

    The settings file itself is of it: what it says decides what is found.
    """
    files: list[str] = options.files
    top = os.getcwd()
    for file in files:
        if not os.path.lexists(file):
            raise Refused(f"{file}: does not exist; name the files that have changed")
    if not options.paths:
        return deployments_of(files, top)
    settings = vars(options).get("settings_file")
    if settings is not None and among(files, [settings], top):
        return [tuple(options.paths)]
    of: list[str] = options.paths
    if options.root:  # an absolute path is one below it
        files = [file for file in files if among([file], [options.root], top)]
        of = [*of, *(os.path.join(options.root, path.lstrip("/")) for path in of)]
    return [tuple(options.paths)] if among(files, of, top) else []
