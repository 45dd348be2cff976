"""Servers and services that have nothing to do with Glance yield nothing, alone or beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from glance_audit.report.result import AuditReport
from tests.rules.audited import audit_system

NEIGHBOURS = Path(__file__).parent / "neighbours"
SAMPLES = Path(__file__).parents[2] / "samples"
SERVER = {"debian": "/etc/apache2", "redhat": "/etc/httpd"}
# Each lies over a distribution's own configuration.
LIES_OVER = {
    "devstack": "debian",
    "openstack-ansible": "debian",
    "careless": "debian",
    "kolla-ansible": "redhat",
    "puppet-openstack": "redhat",
}
# A Glance that is set up well, beside the neighbours.
GOOD = {"debian": SAMPLES / "recommended", "redhat": SAMPLES / "redhat"}


def system(root: Path, *layers: Path) -> None:
    """Lay several trees over each other."""
    for layer in layers:
        shutil.copytree(layer, root, dirs_exist_ok=True, symlinks=True)


def told(report: AuditReport) -> list[tuple[str, str, int]]:
    """What is reported, with its place and without what changes beside another service."""
    return [(one.code, one.location.file, one.location.line) for one in report.findings]


def paths(report: AuditReport) -> list[tuple[str, bool]]:
    """The paths of all routes, and whether they are Glance's."""
    return [
        (route.path, route.glance)
        for server in report.topology.servers
        for host in server.vhosts
        for route in host.routes
    ]


@pytest.mark.parametrize("family", SERVER)
def test_what_a_package_installs(tmp_path: Path, family: str) -> None:
    system(tmp_path, NEIGHBOURS / family)
    report = audit_system(tmp_path, SERVER[family], {})

    assert told(report) == []
    assert report.incomplete == ()


@pytest.mark.parametrize("name", LIES_OVER)
def test_other_services_without_glance(tmp_path: Path, name: str) -> None:
    family = LIES_OVER[name]
    system(tmp_path, NEIGHBOURS / family, NEIGHBOURS / name)
    report = audit_system(tmp_path, SERVER[family], {})

    assert told(report) == []
    assert report.incomplete == ()
    assert len(paths(report)) >= 2
    assert not any(glance for _, glance in paths(report))


@pytest.mark.parametrize("release", ["20", "25", "31", "33"])
@pytest.mark.parametrize("name", LIES_OVER)
def test_other_services_beside_a_good_glance(tmp_path: Path, name: str, release: str) -> None:
    family = LIES_OVER[name]
    settings = {"glance_release": release}
    system(tmp_path / "alone", NEIGHBOURS / family, GOOD[family])
    system(tmp_path / "beside", NEIGHBOURS / family, NEIGHBOURS / name, GOOD[family])
    alone = audit_system(tmp_path / "alone", SERVER[family], settings)
    beside = audit_system(tmp_path / "beside", SERVER[family], settings)

    assert any(glance for _, glance in paths(alone))
    assert told(beside) == told(alone)
    assert beside.incomplete == ()


def test_every_system_is_audited() -> None:
    found = {path.name for path in NEIGHBOURS.iterdir() if path.is_dir()}

    assert found == {*SERVER, *LIES_OVER}
