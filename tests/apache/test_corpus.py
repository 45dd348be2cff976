from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.apache import resolve
from glance_audit.apache.dump import to_json
from glance_audit.files import FileSource
from tests.apache.cases import CASES, WALK_PHASE, comparable, lay_out


def test_the_corpus_is_complete() -> None:
    assert len(CASES) == 59
    assert set(WALK_PHASE) < set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_tree_is_read_as_apache_reads_it(name: str, tmp_path: Path) -> None:
    case = lay_out(name, tmp_path)
    config = resolve(
        FileSource(),
        f"{case.root}/httpd.conf",
        server_root=str(case.root),
        defines=case.defines,
        environment=case.environment,
    )
    ours = to_json(config)
    if name in WALK_PHASE:
        assert not config.refused
        assert case.expected is None
        assert case.refused_at in {(d.dump_file, d.dump_line) for d in config.all.every}
    elif case.expected is None:
        assert ours["tree"] is None
        assert (ours["errors"][0]["file"], ours["errors"][0]["line"]) == case.refused_at
    else:
        assert comparable(ours["tree"]) == comparable(case.expected)
        assert ours["errors"] == []
