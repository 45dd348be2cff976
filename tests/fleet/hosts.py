"""Three hosts that are really audited, and what merging their reports says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from glance_audit.cli.main import main
from glance_audit.fleet import Merger, documents
from glance_audit.fleet.names import order
from glance_audit.report.result import AuditReport
from tests.cli.deployments import QUIET, SHARED, lay_out

SUPPRESSED = SHARED.replace(
    "    SetEnv proxy-sendcl 1\n",
    '    # glance-audit: ignore[GA201] reason="it moves out"\n    SetEnv proxy-sendcl 1\n',
)
# The same, some lines further down.
MOVED = f"# kept by the deployment tool\n\n{SHARED}"
BROKEN = f"{QUIET}Include missing.conf\n"


def audited(directory: Path, name: str, apache: str, *more: str) -> Path:
    """Audit a made-up host and return its report, ``reports/NAME.json``."""
    system = lay_out(directory / "systems" / name, apache)
    reports = directory / "reports"
    reports.mkdir(exist_ok=True)
    report = reports / f"{name}.json"
    main(["--isolated", "--no-host", "--format", "json", "-o", str(report), *more, str(system)])
    return report


def fleet(directory: Path) -> Path:
    """Audit three hosts and return the directory of their reports."""
    audited(directory, "web2", MOVED)
    audited(directory, "web10", QUIET)
    return audited(directory, "web1", SHARED).parent


def loaded(report: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(report.read_text())
    return data


def merged(directory: Path, *codes: str) -> AuditReport:
    """Return the merged report of a directory, with the findings of some rules alone."""
    files = sorted(directory.glob("*.json"), key=lambda file: order(file.stem))
    merger = Merger(lambda finding: not codes or finding.code in codes)
    for file in files:
        (data,) = documents(file.read_text())
        merger.add(file.stem, f"reports/{file.name}", data)
    return merger.report()
