"""The list of the rules and the page of one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from glance_audit.engine.catalogue import load
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import Rule, rule
from glance_audit.report import explain, rules_table
from glance_audit.report.line import plain


def a_rule(
    code: str, slug: str, severity: Severity = Severity.WARNING, caused_by: tuple[str, ...] = ()
) -> Rule:
    def check(_: object) -> Iterator[Finding]:
        return iter(())

    check.__doc__ = f"""`a|b` of {slug}.

    ## What it does

    Looks for [bold]x[/bold].

    ## Bad

    ```apache
    SetEnv proxy-sendcl 1
    ```
    """
    declare = rule(
        code, slug, severity=severity, basis=Basis.SOURCE, versions="all", caused_by=caused_by
    )
    return declare(check)


RULES = (
    a_rule("GA201", "one", Severity.ERROR),
    a_rule("GA202", "two"),
    a_rule("GA301", "three", caused_by=("GA201", "GA202")),
)


def test_the_list_for_people_has_each_rule_under_its_family() -> None:
    assert plain(rules_table.lines(RULES, 80)) == (
        "Request buffering\n"
        "  GA201  error    one\n"
        "         a|b of one.\n"
        "  GA202  warning  two\n"
        "         a|b of two.\n"
        "\n"
        "Timeouts\n"
        "  GA301  warning  three\n"
        "         a|b of three.\n"
    )


def test_the_list_for_programs_has_what_a_rule_declares() -> None:
    assert rules_table.to_json(RULES)[0] == {
        "code": "GA201",
        "slug": "one",
        "severity": "error",
        "basis": "source",
        "versions": "all",
        "caused_by": [],
        "preview": False,
        "title": "`a|b` of one.",
        "url": RULES[0].url,
    }
    assert rules_table.to_json(RULES)[2]["caused_by"] == ["GA201", "GA202"]


def test_the_markdown_tables_keep_their_cells_whole_and_link_to_the_pages() -> None:
    assert rules_table.markdown(RULES[2:], "docs/rules/") == (
        "**Timeouts**\n\n"
        "| Code | Name | Severity | What it finds |\n"
        "| --- | --- | --- | --- |\n"
        "| [GA301](docs/rules/GA301.md) | three | warning | `a\\|b` of three. |\n"
    )
    assert f"[GA201]({RULES[0].url})" in rules_table.markdown(RULES)


def test_every_shipped_rule_has_a_family() -> None:
    assert {rule.code[2] for rule in load()} <= set(rules_table.FAMILIES)


def test_a_page_has_the_facts_in_front_and_the_sections_in_their_order() -> None:
    page = explain.page(RULES[0])
    assert "Folds under" not in page
    assert "\n- Folds under: GA201, GA202\n" in explain.page(RULES[2])

    assert page.startswith("# GA201 one\n\n`a|b` of one.\n\n- Severity: error\n- Versions: all\n")
    assert page.index("## What it does") < page.index("## Bad")


def test_without_colour_the_page_is_the_markdown_itself() -> None:
    stream = io.StringIO()
    explain.write(RULES[0], stream, 80, color=False)

    assert stream.getvalue() == explain.page(RULES[0])


def test_with_colour_the_page_is_drawn_with_the_same_words_and_within_the_width() -> None:
    stream = io.StringIO()
    explain.write(load()[0], stream, 80, color=True)
    rows = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()).split("\n")

    assert rows[0].startswith(load()[0].code)
    assert "What it does" in [row.rstrip() for row in rows]
    assert max(map(len, rows)) <= 80
    assert "\x1b[" in stream.getvalue()


def test_every_shipped_page_can_be_drawn() -> None:
    for one in load():
        explain.write(one, io.StringIO(), 80, color=True)
