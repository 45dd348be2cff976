"""What an audit is asked to do."""

from __future__ import annotations

from glance_audit.engine.finding import Confidence, Severity
from glance_audit.record import NamedTuple


class UsageError(Exception):
    """A request that cannot be carried out; the message names the next step. Exit status 2."""


class NothingToAudit(Exception):
    """The paths hold no server configuration; the message says what was looked for. Status 4."""


class Floors(NamedTuple):
    """Seconds (``header``: bytes) below which a setting is called short or small.

    None: the value of ``deployment/thresholds.json``.
    """

    buffering: int | None = None
    streaming: int | None = None
    gateway: int | None = None
    mercy: int | None = None
    header: int | None = None


class Override(NamedTuple):
    """What holds for the findings in some files only.

    ``patterns`` are those of gitignore, and start at ``base``, a directory of this machine; they
    are compared with a file's path in the audited system too. ``ignore`` names the rules that are
    let pass there, for the ``reason``. ``severities`` are pairs of a rule's name and its severity.
    ``name`` is what a message calls the override.
    """

    name: str
    base: str
    patterns: tuple[str, ...]
    ignore: tuple[str, ...] = ()
    reason: str = ""
    severities: tuple[tuple[str, Severity], ...] = ()


class AuditSettings(NamedTuple):
    """The settings of one audit.

    ``paths`` are as given (relative ones against ``cwd``); ``root`` maps absolute paths of the
    audited system to a directory here. Versions are texts such as ``ussuri``, ``2025.2``, ``33``,
    ``2.4.62``; None means: detect, else unknown. Sizes are bytes; a number that is None is that of
    ``deployment/thresholds.json``. ``host`` None: ask the host only
    when the audited path is the live system's. ``stdin_text`` is the text behind the path ``-``.
    ``severity`` and ``confidence`` are the lowest that are shown. ``cross_check``: read every
    Apache file a second time, with another parser, and report where the two differ.
    ``glance_routes`` are paths that lead to Glance, as the operator says.
    ``suppressions``: heed those in the audited files; ``today`` is the date they expire by, such as
    ``2027-01-31``, and none does when it is empty. ``rules_dirs`` hold the operator's own rules,
    programs that are run: they never come from the audited files. ``extend_select`` adds to what
    ``select`` names, or else to every rule; ``preview`` runs the rules that are new too.
    ``severities`` are pairs of a rule's name and the severity of its findings.
    """

    paths: tuple[str, ...]
    cwd: str
    root: str | None = None
    glance_release: str | None = None
    httpd_version: str | None = None
    uwsgi_version: str | None = None
    python_version: str | None = None
    defines: tuple[str, ...] = ()
    envvars: str | None = None
    largest_image: int | None = None
    concurrent_uploads: int | None = None
    tmpdir_size: int | None = None
    host: bool | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity = Severity.INFO
    confidence: Confidence = Confidence.LOW
    stdin_text: str | None = None
    stdin_filename: str | None = None
    floors: Floors = Floors()
    cross_check: bool = False
    suppressions: bool = True
    today: str = ""
    rules_dirs: tuple[str, ...] = ()
    glance_routes: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    preview: bool = False
    severities: tuple[tuple[str, Severity], ...] = ()
    overrides: tuple[Override, ...] = ()
