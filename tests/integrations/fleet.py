"""Fifty hosts to audit and some on which there is nothing, each with a root of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
TEMPLATE = "{{ lookup('pipe', 'touch ran') }}"


class Kind(NamedTuple):
    """Hosts that are set up alike."""

    hosts: int
    status: str  # what the audit says of each
    sample: str | None = None  # None: an empty system
    variables: dict[str, Any] = {}  # noqa: RUF012 - of a record that nobody changes
    alter: Callable[[Path], object] = lambda _root: None


def _break(root: Path) -> None:
    with (root / "etc/apache2/apache2.conf").open("a") as stream:
        stream.write("<VirtualHost *:80>\n")


def _template(root: Path) -> None:
    site = root / "etc/apache2/sites-available/openstack.conf"
    text = site.read_text()
    assert 'ProxyPass "/image"' in text
    site.write_text(text.replace('ProxyPass "/image"', f'ProxyPass "/image/{TEMPLATE}"'))


KINDS = {
    "clean": Kind(22, "clean", "recommended"),
    "spooled": Kind(10, "findings", "shared-vhost"),
    "redhat": Kind(8, "findings", "redhat", {"audit_tmpdir_size": "1GiB"}),
    "broken": Kind(6, "incomplete", "recommended", alter=_break),
    "empty": Kind(6, "nothing"),
    "lenient": Kind(
        2, "clean", "shared-vhost", {"audit_select": ["GA201", "GA4"], "audit_fail_on": "never"}
    ),
    "template": Kind(2, "incomplete", "shared-vhost", alter=_template),
}


def lay_out(directory: Path) -> dict[str, dict[str, Any]]:
    """Make every host's root below the directory; return the hosts with their variables."""
    hosts = {}
    for name, kind in KINDS.items():
        for number in range(1, kind.hosts + 1):
            host = f"{name}-{number}"
            root = directory / host
            if kind.sample is None:
                (root / "etc").mkdir(parents=True)
            else:
                shutil.copytree(SAMPLES / kind.sample, root, symlinks=True)
            kind.alter(root)
            hosts[host] = {"audit_root": str(root), **kind.variables}
    return hosts


def kind_of(host: str) -> Kind:
    """Return what a host is."""
    return KINDS[host.rpartition("-")[0]]
