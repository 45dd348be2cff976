"""The module that is asked for Apache's tree says what Apache does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.treedump.treedump import Node, Treedump, build, missing, refusal

pytestmark = pytest.mark.oracle


@pytest.fixture
def treedump(require_server: Callable[..., None], tmp_path: Path) -> Treedump:
    require_server("apache2", "gcc")
    if missing():
        end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        end(f"NOT COMPARED with the real server: {missing()} is not installed")
    return build(tmp_path)


def test_files_are_read_by_themselves_and_nothing_is_carried_out(
    treedump: Treedump, tmp_path: Path
) -> None:
    first, second, gone = (tmp_path / name for name in ("1.conf", "2.conf", "3.conf"))
    first.write_text("Include nope\n<IfModule x>\nDefine A \\\n${B}\n</IfModule>\n")
    second.write_text("SetEnv A\n<Location /x>\n</Locatio>\n")

    tree, refused, absent = treedump.files([first, second, gone], {"B": "b"})

    assert [(*node[:3], node.line) for node in tree.nodes] == [
        (0, "include", "nope", 1),
        (0, "<ifmodule", "x", 2),
        (1, "define", "A b", 4),
    ]
    assert tree.refused_at is None
    assert refused.refused_at == (str(second), 3)
    assert refused.message == "Expected </Location> but saw </Locatio>"
    assert absent.refused_at == (str(gone), 0)


def test_a_server_is_read_with_what_is_carried_out_and_nothing_is_judged(
    treedump: Treedump, tmp_path: Path
) -> None:
    module = "/usr/lib/apache2/modules/mod_mpm_event.so"
    main, other = tmp_path / "httpd.conf", tmp_path / "other.conf"
    main.write_text(f"LoadModule mpm_event_module {module}\n<IfDefine X>\nInclude other.conf\n")
    other.write_text("Unheard Of ${B}\n")

    reading = treedump.server(str(tmp_path), str(main), ["X"], {"B": "b"})

    assert reading is not None
    assert reading.nodes == (Node(0, "unheard", "Of b", str(other), 1),)


def test_the_place_of_a_refusal_is_that_of_the_innermost_file() -> None:
    message = "apache2: Syntax error on line 3 of /a.conf: Syntax error on line 1 of /b.conf: x"

    assert refusal(["[core:warn] x", message]) == ("/b.conf", 1)


def test_the_place_of_a_refusal_in_a_macro_is_that_of_the_first_use() -> None:
    macro = "macro 'n' (defined on line 1 of \"/a\") used on line 2 of"
    outer = 'macro \'m\' (defined on line 5 of "/a") used on line 9 of "/a"'
    message = f'apache2: Syntax error on line 4 of {macro} "{outer}": x'

    assert refusal([message]) == ("/a", 9)


def test_what_is_judged_after_reading_is_no_refusal_to_read() -> None:
    assert refusal(["AH00526: Syntax error on line 1 of /a.conf:", "Invalid command"]) is None
