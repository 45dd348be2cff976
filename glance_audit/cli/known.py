"""``--baseline FILE``: what an audit finds beyond the findings that are known."""

from __future__ import annotations

from glance_audit.audit.selection import reported_codes
from glance_audit.audit.settings import AuditSettings
from glance_audit.baseline import BaselineError, Entry, compare, parse
from glance_audit.cli.status import Refused
from glance_audit.cli.text_file import Unread, read_text
from glance_audit.report.escape import visible
from glance_audit.report.result import AuditReport

_LARGEST = 64  # MiB
_NAMED = 5  # stale entries that are named before the rest is counted


def read_baseline(path: str) -> tuple[Entry, ...]:
    """Read the baseline.

    Raises:
        Refused: it cannot be read, or is none.
    """
    try:
        return parse(read_text(path, _LARGEST))
    except Unread as error:
        raise Refused(
            f"--baseline {path}: {error}; `glance-audit baseline PATH -o FILE` writes one"
        ) from None
    except BaselineError as error:
        raise Refused(f"--baseline {path}: {error}") from None


def beyond(entries: tuple[Entry, ...], report: AuditReport, settings: AuditSettings) -> AuditReport:
    """Mark what is known, and note the entries that match nothing any more."""
    compared = compare(report, entries, reported_codes(settings))
    if not compared.stale or report.incomplete:  # what was not read may hold them still
        return compared.report
    new = {(one.code, one.location.text) for one in compared.report.findings if not one.known}
    if new.issuperset((entry.code, entry.text) for entry in compared.stale):
        note = (
            "what the baseline holds is found in files of other names: name the paths and --root "
            "as when it was written, or write it anew"
        )
        return compared.report._replace(notes=(*compared.report.notes, note))
    named = [f"{entry.code} in {entry.file}" for entry in compared.stale[:_NAMED]]
    more = len(compared.stale) - len(named)
    listed = ", ".join(named) + (f" and {more} more" if more else "")
    note = f"of the baseline is found no more: {listed}; write it anew to keep it so"
    return compared.report._replace(notes=(*compared.report.notes, visible(note)))
