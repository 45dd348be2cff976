from __future__ import annotations

import pytest

from glance_audit.uwsgi import SocketAddress, parse_socket


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("127.0.0.1:60999", SocketAddress("tcp", "127.0.0.1", 60999)),
        (":8080", SocketAddress("tcp", "", 8080)),
        ("0.0.0.0:80", SocketAddress("tcp", "0.0.0.0", 80)),
        ("  localhost:9292", SocketAddress("tcp", "localhost", 9292)),
        ("[::]:9292", SocketAddress("tcp", "::", 9292)),
        ("[::1]:9292", SocketAddress("tcp", "::1", 9292)),
        ("192.168.*:9292", SocketAddress("tcp", "192.168.*", 9292)),
        ("0.0.0.0:443,/c.pem,/k.pem", SocketAddress("tcp", "0.0.0.0", 443)),
        ("127.0.0.1", SocketAddress("unix", path="127.0.0.1")),
        ("8080", SocketAddress("unix", path="8080")),
        ("/run/glance.sock", SocketAddress("unix", path="/run/glance.sock")),
        ("false", SocketAddress("unix", path="false")),
        ("@glance", SocketAddress("abstract", path="glance")),
        ("\\0glance", SocketAddress("abstract", path="glance")),
        ("=0", SocketAddress("shared", port=0)),
        ("fd://3", SocketAddress("fd", port=3)),
        ("", SocketAddress("invalid")),
        (" ", SocketAddress("invalid")),
        (":http", SocketAddress("tcp", "", 0)),
    ],
)
def test_a_value_is_the_address_uwsgi_binds(value: str, address: SocketAddress) -> None:
    assert parse_socket(value) == address
