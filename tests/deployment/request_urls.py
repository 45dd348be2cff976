"""What Apache tells a backend of the address a client asked for: cases, true of a real Apache.

``tests/oracle/test_request_url_live.py`` asks Apache for every one of them.
"""

from __future__ import annotations

from typing import NamedTuple

TARGET = "@HOST@"  # host:port of the backend
PASS = f'ProxyPass "/image" "http://{TARGET}"\n'
KEEP, DROP = "ProxyPreserveHost On\n", "ProxyPreserveHost Off\n"
PROTO = "RequestHeader set X-Forwarded-Proto https\n"
PREFIX = "RequestHeader set X-Forwarded-Prefix /image\n"
REVERSE = f'ProxyPassReverse "/image" "http://{TARGET}"\n'


class Case(NamedTuple):
    """A virtual host, after what the main server says.

    ``kept``: the backend gets the client's Host. ``proto`` and ``prefix`` are the X-Forwarded
    headers it gets. ``forwarded``: it gets X-Forwarded-Host. ``reversed``: a Location that names
    the backend's own address is put right.
    """

    text: str
    kept: bool = False
    proto: str | None = None
    prefix: str | None = None
    forwarded: bool = True
    reversed: bool = False


CASES = {
    "nothing": Case(PASS),
    "kept": Case(KEEP + PASS, kept=True),
    "kept, then not": Case(KEEP + DROP + PASS),
    "kept after the route": Case(PASS + KEEP, kept=True),
    "kept in its location": Case(f"<Location /image>\n{KEEP}</Location>\n{PASS}", kept=True),
    "kept in another location": Case(f"<Location /other>\n{KEEP}</Location>\n{PASS}"),
    "not kept in its location": Case(f"{KEEP}<Location /image>\n{DROP}</Location>\n{PASS}"),
    "kept for its backend": Case(f"<Proxy http://{TARGET}>\n{KEEP}</Proxy>\n{PASS}", kept=True),
    "no headers added": Case("ProxyAddHeaders Off\n" + PASS, forwarded=False),
    "no headers added elsewhere": Case(
        f"<Location /other>\nProxyAddHeaders Off\n</Location>\n{PASS}"
    ),
    "proto": Case(PROTO + PASS, proto="https"),
    "proto with a colon": Case(PROTO.replace("Proto", "Proto:") + PASS, proto="https"),
    "proto in its location": Case(f"<Location /image>\n{PROTO}</Location>\n{PASS}", proto="https"),
    "proto in another location": Case(f"<Location /other>\n{PROTO}</Location>\n{PASS}"),
    "proto, unset": Case(f"{PROTO}RequestHeader unset X-Forwarded-Proto\n{PASS}"),
    "unset, then proto": Case(
        f"RequestHeader unset X-Forwarded-Proto\n{PROTO}{PASS}", proto="https"
    ),
    "proto if empty": Case(PROTO.replace("set", "setifempty") + PASS, proto="https"),
    "proto added": Case(PROTO.replace("set", "add") + PASS, proto="https"),
    "proto appended": Case(PROTO.replace("set", "append") + PASS, proto="https"),
    "proto merged": Case(PROTO.replace("set", "merge") + PASS, proto="https"),
    "proto edited": Case(PROTO.replace("set", "edit").replace("https", ".* https") + PASS),
    "proto by an expression": Case(
        f'RequestHeader set X-Forwarded-Proto "expr=%{{REQUEST_SCHEME}}"\n{PASS}', proto="http"
    ),
    "prefix": Case(PREFIX + PASS, prefix="/image"),
    "reverse": Case(REVERSE + PASS, reversed=True),
    "reverse with a slash": Case(
        f'ProxyPassReverse "/image/" "http://{TARGET}/"\n{PASS}', reversed=True
    ),
    "reverse under another path": Case(
        f'ProxyPassReverse "/other" "http://{TARGET}"\n{PASS}', reversed=True
    ),
    "reverse in its location": Case(
        f"<Location /image>\nProxyPassReverse http://{TARGET}\n</Location>\n{PASS}", reversed=True
    ),
    "reverse in another location": Case(
        f"<Location /other>\nProxyPassReverse http://{TARGET}\n</Location>\n{PASS}"
    ),
    "reverse of another backend": Case(f'ProxyPassReverse "/image" "http://127.0.0.1:9"\n{PASS}'),
    "reverse with the host kept": Case(KEEP + REVERSE + PASS, kept=True),
}
