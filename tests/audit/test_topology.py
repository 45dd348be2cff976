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


@pytest.mark.parametrize(
    ("lines", "by", "certain"),
    [
        ('ProxyPass "/image" "http://127.0.0.1:9292"\n', None, None),
        ('ProxyPass "/" "http://h/"\nProxyPass "/image" "http://127.0.0.1:9292"\n', 1, True),
        (
            'SetEnvIf User-Agent x no-proxy\nProxyPass "/image" "http://127.0.0.1:9292"\n',
            1,
            False,
        ),
    ],
)
def test_the_topology_tells_what_answers_in_a_routes_place(
    tmp_path: Path, lines: str, by: int | None, certain: bool | None
) -> None:
    (tmp_path / "apache2.conf").write_text(lines, encoding="utf-8")
    report = audit(
        AuditSettings(paths=(str(tmp_path / "apache2.conf"),), host=False, cwd=str(tmp_path))
    )
    (route,) = (one for one in report.topology.servers[0].vhosts[0].routes if one.glance)
    shadow = route.shadowed

    assert (shadow and shadow.by and shadow.by.line, shadow and shadow.certain) == (by, certain)


def test_the_topology_tells_of_a_pattern_that_never_matches(tmp_path: Path) -> None:
    text = '<LocationMatch "^/image">\nProxyPass "http://127.0.0.1:9292"\n</LocationMatch>\n'
    (tmp_path / "apache2.conf").write_text(text, encoding="utf-8")
    report = audit(
        AuditSettings(paths=(str(tmp_path / "apache2.conf"),), host=False, cwd=str(tmp_path))
    )

    assert report.topology.servers[0].vhosts[0].routes[0].shadowed == (None, True)
