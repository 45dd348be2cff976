"""The shipped rules: each declared once, named after itself, with a whole page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from glance_audit.engine.catalogue import find, load
from glance_audit.engine.rule import HEADINGS, Rule

RULES = load()
FILES = Path(__file__).parents[2] / "rules"


def test_every_rule_file_is_in_the_catalogue_in_the_order_of_codes() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(codes)
    assert {f"{rule.code.lower()}_{rule.slug.replace('-', '_')}.py" for rule in RULES} == {
        file.name for file in FILES.glob("ga*.py")
    }


def test_codes_slugs_and_titles_are_unique() -> None:
    for names in (
        [rule.code for rule in RULES],
        [rule.slug for rule in RULES],
        [rule.title for rule in RULES],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_has_every_heading_in_order_and_none_is_empty(rule: Rule) -> None:
    sections = rule.sections()
    assert tuple(sections) == HEADINGS
    assert [heading for heading, body in sections.items() if not body] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_title_is_one_sentence(rule: Rule) -> None:
    assert rule.title.endswith(".")
    assert re.search(r"[.!?] [A-Z]", rule.title) is None, rule.title
    lines = rule.page.split("\n")
    assert lines[1] == "", "the title ends with its line"
    assert len(lines[0]) <= 100


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_code_blocks_are_closed_and_say_what_they_are(rule: Rule) -> None:
    fences = re.findall(r"^```(.*)$", rule.page, flags=re.MULTILINE)
    assert len(fences) % 2 == 0
    assert all(fences[::2]), "an opening fence names its language"
    assert not any(fences[1::2])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_found_by_code_and_by_slug_in_any_case(rule: Rule) -> None:
    for name in (rule.code, rule.code.lower(), rule.slug, f" {rule.slug.upper()} "):
        assert find(RULES, name) is rule


def test_rules_that_lead_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (one, two) = (rule for rule in RULES if rule.code in ("GA201", "GA202"))
    modules = {
        "ga201_sendcl_shared_vhost": one._replace(caused_by=("GA202",)),
        "ga202_sendcl_needless": two._replace(caused_by=("GA201",)),
    }
    for name, made in modules.items():
        monkeypatch.setattr(f"glance_audit.rules.{name}.check", made)

    with pytest.raises(ValueError, match=r"in a circle: GA201 -> GA202\Z"):
        load()


def test_an_unknown_name_finds_nothing() -> None:
    assert find(RULES, "GA000") is None
    assert find(RULES, "") is None
