"""Severities of one's own, and what holds in some files only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from glance_audit.audit.run import audit
from glance_audit.audit.settings import AuditSettings, Override
from glance_audit.engine.finding import Severity
from glance_audit.report.result import AuditReport

SITE = """\
<VirtualHost *:80>
    SetEnv proxy-sendcl 1
    ProxyPass "/image" "http://127.0.0.1:60999"
    ProxyPass "/placement" "http://127.0.0.1:8000"
</VirtualHost>
"""


@pytest.fixture
def system(tmp_path: Path) -> Path:
    apache = tmp_path / "node/etc/apache2"
    for name in ("sites-available", "sites-enabled"):
        (apache / name).mkdir(parents=True)
    (apache / "apache2.conf").write_text(
        "LoadModule proxy_module p.so\nLoadModule proxy_http_module h.so\n"
        "IncludeOptional sites-enabled/*.conf\n"
    )
    for name in ("old", "new"):
        (apache / f"sites-available/{name}.conf").write_text(SITE)
        (apache / f"sites-enabled/{name}.conf").symlink_to(f"../sites-available/{name}.conf")
    return tmp_path


def run(system: Path, *overrides: Override, **settings: Any) -> AuditReport:
    request = AuditSettings(
        ("node",), str(system), select=("GA201",), host=False, overrides=overrides
    )
    return audit(request._replace(**settings))


def seen(report: AuditReport) -> list[tuple[str, str, str | None]]:
    return [
        (one.location.file.rpartition("/")[2], one.severity.value, one.suppressed)
        for one in report.findings
    ]


BOTH = [("new.conf", "error", None), ("old.conf", "error", None)]


def test_without_overrides_nothing_changes(system: Path) -> None:
    assert seen(run(system)) == BOTH


@pytest.mark.parametrize(
    "pattern",
    [
        "old.conf",
        "old.*",
        "sites-enabled/old*",
        "**/sites-enabled/old.conf",
        "node/etc/apache2/sites-enabled/old.conf",
        "/node/etc/apache2/**/old.conf",
        "/etc/apache2/sites-enabled/old.conf",
        "etc/apache2/sites-available/old.conf",
    ],
)
def test_what_is_let_pass_in_some_files_is_suppressed_with_its_reason(
    system: Path, pattern: str
) -> None:
    if pattern.startswith("sites-enabled"):
        pattern = f"**/{pattern}"  # as in .gitignore, a slash in it makes it start at the top
    report = run(system, Override("overrides[1]", str(system), (pattern,), ("GA2",), "goes away"))
    assert seen(report) == [BOTH[0], ("old.conf", "error", "goes away")]
    assert (report.summary.error, report.summary.suppressed) == (1, 1)
    assert "overrides" not in " ".join(report.notes)


@pytest.mark.parametrize("pattern", ["old", "apache2.conf", "sites-enabled/old.conf", "/old.conf"])
def test_other_files_are_let_be(system: Path, pattern: str) -> None:
    override = Override("overrides[1]", str(system), (pattern,), ("GA201",), "x")
    assert seen(run(system, override)) == BOTH


def test_patterns_start_at_the_settings_directory_and_see_only_what_is_below(system: Path) -> None:
    override = Override("overrides[1]", str(system / "node"), ("/node/**",), ("GA201",), "x")
    assert seen(run(system, override)) == BOTH


def test_a_later_pattern_can_take_a_file_out(system: Path) -> None:
    override = Override("overrides[1]", str(system), ("*.conf", "!new.conf"), ("GA201",), "x")
    assert seen(run(system, override)) == [BOTH[0], ("old.conf", "error", "x")]


def test_an_override_that_no_file_matches_is_noted(system: Path) -> None:
    override = Override("overrides[1]", str(system), ("older-*.conf",), ("GA201",), "x")
    assert (
        "overrides[1] (older-*.conf): no file that was read matches" in run(system, override).notes
    )


def test_a_rule_that_is_not_found_there_any_more_is_noted(system: Path) -> None:
    override = Override(
        "overrides[1]", str(system), ("old.conf",), ("sendcl-shared-vhost", "GA701", "GA501"), "x"
    )
    report = run(system, override, select=("GA2", "GA7"))
    # GA501 did not run: nobody knows whether it would be found.
    assert "overrides[1] (old.conf): GA701 is not found there any more" in report.notes


def test_a_severity_of_ones_own_holds_everywhere(system: Path) -> None:
    report = run(system, severities=(("GA201", Severity.INFO),))
    assert [one[1] for one in seen(report)] == ["info", "info"]
    assert (report.summary.error, report.summary.info) == (0, 2)


def test_the_name_of_fewer_rules_decides(system: Path) -> None:
    for pairs in (
        (("GA201", Severity.WARNING), ("GA2", Severity.INFO)),
        (("GA2", Severity.INFO), ("sendcl-shared-vhost", Severity.WARNING)),
    ):
        report = run(system, severities=pairs)
        assert [one[1] for one in seen(report)] == ["warning", "warning"]


def test_a_severity_in_some_files_goes_before_the_general_one(system: Path) -> None:
    override = Override(
        "overrides[1]", str(system), ("old.conf",), severities=(("GA2", Severity.WARNING),)
    )
    report = run(system, override, severities=(("GA201", Severity.INFO),))
    assert [one[1] for one in seen(report)] == ["info", "warning"]


def test_what_is_hidden_is_hidden_by_the_severity_of_ones_own(system: Path) -> None:
    report = run(system, severities=(("GA201", Severity.INFO),), severity=Severity.WARNING)
    assert report.findings == ()


def test_a_comment_in_the_file_goes_before_an_override(system: Path) -> None:
    site = system / "node/etc/apache2/sites-available/old.conf"
    site.write_text(SITE.replace("<V", '# glance-audit: ignore[GA201] reason="here"\n<V'))
    override = Override("overrides[1]", str(system), ("old.conf",), ("GA201",), "there")
    report = run(system, override)
    assert seen(report) == [BOTH[0], ("old.conf", "error", "here")]
    assert "overrides[1] (old.conf): GA201 is not found there any more" in report.notes
