"""The reader against the installed Apache."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from glance_audit.apache import find_layout, resolve
from glance_audit.apache.dump import to_json
from glance_audit.environment import read_envvars
from glance_audit.files import FileSource
from tests.apache.cases import CASES, comparable, lay_out
from tests.oracle.apache_server import shell_environment, view

pytestmark = pytest.mark.oracle

ETC = "/etc/apache2"


@pytest.fixture(autouse=True)
def _apache(require_server: Callable[..., None]) -> None:
    require_server("apache2", "mod_info")


def count(nodes: Iterable[dict[str, Any]]) -> int:
    return sum(1 + count(node.get("children", [])) for node in nodes)


def test_the_installed_tree_is_read_as_apache_reads_it() -> None:
    source = FileSource()
    layout = find_layout(source, ETC)
    assert layout is not None
    assert (layout.family, layout.main_file) == ("debian", f"{ETC}/apache2.conf")
    environment = read_envvars(source, layout.environment_files[0], {"APACHE_CONFDIR": ETC})
    config = resolve(
        source,
        layout.main_file,
        server_root=layout.server_root,
        defines={"DUMP_CONFIG": None},
        environment=environment.values(),
    )
    theirs = view(ETC, layout.main_file, environment=shell_environment(f"{ETC}/envvars"))
    assert theirs.tree is not None, theirs.messages
    ours = to_json(config)["tree"]
    assert comparable(ours) == comparable(theirs.tree)
    assert count(ours) == count(theirs.tree) > 100


@pytest.mark.parametrize("name", CASES)
def test_a_frozen_case_is_still_what_apache_says(name: str, tmp_path: Path) -> None:
    case = lay_out(name, tmp_path)
    defines = [define for define in case.defines if define != "DUMP_CONFIG"]
    environment = {k: v for k, v in case.environment.items() if k not in os.environ}
    theirs = view(str(case.root), f"{case.root}/httpd.conf", defines, environment)
    assert comparable(theirs.tree) == comparable(case.expected)
