"""Generated files follow the rules, and drift is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import Rule, rule
from tools import generate


def a_rule(
    code: str = "GA201", title: str = "Values `a|b` are ignored.", caused_by: tuple[str, ...] = ()
) -> Rule:
    def check(_: object) -> Iterator[Finding]:
        return iter(())

    check.__doc__ = f"{title}\n\n## What it does\nLooks.\n\n## Bad\n    SetEnv x\n"
    declare = rule(
        code, "some-slug", severity=Severity.WARNING, basis=Basis.MEASURED, caused_by=caused_by
    )
    return declare(check)


def test_a_rules_page_has_its_metadata_and_its_sections_in_their_order() -> None:
    page = generate.page(a_rule())

    assert page.startswith("# GA201 some-slug\n\nValues `a|b` are ignored.\n\n| Code | GA201 |\n")
    assert "| Severity | warning |" in page
    assert page.index("## What it does\n\nLooks.\n") < page.index("## Bad\n")


def test_a_rules_page_links_the_rules_it_folds_under() -> None:
    name = "[Folds under](../usage.md#one-cause-is-told-once)"
    row = f"| {name} | [GA201](GA201.md), [GA202](GA202.md) |"

    assert f"| Basis | measured |\n{row}\n\n## " in generate.page(
        a_rule("GA399", caused_by=("GA201", "GA202"))
    )
    assert "Folds under" not in generate.page(a_rule())


def test_a_block_is_replaced_and_what_stands_around_it_is_kept() -> None:
    text = "before\n<!-- rules:begin -->\nold\n<!-- rules:end -->\nafter\n"
    new = generate.with_block(text, "rules", "new\n")

    assert new == "before\n<!-- rules:begin -->\n\nnew\n\n<!-- rules:end -->\nafter\n"
    assert generate.with_block(new, "rules", "new\n") == new


def test_a_missing_marker_is_named() -> None:
    with pytest.raises(SystemExit, match="<!-- rules:begin -->"):
        generate.with_block("nothing here", "rules", "new\n")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    return tmp_path


def test_what_was_just_written_does_not_differ(project: Path) -> None:
    files = {Path("docs/rules/GA201.md"): "page\n"}
    generate.write(files)

    assert generate.differences(files) == []


def test_missing_changed_and_left_over_files_are_told_apart(project: Path) -> None:
    generate.write({Path("docs/rules/GA201.md"): "old\n", Path("docs/rules/GA202.md"): "page\n"})
    wanted = {Path("docs/rules/GA201.md"): "new\n", Path("docs/rules/GA203.md"): "page\n"}

    assert generate.differences(wanted) == [
        "docs/rules/GA201.md is out of date",
        "docs/rules/GA203.md is missing",
        "docs/rules/GA202.md belongs to no rule",
    ]


def test_writing_removes_the_page_of_a_rule_that_is_gone(project: Path) -> None:
    generate.write({Path("docs/rules/GA201.md"): "page\n"})
    generate.write({Path("docs/rules/GA202.md"): "page\n"})

    assert sorted(p.name for p in (project / "docs/rules").iterdir()) == ["GA202.md"]


def test_the_example_does_not_show_how_long_this_machine_took() -> None:
    assert generate.without_time("2 errors (15 files read, 0.31 s)") == (
        "2 errors (15 files read, 0.02 s)"
    )
