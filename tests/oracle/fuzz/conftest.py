"""The servers that are asked; what it takes to ask them is built once for every test process."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.oracle.fuzz.campaign import prepared
from tests.oracle.fuzz.verdict import Judge
from tests.oracle.treedump.treedump import missing


@pytest.fixture(scope="session")
def judge(
    require_server: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Judge]:
    """Return what gives the judge of a kind, or ends the test when its server is not there."""

    @cache
    def built(kind: str) -> Judge:
        return prepared(kind, Path(tmp_path_factory.mktemp(kind.lower().replace("/", "-"))))

    def judge_of(kind: str) -> Judge:
        if kind.startswith("UWSGI"):
            require_server("gcc", "pypi-uwsgi" if kind.endswith("pypi") else "uwsgi")
        else:
            require_server("apache2", "mod_info", "gcc")
            if missing():
                end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
                end(f"NOT COMPARED with the real server: {missing()} is not installed")
        return built(kind)

    return judge_of
