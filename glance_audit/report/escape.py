"""Making text from audited files safe to show: nothing deceives, nothing leaks."""

from __future__ import annotations

from glance_audit.report.secret import mask, mask_lines

__all__ = ["mask", "mask_lines", "visible"]

# Letters and symbols to Unicode, nothing at all to the eye.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def visible(text: str) -> str:
    r"""Show control, bidirectional, zero-width and other invisible characters as escapes.

    A control character is shown as ``\x1b``, any other as ``\u202e``, a byte that is not UTF-8
    (a lone surrogate of ``surrogateescape``) as ``\xff``. A tab becomes a blank: what is shown on
    one line stays there. Showing twice changes nothing more.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(shown(character) for character in text)


def shown(character: str) -> str:
    """Return one character as :func:`visible` shows it."""
    if character == "\t":
        return " "
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: the byte itself
        return f"\\x{code - 0xDC00:02x}"
    if character.isprintable() and character not in _BLANK:
        if code < 0x300:  # no combining mark below
            return character
        from unicodedata import category  # rare, and a library of its own

        if category(character) not in ("Mn", "Me"):
            return character
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
