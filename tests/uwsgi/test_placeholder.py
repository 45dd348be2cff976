from __future__ import annotations

import pytest

from glance_audit.uwsgi.placeholder import Endless, Substitution, evaluate

LIST = {"a": "7", "b": "2", "text": "x", "loop": "%(loop)y"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("a", "7"),
        ("nope", None),
        ("a+2", None),
        ("a + 2", "9"),
        ("a b", "72"),
        ("a b + 1", "73"),
        ("a + 1 * 2", "16"),
        ("a / b", "3"),
        ("0 - a / b", "-3"),
        ("a / 0", "0"),
        ("a ++", "8"),
        ("a --", "6"),
        ("++ a", "7"),
        ("nope + 3", "3"),
        ("text * 2", "0"),
        ("a +", "7"),
        ("+ ", None),
        ("9223372036854775807 ++", "-9223372036854775808"),
    ],
)
def test_tokens_are_a_pipeline_from_left_to_right(key: str, value: str | None) -> None:
    assert evaluate(key, LIST.get) == value


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("1%(a)2%(b)3", "17223"),
        ("%(nope)%(a)", "%(nope)7"),
        ("%()%(a)", "%()7"),
        ("%(a", "%(a"),
        ("%%(a)", "%7"),
        ("%x(a)", "%x(a)"),
        ("%(%(a) + 1)", "%(7 + 1)"),
        ("x%(%(a) + 1)", "x8"),
    ],
)
def test_tags_are_replaced_with_uwsgis_corners(value: str, result: str) -> None:
    assert Substitution()(value, "%", lambda key: evaluate(key, LIST.get)) == result


def test_a_value_without_end_is_given_up() -> None:
    with pytest.raises(Endless):
        Substitution()("x%(loop)", "%", LIST.get)


def test_all_values_together_have_a_bound() -> None:
    substitute = Substitution(steps=100)
    substitute("%(a)" + "x" * 80, "%", LIST.get)

    with pytest.raises(Endless):
        substitute("%(a)" + "x" * 80, "%", LIST.get)


@pytest.mark.parametrize(("value", "certain"), [("x%(loop)", True), ("x%(a0)", False)])
def test_only_what_stands_for_itself_is_certain_to_have_no_end(value: str, certain: bool) -> None:
    growing = {f"a{n}": f"%(a{n + 1})" * 40 for n in range(40)} | {"loop": "%(loop)"}

    with pytest.raises(Endless) as caught:
        Substitution()(value, "%", growing.get)
    assert caught.value.certain is certain


def test_a_value_that_is_its_own_name_alone_is_looked_at_once() -> None:
    assert Substitution()("%(key)", "%", {"key": "%(key)"}.get) == "%(key)"
