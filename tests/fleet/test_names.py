"""What the hosts of a fleet are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glance_audit.fleet.names import host_names, order


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ("web1.json", "web1"),
        ("reports/web1.json reports/web2.json", "web1 web2"),
        ("web1.example.net.json db.jsonl", "web1.example.net db"),
        ("got/web1/var/tmp/audit.json got/web2/var/tmp/audit.json", "web1 web2"),
        ("a/x/1/audit.json a/y/1/audit.json b/x/1/audit.json", "a/x a/y b/x"),
        ("audit.json web/audit.json", "audit web"),
        ("new/web1.json old/web1.json new/web2.json", "new/web1 old/web1 web2"),
        ("web1.json web1.jsonl", "web1 web1"),
        ("/dev/fd/63", "63"),
        ("a/.json b/.json", "a b"),
        ("/x/audit.json", "audit"),
        (".json", ".json"),
    ],
)
def test_a_host_is_called_after_its_file_or_what_tells_it_from_the_others(
    paths: str, names: str
) -> None:
    assert host_names(paths.split()) == names.split()


_STEPS = st.lists(st.sampled_from(["a", "b", "web1", "web2", "audit"]), min_size=1, max_size=4)


@given(st.lists(_STEPS.map("/".join), unique=True, max_size=6))
def test_different_files_have_different_names(stems: list[str]) -> None:
    names = host_names([f"{stem}.json" for stem in stems])

    assert len(set(names)) == len(stems)


def test_numbers_in_names_are_sorted_as_numbers() -> None:
    names = ["web10", "web9", "web010", "web", "db2", "web1-b", "web1-a"]

    assert sorted(names, key=order) == [
        *("db2", "web", "web1-a", "web1-b", "web9", "web010", "web10")
    ]
