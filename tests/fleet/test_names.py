"""What a host is called."""

from __future__ import annotations

import pytest

from glance_audit.fleet.names import host_names, order


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ("web1.json web2.json", "web1 web2"),
        ("a/web1.json b/web2.json", "web1 web2"),
        ("web1/audit.json web2/audit.json", "web1 web2"),
        ("f/web1/var/tmp/audit.json f/web2/var/tmp/audit.json", "web1 web2"),
        ("a/web1.json b/web1.json web2.json", "a/web1 b/web1 web2"),
        ("eu/web1/a.json us/web1/a.json eu/web2/a.json", "eu/web1 us/web1 eu/web2"),
        ("/x/audit.json", "audit"),
        ("node.example.net.json", "node.example.net"),
        ("all.jsonl", "all"),
        (".json", ".json"),
    ],
)
def test_a_host_is_named_by_what_differs(paths: str, names: str) -> None:
    assert host_names(paths.split()) == names.split()


def test_numbers_in_names_count_as_numbers() -> None:
    names = ["web10", "web9", "web010", "a2b10", "a2b9", "db"]
    assert sorted(names, key=order) == ["a2b9", "a2b10", "db", "web9", "web010", "web10"]
