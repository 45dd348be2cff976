"""Per-directory directives in many places, and what Apache does with an upload in each.

Each case is a virtual host of its own, its route included; ``SERVER`` is the main server of all.
``@DIRECTORY@`` holds the WSGI scripts.
"""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = 1000  # bytes
UWSGI = 'ProxyPass "/image" "@UWSGI@/image"\n'
WSGI = 'WSGIScriptAlias "/image" "@DIRECTORY@/app/glance.wsgi"\n'
HTTP = 'ProxyPass "/image" "@HTTP@/image"\nSetEnv proxy-sendchunked 1\n'


@dataclass(frozen=True)
class Case:
    """``text`` is the host; ``acts`` says whether the directive holds, ``known`` from the files.

    ``path`` is where the route is. ``known`` is None where it depends on the request.
    """

    text: str
    acts: bool
    known: bool | None
    path: str = "/image"


def section(name: str, argument: str, *lines: str) -> str:
    body = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
    return f"<{name} {argument}>\n{body}</{name}>\n"


def _case(text: str, acts: bool, path: str = "/image") -> Case:
    return Case(text, acts, acts, path)


LOW, NONE = f"LimitRequestBody {LIMIT}\n", "LimitRequestBody 0\n"
BUFFER = "SetInputFilter BUFFER\n"

# Of the main server, by the word that a case which is about them has.
SERVER = {
    "/limited": section("Location", "/limited", LOW)
    + section("Directory", "@DIRECTORY@/limited", LOW),
    "/proxied": section("Proxy", "@UWSGI@/proxied", LOW),
    "/buffered": section("Location", "/buffered", BUFFER),
}

_HANDLER = 'SetHandler "proxy:@UWSGI@"\n'
_REWRITTEN = 'RewriteEngine On\nRewriteRule "^/image/(.*)" "@HTTP@/image/$1" [P]\n'

LIMITS = {
    "uwsgi: nothing": _case(UWSGI, False),
    "uwsgi: the host": _case(UWSGI + LOW, True),
    "uwsgi: the last of two": _case(UWSGI + LOW + NONE, False),
    "uwsgi: its path": _case(UWSGI + section("Location", "/image", LOW), True),
    "uwsgi: a path above": _case(UWSGI + section("Location", "/", LOW), True),
    "uwsgi: another path": _case(UWSGI + section("Location", "/imag", LOW), False),
    "uwsgi: LocationMatch": _case(UWSGI + section("LocationMatch", "^/image/v2", LOW), True),
    "uwsgi: the path lifts the host's": _case(
        UWSGI + LOW + section("Location", "/image", NONE), False
    ),
    "uwsgi: the last path wins": _case(
        UWSGI + section("Location", "/image/v2", NONE) + section("Location", "/image", LOW), True
    ),
    "uwsgi: Proxy": _case(UWSGI + section("Proxy", '"*"', LOW), True),
    "uwsgi: Proxy of its backend": _case(UWSGI + section("Proxy", '"@UWSGI@/image"', LOW), True),
    "uwsgi: Proxy of another backend": _case(UWSGI + section("Proxy", '"@UWSGI@/x"', LOW), False),
    "uwsgi: the path wins over Proxy": _case(
        UWSGI + section("Location", "/image", NONE) + section("Proxy", '"*"', LOW), False
    ),
    "uwsgi: Proxy wins over the host": _case(UWSGI + section("Proxy", '"*"', NONE) + LOW, False),
    "uwsgi: no directory is entered": _case(UWSGI + section("Directory", "/", LOW), False),
    "uwsgi: no file is met": _case(UWSGI + section("Files", '"*"', LOW), False),
    "uwsgi: Limit restricts no directive": _case(
        UWSGI + section("Location", "/image", section("Limit", "GET", LOW)), True
    ),
    "uwsgi: an expression": Case(UWSGI + section("If", '"true"', LOW), True, None),
    "uwsgi: an expression in its path": Case(
        UWSGI + section("Location", "/image", section("If", '"true"', LOW)), True, None
    ),
    "uwsgi: an expression in another path": _case(
        UWSGI + section("Location", "/x", section("If", '"true"', LOW)), False
    ),
    "uwsgi: an expression that changes nothing": _case(
        UWSGI + LOW + section("If", '"true"', LOW), True
    ),
    "uwsgi: a path of the server wins over the host": _case(
        UWSGI.replace("image", "limited") + NONE, True, "/limited"
    ),
    "uwsgi: the host's path wins over the server's": _case(
        UWSGI.replace("image", "limited") + section("Location", "/limited", NONE), False, "/limited"
    ),
    "uwsgi: Proxy of the server wins over the host": _case(
        UWSGI.replace("/image", "/proxied") + NONE, True, "/proxied"
    ),
    "uwsgi: ProxyPass in its path": _case(
        section("Location", "/image", 'ProxyPass "@UWSGI@/image"', LOW), True
    ),
    "uwsgi: a handler": _case(section("Location", "/image", _HANDLER, LOW), True),
    "uwsgi: a handler enters no Proxy": _case(
        section("Location", "/image", _HANDLER) + section("Proxy", '"*"', LOW), False
    ),
    "uwsgi: a handler enters the directory": _case(
        section("Location", "/image", _HANDLER) + section("Directory", "/", LOW), True
    ),
    "uwsgi: a handler enters some directory": Case(
        section("Location", "/image", _HANDLER) + section("DirectoryMatch", "/", LOW), True, None
    ),
    "wsgi: nothing": _case(WSGI, False),
    "wsgi: the host": _case(WSGI + LOW, True),
    "wsgi: its directory": _case(WSGI + section("Directory", "@DIRECTORY@", LOW), True),
    "wsgi: another directory": _case(WSGI + section("Directory", "/usr", LOW), False),
    "wsgi: the deeper directory wins": _case(
        WSGI
        + section("Directory", "@DIRECTORY@/app", NONE)
        + section("Directory", "@DIRECTORY@", LOW),
        False,
    ),
    "wsgi: the expression wins over the directory": _case(
        WSGI
        + section("DirectoryMatch", '"/app"', LOW)
        + section("Directory", "@DIRECTORY@/app", NONE),
        True,
    ),
    "wsgi: the file wins over the directory": _case(
        WSGI + section("Files", "glance.wsgi", LOW) + section("Directory", "@DIRECTORY@/app", NONE),
        True,
    ),
    "wsgi: the path wins over the file": _case(
        WSGI + section("Location", "/image", NONE) + section("Files", "glance.wsgi", LOW), False
    ),
    "wsgi: no Proxy is entered": _case(WSGI + section("Proxy", '"*"', LOW), False),
    "wsgi: a directory of the server wins over the host": _case(
        WSGI.replace("/app/", "/limited/") + NONE, True
    ),
}

FILTERS = {
    "http: nothing": _case(HTTP, False),
    "http: the host": _case(HTTP + BUFFER, True),
    "http: in lower case": _case(HTTP + "setinputfilter buffer\n", True),
    "http: among others": _case(HTTP + 'SetInputFilter "DEFLATE;BUFFER"\n', True),
    "http: another filter": _case(HTTP + "SetInputFilter DEFLATE\n", False),
    "http: its path": _case(HTTP + section("Location", "/image", BUFFER), True),
    "http: another path": _case(HTTP + section("Location", "/other", BUFFER), False),
    "http: another filter of its path takes its place": _case(
        HTTP + BUFFER + section("Location", "/image", "SetInputFilter DEFLATE"), False
    ),
    "http: Proxy": _case(HTTP + section("Proxy", '"*"', BUFFER), True),
    "http: no directory is entered": _case(HTTP + section("Directory", "/", BUFFER), False),
    "http: a rewriting enters Proxy": _case(
        _REWRITTEN + "SetEnv proxy-sendchunked 1\n" + section("Proxy", '"*"', BUFFER), True
    ),
    "http: a path of the server": _case(HTTP.replace("image", "buffered"), True, "/buffered"),
    "http: a handler enters the directory": _case(
        section("Location", "/image", 'SetHandler "proxy:@HTTP@"')
        + section("Directory", "/", BUFFER)
        + "SetEnv proxy-sendchunked 1\n",
        True,
    ),
    "http: an expression": Case(HTTP + section("If", '"true"', BUFFER), True, None),
}
