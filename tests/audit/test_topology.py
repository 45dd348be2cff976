"""The deployment as the reports draw it."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.audit import AuditSettings, audit


@pytest.mark.parametrize(
    ("line", "spooled", "by"),
    [
        ("SetEnv proxy-sendcl 1", True, 1),
        ("SetInputFilter BUFFER", None, 1),  # those with a Content-Length
        ("SetInputFilter DEFLATE", False, None),
    ],
)
def test_the_topology_tells_whether_uploads_are_spooled_and_by_what(
    tmp_path: Path, line: str, spooled: bool | None, by: int | None
) -> None:
    text = f'{line}\nProxyPass "/image" "http://127.0.0.1:9292"\n'
    (tmp_path / "apache2.conf").write_text(text, encoding="utf-8")
    report = audit(
        AuditSettings(paths=(str(tmp_path / "apache2.conf"),), host=False, cwd=str(tmp_path))
    )
    buffered = report.topology.servers[0].vhosts[0].routes[0].buffered

    assert buffered.value is spooled
    assert (buffered.by.line if buffered.by is not None else None) == by
