"""Versions told by the tree itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.detect import (
    DPKG_STATUS,
    detect_glance,
    detect_package,
    dpkg_version,
    uwsgi_build,
)
from glance_audit.deployment.versions import VersionRange, load_releases
from glance_audit.systemd import read_unit
from tests.deployment.trees import write

RELEASES = load_releases()
STATUS = """\
Package: apache2-bin
Status: install ok installed
Architecture: amd64
Version: 2.4.57-2
Description: server
 Package: indented
 Version: 9

Package: glance-api
Status: deinstall ok config-files
Version: 2:25.1.0-2

Package: glance-common
Status: install ok installed
Source: glance
Version: 2:27.0.0-1

Package: half
Status: install ok not-installed

Package: after
Version: 1.2
"""


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ("apache2-bin", (2, 4, 57)),
        ("glance-common", (27, 0, 0)),
        ("glance-api", None),
        ("half", None),
        ("after", (1, 2)),
        ("apache2", None),
        ("indented", None),
        ("apache2.bin", None),
    ],
)
def test_dpkg_knows_what_is_installed(
    package: str, version: tuple[int, ...] | None, tmp_path: Path
) -> None:
    assert dpkg_version(write(tmp_path, {DPKG_STATUS: STATUS}), package) == version


def test_glance_is_told_by_dpkg_first(tmp_path: Path) -> None:
    files = {
        DPKG_STATUS: STATUS,
        "/usr/lib/python3/dist-packages/glance-30.0.0.dist-info/METADATA": "",
    }
    assert detect_glance(write(tmp_path, files), RELEASES) == VersionRange(
        (27, 0, 0), (27, 0, 0), "dpkg (glance-common)"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/usr/lib/python3/dist-packages/glance-30.0.0.dist-info",
        "/usr/lib/python3/dist-packages/glance-30.0.0-py3.11.egg-info",
        "/usr/local/lib/python3.11/site-packages/glance-30.0.0.dist-info",
        "/opt/stack/data/venv/lib/python3.12/site-packages/glance-30.0.0.0rc1.dist-info",
        "/var/lib/kolla/venv/lib/python3.9/site-packages/glance-30.0.0.dist-info",
    ],
)
def test_the_metadata_of_a_distribution_tells(path: str, tmp_path: Path) -> None:
    span = detect_glance(write(tmp_path, {f"{path}/METADATA": ""}), RELEASES)
    assert (span.first, span.source) == ((30, 0, 0), path)


@pytest.mark.parametrize(
    "path",
    [
        "/usr/lib/python3/dist-packages/glance_store-4.0.0.dist-info",
        "/usr/lib/python3/dist-packages/glance-store-30.0.0.dist-info",
        "/usr/lib/python3/dist-packages/python_glanceclient-30.0.0.dist-info",
        "/usr/lib/python3/dist-packages/glance-99.0.0.dist-info",
        "/usr/lib/python3x/dist-packages/glance-30.0.0.dist-info",
    ],
)
def test_a_likeness_tells_nothing(path: str, tmp_path: Path) -> None:
    assert detect_glance(write(tmp_path, {f"{path}/METADATA": ""}), RELEASES) == RELEASES.whole()


def test_a_package_that_is_not_there_leaves_the_whole_span(tmp_path: Path) -> None:
    source = write(tmp_path, {DPKG_STATUS: STATUS})
    assert detect_package(source, "apache2-bin", (2, 4, 0), (2, 4, 71)) == VersionRange(
        (2, 4, 57), (2, 4, 57), "dpkg (apache2-bin)"
    )
    assert not detect_package(source, "uwsgi-core", (2, 0, 0), (2, 0, 31)).known


@pytest.mark.parametrize(
    ("files", "build"),
    [
        ({}, None),
        ({"/usr/lib/uwsgi/plugins/python3_plugin.so": ""}, "debian"),
        ({DPKG_STATUS: "Package: uwsgi-core\nVersion: 2.0.21-5\n"}, "debian"),
        ({"/etc/debian_version": "12\n"}, None),
        ({"/etc/debian_version": "12\n", "unit": "/usr/bin/uwsgi"}, "debian"),
        ({"/etc/debian_version": "12\n", "unit": "/opt/venv/bin/uwsgi"}, "pypi"),
        ({"unit": "/usr/local/bin/uwsgi"}, "pypi"),
        ({"unit": "/usr/bin/uwsgi"}, None),
    ],
)
def test_the_build_of_uwsgi_is_told_by_where_it_lies(
    files: dict[str, str], build: str | None, tmp_path: Path
) -> None:
    rest = dict(files)
    binary = rest.pop("unit", None)
    if binary is not None:
        rest["/etc/systemd/system/g.service"] = f"[Service]\nExecStart={binary} --ini /x.ini\n"
    source = write(tmp_path, rest)
    unit = read_unit(source, "g.service") if binary is not None else None

    assert uwsgi_build(source, unit) == build
