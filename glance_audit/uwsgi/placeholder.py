"""``$()``, ``@()`` and ``%()`` in values, and the arithmetic of the last one."""

from __future__ import annotations

from collections.abc import Callable

from glance_audit.uwsgi.values import strtoll

MAX_REPLACEMENTS = 1000  # in one value
MAX_LENGTH = 1 << 20  # characters of one value that was replaced
MAX_STEPS = 1 << 23  # characters looked at in all values together

_DIGITS = frozenset("0123456789")


class Endless(Exception):
    """A value that grows without end, or beyond our bounds.

    ``certain``: it stands for itself, so uWSGI never comes to the end of it.
    """

    def __init__(self, *, certain: bool = False) -> None:
        super().__init__()
        self.certain = certain


class Substitution:
    """Replaces tags in values, with a bound on the work in all of them together."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self._steps = steps

    def __call__(self, value: str, symbol: str, hook: Callable[[str], str | None]) -> str:
        """Replace every ``symbol(key)`` by what ``hook`` makes of the key; None leaves it.

        This follows core/utils.c, uwsgi_apply_config_pass step by step, because its corners show:
        after a replacement the scan goes on at the *second* character of the value, a symbol
        inside the parentheses starts anew, and ``()`` is no tag.

        Raises:
            Endless: a bound was passed.
        """
        if symbol + "(" not in value:
            return value
        replaced = state = depth = start = index = 0
        while index < len(value):
            character = value[index]
            index += 1
            self._steps -= 1
            if character == symbol:
                state = 1
            elif character == "(" and state == 1:
                state, depth, start = 2, 0, index
            elif state > 1 and character == "(":
                depth += 1
            elif state > 1 and character == ")" and depth > 0:
                depth -= 1
            elif state > 1 and character == ")":
                key = value[start : index - 1]
                state = 0
                found = hook(key) if key else None
                if found is None:
                    continue
                # The scan goes on at the second character: there it meets the same tag again.
                if f"{symbol}({key})" in (found if start > 2 else found[1:]):
                    raise Endless(certain=True)
                value = value[: start - 2] + found + value[index:]
                index = 1
                replaced += 1
                if replaced > MAX_REPLACEMENTS or len(value) > MAX_LENGTH or self._steps < 0:
                    raise Endless
            elif state == 1:
                state = 0
        if self._steps < 0:
            raise Endless
        return value


def evaluate(key: str, lookup: Callable[[str], str | None]) -> str | None:
    """Return what ``%(key)`` stands for; None leaves it literal.

    Without a blank the key is looked up. With one it is a pipeline without precedence: numbers,
    keys (an unknown one is empty), ``+ - * /``, ``++`` and ``--``; two operands in a row are
    joined as text and division by zero is 0 (core/config.c, uwsgi_manage_placeholder).
    """
    if " " not in key:
        return lookup(key)
    current: str | None = None
    operator = ""
    for word in key.split(" "):
        if not word:
            continue
        if word in ("+", "-", "*", "/"):
            operator = word
            continue
        if word in ("++", "--"):
            if current is not None:
                current = str(_wrap(strtoll(current) + (1 if word == "++" else -1)))
        else:
            operand = word if _DIGITS.issuperset(word) else lookup(word) or ""
            current = _apply(operator, current or "", operand)
            if len(current) > MAX_LENGTH:
                raise Endless
        operator = ""
    return current


def _apply(operator: str, left: str, right: str) -> str:
    if not operator:
        return left + right
    first, second = strtoll(left), strtoll(right)
    if operator == "+":
        return str(_wrap(first + second))
    if operator == "-":
        return str(_wrap(first - second))
    if operator == "*":
        return str(_wrap(first * second))
    if second == 0:
        return "0"
    quotient = abs(first) // abs(second)  # C truncates towards zero
    return str(_wrap(quotient if (first < 0) == (second < 0) else -quotient))


def _wrap(number: int) -> int:
    """Keep a number in 64 signed bits, as the machine does."""
    return (number + 2**63) % 2**64 - 2**63
