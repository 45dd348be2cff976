"""A tree of files in a directory, read as one deployment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from glance_audit.apache import ApacheConfig, resolve
from glance_audit.deployment.build import build
from glance_audit.deployment.collect import Inputs, ReadingOptions, collect
from glance_audit.deployment.milestone import load_milestones
from glance_audit.deployment.model import Deployment, Expectations, Versions
from glance_audit.deployment.room import RoomFinder
from glance_audit.deployment.threshold import load_thresholds
from glance_audit.deployment.versions import VersionRange, load_releases
from glance_audit.files import FileSource

APACHE = "/etc/apache2"
GIB = 1024**3


def write(root: Path, files: Mapping[str, str]) -> FileSource:
    """Write files by their absolute path below ``root`` and return the system they make."""
    for path, text in files.items():
        file = root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return FileSource(str(root))


def apache(root: Path, text: str) -> ApacheConfig:
    """Read a server's configuration from the text of its main file."""
    source = write(root, {f"{APACHE}/apache2.conf": text})
    return resolve(source, f"{APACHE}/apache2.conf", server_root=APACHE, assume_modules=True)


def read(root: Path, files: Mapping[str, str], *paths: str) -> Inputs:
    """Write files and collect what the paths name."""
    return collect(write(root, files), paths or (APACHE,), ReadingOptions({}))


def deploy(root: Path, files: Mapping[str, str], *paths: str) -> Deployment:
    """Write files and build the deployment of what the paths name."""
    inputs = read(root, files, *paths)
    source = FileSource(str(root))
    rooms = RoomFinder(source, inputs.mounts, host=False, stated=None)
    return build(source, inputs, versions(), expectations(), rooms)


def expectations() -> Expectations:
    """Return what the shipped thresholds say."""
    value = load_thresholds().value
    return Expectations(
        10 * GIB, 2, value("buffering-floor"), value("streaming-floor"), value("gateway-floor"),
        value("mercy-floor"), value("header-floor"),
    )  # fmt: skip


def versions() -> Versions:
    """Return the whole known spans."""
    releases = load_releases()
    httpd = VersionRange((2, 4, 0), (2, 4, 71))
    whole = releases.whole()
    uwsgi = VersionRange((2, 0, 0), (2, 0, 31))
    return Versions(releases, load_milestones(), whole, httpd, uwsgi, None)
