"""Named tuples that are defined in a tenth of the time ``typing``'s take.

For each class, ``typing.NamedTuple`` compiles a function and the text of every annotation; for the
records of this package that was a third of a small audit. Here the function is that of a class made
once for each number of fields, with other names in it, and annotations are let be. Type checkers
see ``typing``'s own.
"""

from __future__ import annotations

from collections import namedtuple
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

__all__ = ["NamedTuple"]


class _Record(tuple[Any, ...]):
    """What every record can do."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({', '.join(shown)})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def _replace(self, **changes: Any) -> _Record:
        """Return a copy with other values in some fields."""
        copy = tuple.__new__(type(self), map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"no such fields: {', '.join(changes)}")
        return copy

    __replace__ = _replace

    def _asdict(self) -> dict[str, Any]:
        """Return the values by the names of their fields."""
        return dict(zip(self._fields, self, strict=True))


class _Model:
    """What records with some number of fields have in common."""

    def __init__(self, count: int) -> None:
        names = [f"field{index}" for index in range(count)]
        define: Any = namedtuple
        made: Any = define("Model", names)
        self.new: FunctionType = made.__new__
        self.fields: list[object] = [vars(made)[name] for name in names]


class _Definition(type):
    """Turns a class statement into a record: its annotated names are the fields."""

    _models: ClassVar[dict[int, _Model]] = {}

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        names = tuple(body.get("__annotations__", ()))
        model = cls._models.get(len(names))
        if model is None:
            model = cls._models[len(names)] = _Model(len(names))
        defaults = tuple(body[one] for one in names if one in body)
        code = model.new.__code__.replace(co_varnames=("cls", *names))
        new = FunctionType(code, model.new.__globals__, "__new__", defaults)
        new.__qualname__ = f"{body['__qualname__']}.__new__"
        fields = dict(zip(names, model.fields, strict=True))
        made = {"__slots__": (), "__new__": new, "__match_args__": names, "_fields": names}
        return type(name, (_Record,), body | fields | made)


if not TYPE_CHECKING:
    NamedTuple = type.__new__(_Definition, "NamedTuple", (), {})
