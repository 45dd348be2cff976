"""Damage to the bytes of a file, of the kinds that readers are known to trip over."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

# Blanks of C and of others, line ends, and what both servers give a meaning to.
ANY = (
    *(b"\\", b"\\\n", b"\\\r\n", b"\\\\\n", b" \\\n", b"\\ \n", b"\r", b"\r\n", b"\n", b"\n\n"),
    *(b"\0", b"\v", b"\f", b"\t", b" ", b"\x1c", b"\x7f", b"\x85", b"\xa0", b"\xff"),
    *("\u00a0".encode(), "\u2028".encode(), "\u3000".encode(), "\ufeff".encode(), "é".encode()),
    *(b'"', b"'", b'\\"', b"\\'", b'""', b"#", b"\n#", b"$", b"{", b"}", b"=", b"%", b"x"),
)
APACHE = (
    *(b"<", b">", b"</", b"/>", b"< ", b" >", b">>", b"!", b"\n</", b">\n", b"<>", b"</>"),
    *(b"${", b"${}", b"${WORD}", b"${word}", b"${TWO}", b"${QUOTED}", b"${EMPTY}", b"${NO}", b"$$"),
    *(b"${LINES}", b"${BYTE}", b"${TAG}", b"${HASH}", b"${SLASH}\n", b"${WO\\\nRD}", b"${a:b}"),
    *(b"\n<Location /x>\n", b"\n</Location>\n", b"\n<IfModule x>\n", b"\n</IfModule>\n"),
    *(b"\n</IfModule> \n", b"\n<If true>\n", b"\n</If>\n", b"\n</if  >\n", b"\n<X>\n", b"\n</x>\n"),
)
# For ${}: what the server's environment holds.
ENVIRONMENT = {
    "WORD": "word",
    "TWO": "two words",
    "QUOTED": '"a b"',
    "EMPTY": "",
    "TAG": "<Location",
    "HASH": "#",
    "SLASH": "\\",
    "BYTE": "\udcff",
}
LINES = {"LINES": "a\n</Location>\n"}  # which DUMP_CONFIG would show as lines of its own


def damaged(chance: Random, data: bytes, tokens: Sequence[bytes], most: int) -> bytes:
    """Return the bytes with one to ``most`` spots damaged."""
    for _ in range(chance.randint(1, most)):
        data = _once(chance, data, tokens)
    return data


def _once(chance: Random, data: bytes, tokens: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    kind = chance.random()
    if kind < 0.5:
        return data[:at] + chance.choice(tokens) + data[at:]
    if kind < 0.65:  # at the end or the start of a line
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end + chance.randrange(2)
        return data[:end] + chance.choice(tokens) + data[end:]
    if kind < 0.75:
        return data[:at] + data[at + chance.randint(1, 4) :]
    if kind < 0.85:  # a line away, or twice
        lines = data.split(b"\n")
        index = chance.randrange(len(lines))
        lines[index : index + 1] = [lines[index]] * chance.choice((0, 2))
        return b"\n".join(lines)
    if kind < 0.9:
        return data[:at]
    if kind < 0.93:
        token = chance.choice(tokens)
        return (
            data[:at]
            + token * chance.choice((3, 30 if len(token) > 1 or token == b"\n" else 9000))
            + data[at:]
        )
    return data[:at] + data[at:].replace(b"\n", chance.choice(tokens) + b"\n", chance.randint(1, 3))
