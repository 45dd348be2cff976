from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.apache.tree import messages, plain, read

ENV = "LoadModule env_module modules/mod_env.so\n"

# Each judged by Apache 2.4.71 itself; None is a refusal.
VERSIONS: dict[str, bool | None] = {
    "= 2.4.71": True,
    "2.4.71": True,
    "== 2.4.71": True,
    "2.4": False,
    ">= 2.4": True,
    "> 2.4.70": True,
    "> 2.4.71": False,
    "< 2.4.71": False,
    "<= 2.4.71": True,
    "!= 2.4.71": False,
    "!>= 2.4": False,
    "! 2.4.71": None,
    r"~ ^2\.4": True,
    "~ 2.4.71$": True,
    "~ [[:digit:]]": True,
    "= /^2.4/": True,
    "==/^2/": None,
    "=/^2.4/": None,
    "= /2.4": None,
    "= //": True,
    "!~ ^2": False,
    '"2.4.71"': True,
    '">= 2.4"': None,
    '>= "2.4"': True,
    '>= "2.4" ': True,
    "2.4.71.": True,
    "2.4.71.1": None,
    "2..": False,
    "2.": False,
    ".2": None,
    "02.4.71": True,
    "2.4.x": None,
    ">= 2.4 x": None,
    "=> 2.4": None,
    "~ (": None,
    "~= 2": None,
    ">=2.4": None,
    "> 99999999999": False,
    "": None,
    "!": None,
    "~": None,
    ">": None,
}


@pytest.mark.parametrize(("argument", "expected"), VERSIONS.items())
def test_versions_are_compared_as_mod_version_does(
    tmp_path: Path, argument: str, expected: bool | None
) -> None:
    config = read(tmp_path, f"<IfVersion {argument}>\nA\n</IfVersion>\n")
    if expected is None:
        assert [line for line, _ in messages(config)] == [1]
    else:
        assert messages(config) == []
        assert plain(config) == (["A"] if expected else [])


@pytest.mark.parametrize("version", [(2, 4, 6), (2, 4, 57)])
def test_the_version_is_the_one_that_is_audited(
    tmp_path: Path, version: tuple[int, int, int]
) -> None:
    config = read(tmp_path, "<IfVersion >= 2.4.10>\nA\n</IfVersion>\n", httpd_version=version)
    assert plain(config) == (["A"] if version >= (2, 4, 10) else [])


def test_without_mod_version_ifversion_is_a_section_like_any_other(tmp_path: Path) -> None:
    text = "<IfVersion < 2>\nA\n</IfVersion>\n"
    config = read(tmp_path, text, compiled_modules=("core_module", "so_module"))
    assert plain(config) == ["<IfVersion < 2>", "  A"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("IfModule env_module", True),
        ("IfModule mod_env.c", True),
        ("IfModule Mod_env.c", False),
        ("IfModule env", False),
        ("IfModule mod_env.so", False),
        ("IfModule !mod_env.c", False),
        ("IfModule ! mod_ssl.c", True),
        ("IfModule mod_env.c mod_ssl.c", True),
        ('IfModule "mod_env.c"', True),
        ("IfModule mod_so.c", True),
        ("IfModule http_core.c", True),
        ("ifmodule mod_env.c", True),
        ("IfDefine X", True),
        ("IfDefine x", False),
        ("IfDefine !x", True),
        ("IfFile inc.conf", True),
        ("IfFile ./sub", True),
        ("IfFile sub/", True),
        ("IfFile inc.conf/", False),
        ("IfFile *.conf", False),
        ("IfFile nope", False),
        ("IfDirective SetEnv", True),
        ("IfDirective setenv", True),
        ("IfDirective SSLEngine", False),
        ("IfSection VirtualHost", True),
        ("IfSection SetEnv", False),
    ],
)
def test_a_condition_is_judged_by_what_was_read_so_far(
    tmp_path: Path, condition: str, expected: bool
) -> None:
    (tmp_path / "sub").mkdir()
    name = condition.split()[0]
    config = read(
        tmp_path,
        f"{ENV}Define X\n<{condition}>\nA\n</{name}>\nB\n",
        {"inc.conf": ""},
    )
    assert messages(config) == []
    assert plain(config) == (["A", "B"] if expected else ["B"])


def test_what_follows_the_last_bracket_of_the_opening_line_is_ignored(tmp_path: Path) -> None:
    config = read(tmp_path, "<IfDefine !X> # c\nA\n</IfDefine>\n")
    assert messages(config) == []
    assert plain(config) == ["A"]


def test_ifmodule_before_the_loadmodule_is_false(tmp_path: Path) -> None:
    condition = "<IfModule mod_env.c>\nA\n</IfModule>\n"
    assert plain(read(tmp_path, condition + ENV + condition)) == ["A"]


@pytest.mark.parametrize(
    ("identifier", "source", "expected"),
    [
        ("ldap_module", "util_ldap.c", True),
        ("ldap_module", "mod_ldap.c", False),
        ("mpm_event_module", "event.c", True),
        ("mpm_event_module", "mod_mpm_event.c", False),
        ("wsgi_module", "mod_wsgi.c", True),
        ("proxy_uwsgi_module", "mod_proxy_uwsgi.c", True),
    ],
)
def test_a_source_name_is_not_always_the_identifier(
    tmp_path: Path, identifier: str, source: str, expected: bool
) -> None:
    config = read(tmp_path, f"LoadModule {identifier} x.so\n<IfModule {source}>\nA\n</IfModule>\n")
    assert plain(config) == (["A"] if expected else [])


@pytest.mark.parametrize(
    "options", [{"assume_modules": True}, {"compiled_modules": ("core_module", "x_module")}]
)
def test_modules_can_be_given(tmp_path: Path, options: dict[str, Any]) -> None:
    config = read(tmp_path, "<IfModule x_module>\nA\n</IfModule>\n", **options)
    assert plain(config) == ["A"]


@pytest.mark.parametrize(
    ("opener", "message"),
    [
        ("<IfModule>", "<ifmodule> directive requires additional arguments"),
        ('<IfModule "">', "<ifmodule> directive requires additional arguments"),
        ("<IfModule !>", "<ifmodule> directive requires additional arguments"),
        ("<IfModule mod_so.c", "<ifmodule> directive missing closing '>'"),
        ("<IfModule> mod_so.c", "<ifmodule> directive missing closing '>'"),
    ],
)
def test_a_condition_apache_refuses_still_has_its_content_read(
    tmp_path: Path, opener: str, message: str
) -> None:
    config = read(tmp_path, f"{opener}\nA\n</IfModule>\nB\n")
    assert messages(config) == [(1, message)]
    assert plain(config) == ["A", "B"]


class TestSkippedSection:
    """ap_soak_end_container looks at first words alone."""

    @pytest.mark.parametrize(
        "body",
        [
            "<Location /x>\nHidden\n</Location>\n</IfDefine>",
            "<IfDefine B>\n</IfDefine>\n</IfDefine> # trailing",
            "</ifdefine>",
            '"</IfDefine>',
            "</IfDefinex",
            "Hidden </IfDefine>\n</IfDefine>",
            "${UNDEFINED}\nInclude nowhere.conf\n</IfDefine>",
            "<Foo> x\n</Foo>>\n</IfDefine>",
        ],
    )
    def test_it_ends_at_its_closing_tag(self, tmp_path: Path, body: str) -> None:
        config = read(tmp_path, f"<IfDefine NO>\n{body}\nB\n")
        assert messages(config) == []
        assert plain(config) == ["B"]

    def test_a_mismatch_is_told_on_the_line_that_opened_it(self, tmp_path: Path) -> None:
        config = read(tmp_path, "A\n<IfDefine NO>\n<Location /x>\n</IfDefine>\nB\n")
        message = "Expected </Location> but saw </IfDefine> on line 4"
        assert messages(config) == [(2, message)]
        assert plain(config) == ["A", "B"]

    def test_the_end_of_the_file_does_not_close_it(self, tmp_path: Path) -> None:
        config = read(tmp_path, "<IfDefine NO>\nA\n")
        assert messages(config) == [(1, "Expected </IfDefine> before end of configuration")]


def test_the_end_of_the_file_closes_an_active_one_and_all_inside(tmp_path: Path) -> None:
    config = read(tmp_path, "<IfDefine !NO>\n<Location /x>\nA\n")
    assert messages(config) == []
    assert plain(config) == ["<Location /x>", "  A"]


def test_an_active_one_is_closed_by_the_bare_tag_alone(tmp_path: Path) -> None:
    config = read(tmp_path, "<IfDefine !NO>\nA\n</IfDefine> # done\nB\n")
    assert [line for line, _ in messages(config)] == [3]
    assert plain(config) == ["A", "B"]


def test_a_section_opened_before_a_conditional_is_not_closed_inside_it(tmp_path: Path) -> None:
    config = read(tmp_path, "<Location /x>\n<IfDefine !NO>\n</Location>\n</IfDefine>\nA\n")
    assert messages(config)[0] == (3, "</Location> without matching <Location> section")
