"""Versions told by the tree itself: package databases and installed metadata, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.deployment.versions import (
    Releases,
    Version,
    VersionRange,
    parse_version,
)
from glance_audit.files import FileSource, Kind, Unreadable
from glance_audit.systemd import Unit

DPKG_STATUS = "/var/lib/dpkg/status"
_GLANCE_METADATA = re.compile(r"glance-(\d+\.\d+\.\d+)[^/]*\.(?:dist-info|egg-info)\Z")
_PYTHON_DIRECTORY = re.compile(r"python3(?:\.\d+)?\Z")
_VENVS = "/openstack/venvs"  # OpenStack-Ansible's
_SITE_ROOTS = ("/usr/lib", "/usr/local/lib", "/opt/stack/data/venv/lib", "/var/lib/kolla/venv/lib")


def dpkg_version(source: FileSource, package: str) -> Version | None:
    """Return the upstream version of an installed Debian package."""
    try:
        status = source.text(DPKG_STATUS)
    except Unreadable:
        return None
    match = re.search(
        rf"^Package: {re.escape(package)}\n(?:.+\n)*?Version: (\S+)", status, re.MULTILINE
    )
    if match is None:
        return None
    stanza = status[match.start() : match.end()]
    if "\nStatus: " in stanza and " installed" not in stanza:
        return None
    return parse_version(match[1])


def detect_glance(source: FileSource, releases: Releases) -> VersionRange:
    """Find Glance's release: dpkg first, then the metadata of an installed distribution."""
    for package in ("glance-api", "glance-common", "python3-glance", "glance"):
        version = dpkg_version(source, package)
        if version is not None and releases.find(version[0]) is not None:
            return VersionRange(version, version, f"dpkg ({package})")
    for directory in _all_site_directories(source):
        for name in _names(source, directory):
            match = _GLANCE_METADATA.match(name)
            version = parse_version(match[1]) if match else None
            if version is not None and releases.find(version[0]) is not None:
                return VersionRange(version, version, f"{directory}/{name}")
    return releases.whole()


def has_glance_file(source: FileSource, name: str) -> bool:
    """Whether the system has an installed Glance with a file of that name: ``wsgi/api.py``."""
    return any(
        source.kind(f"{directory}/glance/{name}") is Kind.FILE
        for directory in _all_site_directories(source)
    )


def detect_package(source: FileSource, package: str, first: Version, last: Version) -> VersionRange:
    """Find a Debian package's version, else the whole span."""
    version = dpkg_version(source, package)
    if version is not None and version >= first[:1]:
        return VersionRange(version, version, f"dpkg ({package})")
    return VersionRange(first, last)


def uwsgi_build(source: FileSource, unit: Unit | None) -> str | None:
    """Tell Debian's modular uWSGI from PyPI's: the unit's binary, plugins directory, dpkg."""
    if unit is not None:
        for command in unit.exec_start:
            binary = command.argv[0] if command.argv else ""
            if binary.startswith(("/opt/", "/usr/local/", "/var/lib/kolla/")):
                return "pypi"
    if source.kind("/usr/lib/uwsgi/plugins") is Kind.DIRECTORY:
        return "debian"
    if dpkg_version(source, "uwsgi-core") is not None:
        return "debian"
    debian = (
        source.kind("/etc/debian_version") is Kind.FILE
        or source.kind("/etc/apache2/apache2.conf") is Kind.FILE
    )
    return "debian" if debian and unit is not None else None


def redhat_family(source: FileSource) -> bool:
    """Whether the system is of the Red Hat family, whose packages name their plugins otherwise."""
    return source.kind("/etc/redhat-release") is Kind.FILE


def _all_site_directories(source: FileSource) -> Iterator[str]:
    virtual = [f"{_VENVS}/{name}/lib" for name in _names(source, _VENVS) if "glance" in name]
    for root in (*_SITE_ROOTS, *virtual):
        yield from _site_directories(source, root)


def _site_directories(source: FileSource, root: str) -> list[str]:
    return [
        f"{root}/{name}/{site}"
        for name in _names(source, root)
        if _PYTHON_DIRECTORY.match(name)
        for site in ("dist-packages", "site-packages")
    ]


def _names(source: FileSource, directory: str) -> list[str]:
    if source.kind(directory) is not Kind.DIRECTORY:
        return []
    try:
        return source.names(directory)
    except Unreadable:
        return []
