"""Masking secrets in lines of configuration. Every mask keeps the length, so that columns hold."""

from __future__ import annotations

import re
from functools import cache

# A name that ends in one of these holds a secret; SSLCertificateKeyFile, password_file,
# ServerTokens and [keystone_authtoken] do not end so, or have no value.
_ENDING = (
    r"(?:password|passwd|passphrase|secret|token|basic[_\-]?auth|[_\-](?:pass|pwd)|"
    r"(?:access|admin|api|auth|crypto|encryption|private|secret|session|shared|signing|store)"
    r"[_\-]?key)_?\d*"
)
_NAME = rf"[\w.\-]*{_ENDING}"
_B = r"[ \t]"

# Each pattern's only group is the value.
_PATTERNS = {
    # `password = x`, `Password x`, `"password": "x"`, with the name in front: the rest is value.
    "front": rf"""\A{_B}*(?:--)?["']?{_NAME}["']?(?:{_B}*[=:]{_B}*|{_B}+(?![=:]))(\S.*)""",
    # `SetEnv OS_PASSWORD x`, `Define ADMIN_TOKEN x`, `env = OS_PASSWORD=x`, `RequestHeader set
    # X-Auth-Token x`: the name is an argument, all the rest is value.
    "argument": (
        rf"""\A{_B}*(?:--)?(?:SetEnv|Define|env|(?:Request)?Header(?:{_B}+(?:always|onsuccess))?"""
        rf"""(?:{_B}+(?:set|setifempty|add|append|merge))){_B}*=?{_B}*["']?"""
        rf"""{_NAME}["']?(?:{_B}*[=:]{_B}*|{_B}+(?![=:]))(\S.*)"""
    ),
    # Arguments for the program that tells the passphrase; the program itself is no secret.
    "dialog": rf"""\A{_B}*SSLPassPhraseDialog{_B}+["']?(?:exec:|\|)[^\s"']+{_B}+([^\s"'].*)""",
    "basic-fake": rf"""\A{_B}*AuthBasicFake{_B}+(?:"[^"]*"|\S+){_B}+(\S.*)""",
    # uWSGI's router_basicauth: `route = ^/ basicauth:Realm,user:password`.
    "routed": r"\bbasicauth(?:-next)?:[^,]*,[^:,]*:(\S.*)",
    # `RewriteRule ^ - [E=OS_PASSWORD:x]`
    "flag": rf"""\b(?:E|env)={_NAME}:([^\s,\]]+)""",
    "credentials": (
        rf"""\bAuthorization["']?(?:{_B}*[=:])?{_B}*["']?(?:Basic|Bearer){_B}+([^\s"']+)"""
    ),
    # `... secret=x ...`, `"host=h password=x"`, `?token=x&...`, `X-Auth-Token: x` inside a line.
    "inside": rf"""(?<![\w.\-/]){_NAME}["']?(?:=|:{_B}+)["']?([^\s"'&,;>]+)""",
}

_WORD = re.compile(r"""[^\s|"']+""")
_PORT = re.compile(r"\d+(?:[/?]|\Z)")
_NEXT_HOST = re.compile(r"(@[\w.\-\[\]]+(?::\d+)?,[^:@,\s]*:)")  # rabbit://u:p@a,u:p@b

_OPEN = re.compile(  # a reference to a variable, or a switch
    r"""["']?(?:\$\{[^}]*\}|[$%@]\([^)]*\)|%\{[^}]*\}\w?|%\d|on|off|true|false|yes|no)["']?\Z""",
    re.IGNORECASE,
)
_KEY = re.compile(r"key\Z", re.IGNORECASE)
# What every name of a secret, and every other pattern, has somewhere, in lower case.
_TELLING = (
    "passw",
    "passphrase",
    "_pass",
    "-pass",
    "secret",
    "token",
    "key",
    "auth",
    "_pwd",
    "-pwd",
)


def mask(line: str) -> str:
    """Replace the secrets of a line by as many asterisks.

    Masks the value of password-, secret-, token- and key-like directives, variables and options,
    HTTP credentials, and the password of any URL. A reference such as ``${PASSWORD}`` stays.
    """
    if "@" in line and "://" in line:
        line = _WORD.sub(_masked_address, line)
    lowered = line.lower()
    for part in _TELLING:
        if part in lowered:
            break
    else:
        return line
    text = line.lstrip(" \t")
    if text.startswith("["):
        return line
    commented = len(line) - len(text) if text[:1] in ("#", ";") else -1
    for name in ("inside",) if commented >= 0 else _PATTERNS:
        line = _pattern(name).sub(_masked_value, line)
    if commented >= 0:  # a commented-out setting is a line of its own; prose has no `=`
        lead = len(line) - len(line[commented:].lstrip("#; \t"))
        rest = line[lead:]
        if "=" in rest:
            line = line[:lead] + _pattern("front").sub(_commented_value, rest)
    return line


def mask_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Mask the physical lines of one directive or option: a secret may stand on the next line."""
    if len(lines) == 1:
        return (mask(lines[0]),)
    ends = [line.endswith("\\") for line in lines]
    bare = [line[:-1] + " " if end else line for line, end in zip(lines, ends, strict=True)]
    logical = mask(" ".join(bare))
    masked = []
    start = 0
    for line, end in zip(lines, ends, strict=True):
        part = logical[start : start + len(line)]
        masked.append(part[:-1] + "\\" if end else part)
        start += len(line) + 1
    return tuple(masked)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Compile on first need: most trees hold nothing that could be a secret."""
    return re.compile(_PATTERNS[name], re.IGNORECASE)


def _masked_value(match: re.Match[str]) -> str:
    whole, value = match[0], match[1]
    bare = value.rstrip(" \t\r")
    if _OPEN.match(bare) or (bare[:1] == "/" and _KEY.search(_name_of(match))):
        return whole
    before = whole[: match.start(1) - match.start()]
    inner = len(bare)
    open_quote = close_quote = ""
    if bare[:1] in ("'", '"'):
        open_quote, inner = bare[0], inner - 1
        if inner and bare[-1] == open_quote:
            close_quote, inner = open_quote, inner - 1
    rest = whole[match.start(1) - match.start() + len(bare) :]
    return f"{before}{open_quote}{'*' * inner}{close_quote}{rest}"


def _commented_value(match: re.Match[str]) -> str:
    assigned = match[0][: match.start(1)].rstrip(" \t").endswith("=")
    return _masked_value(match) if assigned else match[0]


def _name_of(match: re.Match[str]) -> str:
    return match[0][: match.start(1) - match.start()].rstrip(" \t=:\"'")


def _masked_address(match: re.Match[str]) -> str:
    """Mask ``scheme://user:password@``; a number and a slash after the colon are port and path."""
    word = match[0]
    start, end = word.find("://"), word.rfind("@")
    user, colon, password = word[start + 3 : end].partition(":")
    if not 0 <= start < end or not colon or "/" in user or "[" in user or _PORT.match(password):
        return word
    pieces = _NEXT_HOST.split(password)
    pieces[::2] = ["*" * len(piece) for piece in pieces[::2]]
    return f"{word[: start + 3]}{user}:{''.join(pieces)}{word[end:]}"


def mask_setting(name: str, value: str) -> str:
    """Mask a value that stands apart from its name (``"password = "``, ``"SetEnv "``)."""
    return mask(name + value)[len(name) :]
