from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.plugin_files import plugin_files
from glance_audit.files import FileSource
from glance_audit.uwsgi import resolve


def ask(root: Path, *files: str, ini: str = "") -> frozenset[str] | None:
    for name in (*files, "/etc/glance/uwsgi.ini"):
        (root / name.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (root / name.lstrip("/")).touch()
    (root / "etc/glance/uwsgi.ini").write_text(f"[uwsgi]\n{ini}\n", encoding="utf-8")
    source = FileSource(str(root))
    return plugin_files(source, resolve(source, "/etc/glance/uwsgi.ini", cwd="/etc/glance"))


@pytest.mark.parametrize("directory", ["/usr/lib/uwsgi/plugins", "/usr/lib64/uwsgi"])
def test_the_directories_of_the_distributions_are_looked_into(
    tmp_path: Path, directory: str
) -> None:
    found = ask(tmp_path, f"{directory}/python3_plugin.so", f"{directory}/README")

    assert found == frozenset({"python3"})


@pytest.mark.parametrize("option", ["plugins-dir = ../plugins", "plugin-dir = /etc/plugins"])
def test_the_directories_of_the_configuration_are_looked_into_as_well(
    tmp_path: Path, option: str
) -> None:
    files = ("/etc/plugins/python39_plugin.so", "/usr/lib/uwsgi/plugins/http_plugin.so")

    assert ask(tmp_path, *files, ini=option) == frozenset({"python39", "http"})


def test_a_system_that_shows_no_plugins_tells_nothing(tmp_path: Path) -> None:
    assert ask(tmp_path, "/usr/lib/uwsgi/plugins/README") is None
    assert ask(tmp_path / "other") is None
