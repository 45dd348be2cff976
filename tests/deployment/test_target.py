"""Reading the URL of ProxyPass and its like."""

from __future__ import annotations

import pytest

from glance_audit.deployment.target import Gateway, parse_target


@pytest.mark.parametrize(
    ("text", "scheme", "host", "port", "socket"),
    [
        ("http://127.0.0.1:60999", "http", "127.0.0.1", 60999, None),
        ("http://127.0.0.1:60999/image/", "http", "127.0.0.1", 60999, None),
        ("HTTP://LocalHost/", "http", "localhost", 80, None),
        ("https://glance.example", "https", "glance.example", 443, None),
        ("uwsgi://127.0.0.1:60998/", "uwsgi", "127.0.0.1", 60998, None),
        ("uwsgi://localhost", "uwsgi", "localhost", 3031, None),
        ("http://[::1]:60999/x", "http", "::1", 60999, None),
        ("http://[::1]", "http", "::1", 80, None),
        ("http://[fe80::1%25eth0]:60999/", "http", "fe80::1%25eth0", 60999, None),
        ("http://user:pass@h:60999/", "http", "h", 60999, None),
        ("http://user:p@ss@[::1]:60999/", "http", "::1", 60999, None),
        ("balancer://glance", "balancer", "glance", None, None),
        ("balancer://Glance/v2", "balancer", "glance", None, None),
        ("http://127.0.0.1:60999$1", "http", "127.0.0.1", 60999, None),
        ("http://127.0.0.1:60999/$1?x=$2", "http", "127.0.0.1", 60999, None),
        ("http://h?query", "http", "h", 80, None),
        ("http://h:notaport/", "http", "h", 80, None),
        ("http://$1/", "http", "", 80, None),
        ("unix:/run/glance.sock|http://localhost/", "http", "localhost", 80, "/run/glance.sock"),
        ("UNIX:/run/g.sock|uwsgi://glance", "uwsgi", "glance", 3031, "/run/g.sock"),
        ("unix:/run/g.sock|uwsgi:", "uwsgi", "", 3031, "/run/g.sock"),
    ],
)
def test_a_url_is_taken_apart(
    text: str, scheme: str, host: str, port: int | None, socket: str | None
) -> None:
    target = parse_target(text)
    assert target is not None
    assert (target.scheme, target.host, target.port, target.socket) == (scheme, host, port, socket)
    assert target.text == text


@pytest.mark.parametrize("text", ["", "!", "-", "/image", "localhost:60999", "unix:/run/g.sock"])
def test_what_is_no_url_is_none(text: str) -> None:
    assert parse_target(text) is None


@pytest.mark.parametrize(
    ("text", "gateway"),
    [
        ("http://h", Gateway.PROXY_HTTP),
        ("https://h", Gateway.PROXY_HTTP),
        ("unix:/s|http://h", Gateway.PROXY_HTTP),
        ("uwsgi://h", Gateway.PROXY_UWSGI),
        ("fcgi://h", Gateway.PROXY_OTHER),
        ("ws://h", Gateway.PROXY_OTHER),
        ("balancer://h", Gateway.PROXY_OTHER),
    ],
)
def test_the_scheme_selects_the_module(text: str, gateway: Gateway) -> None:
    target = parse_target(text)
    assert target is not None
    assert target.gateway is gateway


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("127a.example", False),
        ("127.example.net", False),
        ("127.1", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
    ],
)
def test_loopback_is_this_machine_by_every_reading(host: str, expected: bool) -> None:
    target = parse_target(f"http://{host}:1/")
    assert target is not None
    assert target.loopback is expected
