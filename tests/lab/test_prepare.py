"""What is missing for the laboratory is named, with what installs it."""

from __future__ import annotations

import pytest

from tests.lab import prepare
from tests.lab.experiments import EXPERIMENTS

CONVERSION = EXPERIMENTS["python-interpreter"]
BUILDS = [
    ("tools/build-glance.sh", "25.1.0"),
    ("tools/build-glance.sh", "33.0.0"),
    ("tools/build-pypi-uwsgi.sh", "build/glance/33.0.0"),
]


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "_found", lambda name: name != "qemu-img")
    with pytest.raises(prepare.Unprepared) as missing:
        prepare.prepare([CONVERSION])
    assert str(missing.value) == (
        "qemu-img not found: run tools/install-servers.sh qemu-utils, as root on Debian"
    )


def test_a_missing_server_needs_no_package_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "_found", lambda name: name not in ("uwsgi", "apache2"))
    with pytest.raises(prepare.Unprepared, match=r"apache2, uwsgi not found: .*servers.sh, as"):
        prepare.prepare([EXPERIMENTS["harakiri"]])


def test_what_the_experiments_need_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[tuple[str, ...]] = []
    monkeypatch.setattr(prepare, "_found", lambda _: True)
    monkeypatch.setattr(prepare, "_build", lambda *words: built.append(words))
    names = ("harakiri", "harakiri-pypi", "wsgi-module-too-new")
    prepare.prepare([EXPERIMENTS[name] for name in names])
    assert built == BUILDS


def test_a_build_that_fails_ends_it() -> None:
    with pytest.raises(prepare.Unprepared, match=r"^false x ended with status 1$"):
        prepare._build("false", "x")
