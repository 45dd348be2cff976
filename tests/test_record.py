"""Records are what ``typing.NamedTuple`` would have made of them."""

from __future__ import annotations

import copy
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from glance_audit.record import NamedTuple


class Ours(NamedTuple):
    """A record."""

    first: int
    second: str | None = None
    third: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.first


class Theirs(typing.NamedTuple):
    first: int
    second: str | None = None
    third: tuple[int, ...] = ()


untyped: Any = Ours  # for what a type checker refuses


class Nothing(NamedTuple):
    """No fields."""


class Derived(Ours):
    __slots__ = ()

    def __hash__(self) -> int:
        return 7


def test_fields_are_given_by_place_and_by_name_and_have_defaults() -> None:
    assert Ours(1) == (1, None, ())
    assert Ours(1, third=(2,)) == (1, None, (2,))
    assert Ours(1, "a", (2,)).second == "a"
    assert Ours(3).double == 6
    assert Nothing() == ()


def test_a_record_looks_as_one_of_typing_does() -> None:
    assert repr(Ours(1, "a")) == repr(Theirs(1, "a")).replace("Theirs", "Ours")
    assert repr(Derived(1)) == "Derived(first=1, second=None, third=())"
    assert Ours.__doc__ == "A record."
    assert Ours._fields == Theirs._fields
    assert Ours(1, "a")._asdict() == {"first": 1, "second": "a", "third": ()}
    assert hash(Ours(1)) == hash(Theirs(1))
    assert hash(Derived(1)) == 7


def test_a_copy_has_other_values_in_some_fields() -> None:
    changed = Ours(1, "a")._replace(second="b")

    assert isinstance(changed, Ours)
    assert changed == (1, "b", ())
    assert isinstance(Derived(1)._replace(first=2), Derived)
    with pytest.raises(ValueError, match="no such fields: fourth"):
        untyped(1)._replace(fourth=2)


def test_a_record_is_copied_and_pickled_as_itself() -> None:
    record = Ours(1, "a")

    for again in (copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert isinstance(again, Ours)
        assert again == record


def test_a_record_is_matched_by_the_order_of_its_fields() -> None:
    match Ours(1, "a"):
        case Ours(1, second):
            assert second == "a"
        case _:
            pytest.fail("not matched")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: untyped(), r"Ours.__new__\(\) missing 1 required .* 'first'"),
        (lambda: untyped(1, "a", (), 2), r"Ours.__new__\(\) takes from 2 to 4"),
        (lambda: untyped(1, fourth=2), r"Ours.__new__\(\) got an unexpected .* 'fourth'"),
    ],
)
def test_what_does_not_fit_the_fields_is_refused_by_name(
    make: Callable[[], object], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        make()


@pytest.mark.parametrize("name", ["first", "fourth"])
def test_nothing_is_changed_or_added(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Ours(1), name, 2)
