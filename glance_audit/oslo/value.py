"""What the text of an option means once oslo.config has given it a type."""

from __future__ import annotations

_TRUE = frozenset({"true", "1", "on", "yes"})
_FALSE = frozenset({"false", "0", "off", "no"})


def boolean(text: str) -> bool | None:
    """Return the truth a BoolOpt takes from ``text``, None when oslo.config refuses it.

    Source: ``oslo_config.types.Boolean``; blanks around the word are not forgiven there.
    """
    word = text.lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def integer(text: str) -> int | None:
    """Return the number an IntOpt takes from ``text``, None when it is refused or blank.

    Source: ``oslo_config.types.Number``; Python's ``int`` decides, so ``1_000`` is a number and
    ``0x10`` or ``10G`` is not.
    """
    try:
        return int(text.strip())
    except ValueError:
        return None


def listing(text: str) -> tuple[str, ...]:
    """Return the items a ListOpt takes from ``text``; ``a,,b`` keeps its empty item.

    Source: ``oslo_config.types.List``.
    """
    inner = text.strip().rstrip(",")
    return tuple(item.strip() for item in inner.split(",")) if inner else ()


def bounded_listing(text: str) -> tuple[str, ...] | None:
    """Return the items of a list in brackets whose items may stand in quotes; None: refused.

    ``enabled_import_methods`` and ``image_import_plugins`` are such: a ListOpt with ``bounds`` of
    ``String(quotes=True)``. Source: ``oslo_config.types.List`` and ``String``.
    """
    inner = text.strip().rstrip(",")
    if not (inner.startswith("[") and inner.endswith("]")):
        return None
    parts = inner[1:-1].split(",") if inner[1:-1] else []
    found = []
    while parts:
        item = parts.pop(0)
        # A quote that is not closed takes in the comma and what follows it.
        while _opens_quote(item.strip()):
            if not parts:
                return None
            item += "," + parts.pop(0)
        item = item.strip()
        found.append(item[1:-1] if item and item[0] in "\"'" else item)
    return tuple(found)


def _opens_quote(item: str) -> bool:
    return item[:1] in ("'", '"') and not (len(item) > 1 and item[-1] == item[0])


def pairs(text: str) -> tuple[tuple[str, str], ...] | None:
    """Return the ``name:value`` pairs a DictOpt takes, None when oslo.config refuses them.

    Source: ``oslo_config.types.Dict``; a part without a colon is glued to the next one.
    """
    inner = text.strip()
    found: dict[str, str] = {}
    parts = inner.split(",") if inner else []
    pending = ""
    for index, part in enumerate(parts):
        pending += part
        name, colon, value = pending.partition(":")
        if not colon:
            if index == len(parts) - 1:
                return None
            pending += ","
            continue
        name = name.strip()
        if not name or name in found:
            return None
        found[name] = value.strip()
        pending = ""
    return tuple(found.items())
