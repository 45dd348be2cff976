"""Apache's own timers: worker timeout= over ProxyTimeout over Timeout."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.timers import Timers
from tests.deployment.trees import apache

B = "http://127.0.0.1:60999"
PASS = f"ProxyPass /image {B}"


def timers(root: Path, main: str, inside: str = PASS) -> list[tuple[str, float, int | None]]:
    config = apache(root, f"{main}\n<VirtualHost *:80>\n{inside}\n</VirtualHost>")
    (endpoint,) = [e for e in find_endpoints(config) if e.host is not None]
    return [
        (t.name, t.seconds, t.place.line if t.place else None) for t in Timers(config).of(endpoint)
    ]


@pytest.mark.parametrize(
    ("main", "inside", "expected"),
    [
        ("", PASS, [("Timeout", 60, None)]),
        ("Timeout 300", PASS, [("Timeout", 300, 1)]),
        ("Timeout 300", f"Timeout 30\n{PASS}", [("Timeout", 30, 3)]),
        ("Timeout 300\nTimeout 5min", PASS, [("Timeout", 5, 2)]),
        ("Timeout x", PASS, [("Timeout", 60, None)]),
        ("ProxyTimeout 5min", PASS, [("ProxyTimeout", 300, 1), ("Timeout", 60, None)]),
        (
            "ProxyTimeout 3",
            f"{PASS} timeout=30",
            [("worker timeout=", 30, 3), ("Timeout", 60, None)],
        ),
        (
            "ProxyTimeout 3",
            f"{PASS} timeout=x",
            [("ProxyTimeout", 3, 1), ("Timeout", 60, None)],
        ),
        (
            f"<Proxy {B}>\nProxySet retry=0 timeout=40\n</Proxy>",
            PASS,
            [("worker timeout=", 40, 2), ("Timeout", 60, None)],
        ),
        (
            "<Proxy http://other>\nProxySet timeout=40\n</Proxy>",
            PASS,
            [("Timeout", 60, None)],
        ),
        (
            "",
            f"{PASS}\nProxySet {B}/ timeout=50",
            [("worker timeout=", 50, 4), ("Timeout", 60, None)],
        ),
        (
            "<Proxy balancer://g>\nBalancerMember http://h timeout=70\n</Proxy>",
            "ProxyPass /image balancer://g",
            [("worker timeout=", 70, 2), ("Timeout", 60, None)],
        ),
        (
            "Timeout 7\nProxyTimeout 8",
            "WSGIScriptAlias /image /g.py",
            [("Timeout", 7, 1)],
        ),
    ],
)
def test_the_timer_in_force_comes_first(
    main: str, inside: str, expected: list[tuple[str, float, int | None]], tmp_path: Path
) -> None:
    assert timers(tmp_path, main, inside) == expected


def test_what_another_host_says_of_a_worker_does_not_count(tmp_path: Path) -> None:
    other = f"<VirtualHost *:81>\n<Proxy {B}>\nProxySet timeout=40\n</Proxy>\n</VirtualHost>"
    config = apache(tmp_path, f"<VirtualHost *:80>\n{PASS}\n</VirtualHost>\n{other}")
    (endpoint,) = find_endpoints(config)

    (timer,) = Timers(config).of(endpoint)
    assert timer.name == "Timeout"
