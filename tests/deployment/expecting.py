"""Proxy100Continue in many places, and whether Apache sends ``Expect: 100-continue`` on in each.

Each case is a virtual host with the route ``/image``; ``@HTTP@`` is the backend. ``server`` is what
the main server of all of them says: there is one Apache for each value.
"""

from __future__ import annotations

from dataclasses import dataclass

OFF, ON = "Proxy100Continue Off\n", "Proxy100Continue On\n"
ROUTE = 'ProxyPass "/image" "@HTTP@/image"\n'
REWRITTEN = 'RewriteEngine On\nRewriteRule "^/image/(.*)" "@HTTP@/image/$1" [P]\n'


@dataclass(frozen=True)
class Case:
    """``passed``: Apache sends it on. ``known`` from the files; None: it depends on the request."""

    text: str
    passed: bool
    known: bool | None
    server: str = ""


def _case(text: str, passed: bool, server: str = "") -> Case:
    return Case(text, passed, passed, server)


def _section(name: str, argument: str, line: str) -> str:
    return f"<{name} {argument}>\n{line}</{name}>\n"


CASES = {
    "nothing says it": _case(ROUTE, True),
    "On": _case(ROUTE + ON, True),
    "Off": _case(ROUTE + OFF, False),
    "off in small letters": _case(ROUTE + "proxy100continue off\n", False),
    "the last of two: On": _case(OFF + ROUTE + ON, True),
    "the last of two: Off": _case(ON + ROUTE + OFF, False),
    "its Location": _case(ROUTE + _section("Location", "/image", OFF), False),
    "another Location": _case(ROUTE + _section("Location", "/object", OFF), True),
    "On in its Location": _case(OFF + ROUTE + _section("Location", "/image", ON), True),
    "a Proxy section": _case(ROUTE + _section("Proxy", "@HTTP@/image", OFF), False),
    "another Proxy section": _case(ROUTE + _section("Proxy", "@HTTP@/object", OFF), True),
    "a Directory": _case(ROUTE + _section("Directory", "/", OFF), True),
    "an If": Case(ROUTE + _section("If", "\"%{REQUEST_METHOD} == 'PUT'\"", OFF), False, None),
    "a rewritten route": _case(REWRITTEN + OFF, False),
    "SetHandler": _case(
        '<Location "/image">\nSetHandler "proxy:@HTTP@"\nProxy100Continue Off\n</Location>\n', False
    ),
    "HTTP/1.0": _case(ROUTE + "SetEnv force-proxy-request-1.0 1\n", False),
    "the header unset": _case(ROUTE + 'RequestHeader unset "Expect" early\n', True),
    "the server's Off": _case(ROUTE, False, OFF),
    "the server's Off and the host's On": _case(ROUTE + ON, True, OFF),
    "the server's On and the host's Off": _case(ROUTE + OFF, False, ON),
}
