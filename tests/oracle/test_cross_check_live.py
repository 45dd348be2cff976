"""The two readers over the configuration that Debian's Apache comes with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from glance_audit.crosscheck import compare_file
from glance_audit.files import FileSource

ETC = Path("/etc/apache2")


def test_over_debians_own_tree_the_readers_differ_only_by_a_known_truncation(
    require_server: Callable[..., None],
) -> None:
    require_server("apache2")
    files = [
        path
        for folder in ("mods-available", "conf-available", "sites-available")
        for path in sorted((ETC / folder).iterdir())
    ]
    files += [ETC / "apache2.conf", ETC / "ports.conf"]
    source = FileSource()
    found = [(path.name, one.cause) for path in files for one in compare_file(source, str(path))]

    assert len(files) > 100
    assert found == [("autoindex.conf", "it takes a # inside a line for the start of a comment")]
