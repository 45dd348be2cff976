"""Which versions an audit assumes: stated, told by the tree, or the whole known span."""

from __future__ import annotations

from glance_audit.audit.settings import AuditSettings, UsageError
from glance_audit.deployment.detect import detect_glance, detect_package
from glance_audit.deployment.milestone import load_milestones
from glance_audit.deployment.model import Versions
from glance_audit.deployment.versions import (
    UnknownVersion,
    VersionRange,
    load_releases,
    parse_version,
)
from glance_audit.files import FileSource

# The spans the tool knows about when nothing tells the version.
HTTPD = ((2, 4, 0), (2, 4, 71))
UWSGI = ((2, 0, 0), (2, 0, 31))


def find_versions(source: FileSource, settings: AuditSettings, *, detect: bool = True) -> Versions:
    """Return the versions as ranges; ``detect`` False: what nobody stated stays unknown.

    Raises:
        UsageError: a stated version that cannot be read.
    """
    releases = load_releases()
    try:
        glance = (
            releases.parse(settings.glance_release, "option")
            if settings.glance_release is not None
            else detect_glance(source, releases)
            if detect
            else releases.whole()
        )
    except UnknownVersion as error:
        raise UsageError(f"--glance-release: {error}") from None
    httpd = _stated(settings.httpd_version, "--httpd-version")
    uwsgi = _stated(settings.uwsgi_version, "--uwsgi-version")
    if detect:
        httpd = httpd or detect_package(source, "apache2-bin", *HTTPD)
        uwsgi = uwsgi or detect_package(source, "uwsgi-core", *UWSGI)
    httpd = httpd or VersionRange(*HTTPD)
    uwsgi = uwsgi or VersionRange(*UWSGI)
    python = _stated(settings.python_version, "--python-version")
    return Versions(releases, load_milestones(), glance, httpd, uwsgi, python)


def _stated(text: str | None, option: str) -> VersionRange | None:
    if text is None:
        return None
    version = parse_version(text)
    if version is None:
        raise UsageError(f"{option}: {text!r} is not a version number, such as 2.4.62 or 3.11")
    return VersionRange(version, version, "option")
