"""The pages about deployment modes show what is tested, and say what the tool says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import mode_pages

ROOT = Path(__file__).parents[2]
BY_NAME = {mode.name: mode for mode in mode_pages.MODES}


@pytest.mark.parametrize("mode", mode_pages.MODES, ids=lambda mode: mode.name)
def test_every_file_of_the_sample_is_shown_word_for_word(mode: mode_pages.Mode) -> None:
    shown = mode_pages.configuration(ROOT, mode)

    for name in mode.files:
        text = (ROOT / mode.sample / name).read_text(encoding="utf-8").strip()
        assert f'title="/{name}"\n{text}\n```' in shown


@pytest.mark.parametrize("mode", mode_pages.MODES, ids=lambda mode: mode.name)
def test_what_loads_glance_on_old_releases_takes_the_place_of_what_is_there(
    mode: mode_pages.Mode,
) -> None:
    if mode.before_module is not None:
        file, _, since = mode.before_module
        text = (ROOT / mode.sample / file).read_text(encoding="utf-8")
        assert text.count(since) == 1


def test_releases_with_the_same_verdict_share_a_row() -> None:
    table = mode_pages.releases(ROOT, BY_NAME["proxy-uwsgi"])

    assert "error [GA103](../rules/GA103.md)" in table
    assert len(table.splitlines()) < 2 + 19


def test_every_release_is_in_the_table() -> None:
    table = mode_pages.releases(ROOT, BY_NAME["mod-wsgi"])
    rows = table.splitlines()[2:]

    assert rows[0].startswith("| 15 (Pike)")
    assert "33 (2026.2) |" in rows[-1]
