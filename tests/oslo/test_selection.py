"""Which files make up Glance's configuration under WSGI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from oslo_config import cfg

from glance_audit.files import FileSource
from glance_audit.oslo import find_glance_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "glance/glance-api.conf",
        "glance/glance-image-import.conf",
        "glance/glance-registry.conf",
        "glance/glance.conf.d/b.conf",
        "glance/glance.conf.d/a.conf",
        "glance/glance.conf.d/.hidden.conf",
        "glance/glance.conf.d/a.conf.bak",
        "glance/glance-api.conf.d/z.conf",
    ):
        path = tmp_path / "etc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[DEFAULT]\nx = " + name + "\n")
    return tmp_path


def test_drop_ins_come_last_and_sorted(tree: Path) -> None:
    assert find_glance_files(FileSource(str(tree))) == (
        "/etc/glance/glance-image-import.conf",
        "/etc/glance/glance-api.conf",
        "/etc/glance/glance.conf.d/a.conf",
        "/etc/glance/glance.conf.d/b.conf",
    )


def test_the_api_drop_ins_count_only_when_the_program_is_named_so(tree: Path) -> None:
    found = find_glance_files(FileSource(str(tree)), program="glance-api")
    assert found[-1] == "/etc/glance/glance-api.conf.d/z.conf"


def test_the_optional_file_may_be_missing(tree: Path) -> None:
    (tree / "etc/glance/glance-image-import.conf").unlink()
    assert find_glance_files(FileSource(str(tree)))[0] == "/etc/glance/glance-api.conf"


def test_the_directory_beside_is_searched_when_the_first_has_no_drop_ins(tmp_path: Path) -> None:
    (tmp_path / "etc/glance.conf.d").mkdir(parents=True)
    (tmp_path / "etc/glance.conf.d/a.conf").write_text("")
    assert find_glance_files(FileSource(str(tmp_path))) == ("/etc/glance.conf.d/a.conf",)


def test_the_same_drop_ins_win_as_in_oslo_config(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = cfg.ConfigOpts()
    real.register_opt(cfg.MultiStrOpt("x"))
    folders = [str(tree / "etc/glance"), str(tree / "etc")]
    monkeypatch.setattr(cfg, "_get_config_dirs", lambda project=None: folders)
    main = ("glance-image-import.conf", "glance-api.conf")
    real(
        [],
        project="glance",
        prog="uwsgi",
        default_config_files=[str(tree / "etc/glance" / name) for name in main],
    )
    found = find_glance_files(FileSource(str(tree)))
    assert ["/etc/" + value for value in real.x] == list(found)
