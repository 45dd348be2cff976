"""Where a directive stands, and which requests its section takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.apache import Directive
from glance_audit.deployment.scope import (
    ScopeKind,
    enclosing,
    location_matches,
    proxy_matches,
    scope_of,
    virtual_host_of,
)
from tests.deployment.trees import apache


def only(root: Path, text: str, key: str) -> Directive:
    (found,) = [d for d in apache(root, text).all.every if d.key == key]
    return found


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("SetEnv x", ScopeKind.SERVER, "the whole server"),
        (
            "<VirtualHost *:80>\nSetEnv x\n</VirtualHost>",
            ScopeKind.VIRTUAL_HOST,
            "<VirtualHost *:80>",
        ),
        ("<Location /a>\nSetEnv x\n</Location>", ScopeKind.LOCATION, "<Location /a>"),
        ("<LocationMatch ^/a>\nSetEnv x\n</LocationMatch>", ScopeKind.LOCATION, None),
        ("<Proxy *>\nSetEnv x\n</Proxy>", ScopeKind.PROXY, "<Proxy *>"),
        ("<ProxyMatch .>\nSetEnv x\n</ProxyMatch>", ScopeKind.PROXY, None),
        ("<Directory />\nSetEnv x\n</Directory>", ScopeKind.FILESYSTEM, "<Directory />"),
        ("<FilesMatch .>\nSetEnv x\n</FilesMatch>", ScopeKind.FILESYSTEM, None),
        ("<If true>\nSetEnv x\n</If>", ScopeKind.CONDITION, "<If true>"),
        ("<If true>\n</If>\n<Else>\nSetEnv x\n</Else>", ScopeKind.CONDITION, "<Else>"),
        (
            "<Location /a>\n<Limit PUT>\nSetEnv x\n</Limit>\n</Location>",
            ScopeKind.LOCATION,
            "<Location /a>",
        ),
        (
            "<Location /a>\n<If true>\nSetEnv x\n</If>\n</Location>",
            ScopeKind.CONDITION,
            "<If true>",
        ),
    ],
)
def test_the_innermost_section_that_counts_is_the_scope(
    text: str, kind: ScopeKind, title: str | None, tmp_path: Path
) -> None:
    scope = scope_of(only(tmp_path, text, "setenv"))
    assert scope.kind is kind
    if title is not None:
        assert scope.title == title


def test_the_virtual_host_around_is_known_from_every_depth(tmp_path: Path) -> None:
    text = (
        "<VirtualHost *:80>\n<Location /a>\n<If true>\nSetEnv x\n</If>\n</Location>\n</VirtualHost>"
    )
    directive = only(tmp_path, text, "setenv")
    host = virtual_host_of(directive)
    assert host is not None
    assert host.key == "virtualhost"
    assert scope_of(directive).host is host
    assert virtual_host_of(host) is None
    assert enclosing(directive) == ("VirtualHost *:80", "Location /a", "If true")
    assert scope_of(directive).context == enclosing(directive)


LOCATIONS = [
    ("<Location /image>", "/image", True),
    ("<Location /image>", "/image/v2", True),
    ("<Location /image>", "/images", False),
    ("<Location /image/>", "/image/v2", True),
    ("<Location /image/>", "/image", False),
    ("<Location />", "/anything", True),
    ("<Location /IMAGE>", "/image", False),
    ('<Location "/im*">', "/image", True),
    ('<Location "/im*">', "/image/v2", False),
    ('<Location "/*/v2">', "/image/v2", True),
    ("<Location ~ ^/ima>", "/image/v2", True),
    ("<Location ~ (a+)+b>", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", None),
    ("<LocationMatch ^/ima>", "/image/v2", True),
    ("<LocationMatch v2$>", "/image/v2", True),
    ("<LocationMatch ^/v2>", "/image/v2", False),
    ("<LocationMatch (a+)+b>", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", None),
    ("<LocationMatch [>", "/image", None),
]


@pytest.mark.parametrize(("opening", "uri", "expected"), LOCATIONS)
def test_a_location_takes_paths(
    opening: str, uri: str, expected: bool | None, tmp_path: Path
) -> None:
    key = opening[1:].split()[0]
    section = only(tmp_path, f"{opening}\n</{key}>", key.lower())
    assert location_matches(section, uri) is expected


PROXIES = [
    ("<Proxy *>", True),
    ("<Proxy http://h:60999/image>", True),
    ("<Proxy http://h:60999/ima>", True),
    ("<Proxy proxy:http://h:60999>", True),
    ("<Proxy http://h:60998>", False),
    ("<Proxy http://*:60999>", False),
    ("<Proxy http://*:60999/*>", True),
    ("<Proxy ~ ^http://h>", True),
    ("<ProxyMatch ^https>", False),
    ("<ProxyMatch (a+)+b>", None),
]


@pytest.mark.parametrize(("opening", "expected"), PROXIES)
def test_a_proxy_section_takes_urls(opening: str, expected: bool | None, tmp_path: Path) -> None:
    key = opening[1:].split()[0]
    section = only(tmp_path, f"{opening}\n</{key}>", key.lower())
    assert proxy_matches(section, "http://h:60999/image/v2") is expected


def test_a_section_without_argument_takes_nothing(tmp_path: Path) -> None:
    text = "<Location>\n</Location>\n<Proxy>\n</Proxy>"
    location, proxy = apache(tmp_path, text).all.every
    # Apache gives such a section the argument ">".
    assert location_matches(location, "/image") is False
    assert proxy_matches(proxy, "http://h/") is False
