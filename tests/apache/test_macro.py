from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import Inclusion
from tests.apache.tree import MACRO, messages, plain, read, span


@pytest.mark.parametrize(
    ("definition", "use", "expected"),
    [
        ("<Macro m $a>\nA $a\n</Macro>", "Use m 1", ["A 1"]),
        ("<Macro M $a>\nA $a\n</macro>", "use m 1", ["A 1"]),
        ("<Macro m $a $ab>\nA $a $ab x$abc\n</Macro>", "Use m 1 2", ["A 1 2 x2c"]),
        ("<Macro m $a $b>\nA $a\n</Macro>", "Use m $b 2", ["A $b"]),
        ("<Macro m $a>\nA $a\n</Macro>", 'Use m "1 2"', ["A 1 2"]),
        ("<Macro m $a>\nA $a\n</Macro>", 'Use m ""', ["A"]),
        ("<Macro m @a>\nA @a\n</Macro>", "Use m 'x \"y\" \\z'", [r'A "x \"y\" \\z"']),
        # mod_macro goes on as many bytes further as the bare value has: it meets the end again.
        ("<Macro m @a $b>\nA @a\n</Macro>", "Use m '\"\"$b' 7", ['A "\\"\\"7"']),
        ("<Macro m @a>\nA @a\n</Macro>", "Use m @a", ["A @a"]),
        ("<Macro m $a>\n$a x\nB\n</Macro>", "Use m #", ["B"]),
        ("<Macro m $a>\nA $a\nB\n</Macro>", "Use m \\\\", ["A B"]),
        ("<Macro m>\n# no line\nA\n</Macro>", "Use m", ["A"]),
        ("<Macro m>\n</Macro>", "Use m", []),
        ("<Macro m>\nA 1\n</Macro>\n<Macro m>\nA 2\n</Macro>", "Use m", ["A 2"]),
        ("<Macro m>\nA ${V}\n</Macro>\nDefine V 1", "Use m", ["A 1"]),
        (
            "<Macro o>\n<Macro i>\nA\n</Macro>\n</Macro>\nUse o",
            "Use i",
            ["A"],
        ),
    ],
)
def test_a_macro_is_expanded_as_mod_macro_does(
    tmp_path: Path, definition: str, use: str, expected: list[str]
) -> None:
    config = read(tmp_path, f"{MACRO}{definition}\n{use}\n")
    assert messages(config) == []
    assert plain(config) == expected


def test_a_section_may_be_opened_by_one_and_closed_by_another(tmp_path: Path) -> None:
    text = "<Macro o>\n<Location /x>\n</Macro>\n<Macro c>\n</Location>\n</Macro>\n"
    config = read(tmp_path, f"{MACRO}{text}Use o\nA\nUse c\nB\n")
    assert messages(config) == []
    assert plain(config) == ["<Location /x>", "  A", "B"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Use nope\n", 2, "macro 'nope' undefined"),
        ("UndefMacro nope\n", 2, "cannot remove undefined macro 'nope'"),
        ("<Macro m\nA\n</Macro>\n", 2, "<Macro> directive missing closing '>'"),
        ("<Macro>\nA\n</Macro>\n", 2, "<Macro macro definition: name not found"),
        ("<Macro m $a>\n</Macro>\nUse m\n", 4, "used with 0 arguments instead of 1"),
        ("<Macro m $a $a>\n</Macro>\n", 2, "argument name conflict in macro 'm'"),
        ('<Macro m "">\n</Macro>\n', 2, "empty argument #1 name"),
        ("<Macro m>\nUse m\n</Macro>\nUse m\n", 5, "recursive use of macro 'm' is invalid"),
        ("<Macro m>\nA\n", 2, "expected token not found: </Macro>"),
        (f"<Macro m>\n{'A' * 8191}\n</Macro>\n", 2, "expected token not found: </Macro>"),
        (
            f"<Macro m $a>\n{'A' * 5000}$a\n</Macro>\nUse m {'b' * 5000}\n",
            5,
            "cannot substitute, buffer size too small",
        ),
    ],
)
def test_what_mod_macro_refuses_is_told_at_its_place(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    found = messages(read(tmp_path, MACRO + text))
    assert found[0][0] == line
    assert message in found[0][1]


def test_the_longest_line_fits(tmp_path: Path) -> None:
    config = read(tmp_path, f"{MACRO}<Macro m>\n{'A' * 8190}\n</Macro>\nUse m\n")
    assert messages(config) == []
    assert plain(config) == ["A" * 8190]


def test_what_was_wrong_in_a_definition_hides_no_other_directive(tmp_path: Path) -> None:
    config = read(tmp_path, f"{MACRO}<Macro m $a $a>\nHidden\n</Macro>\nUse nope\nB\n")
    assert plain(config) == ["B"]


def test_without_mod_macro_it_is_a_section_like_any_other(tmp_path: Path) -> None:
    config = read(tmp_path, "<Macro m>\nA\n</Macro>\nUse m\n")
    assert plain(config) == ["<Macro m>", "  A", "Use m"]


class TestPlaces:
    TEXT = f"{MACRO}<MACRO m $a>\n\n  A $a \\\n    b\n</MACRO>\n"

    def test_a_directive_stands_where_it_is_used(self, tmp_path: Path) -> None:
        config = read(
            tmp_path, "Include lib\nInclude use\n", {"lib": self.TEXT, "use": " Use m 1\n"}
        )
        (one,) = config.directives
        assert plain(config) == ["A 1     b"]
        assert one.place.file == f"{tmp_path}/use"
        assert span(one.place) == (1, 2, 1, 9)
        assert one.place.included_from == (Inclusion(f"{tmp_path}/httpd.conf", 2),)
        assert {word.place for word in one.words} == {one.place}
        assert one.macro_place is not None
        assert one.macro_place.file == f"{tmp_path}/lib"
        assert one.macro_place.line == 4
        assert one.macro_place.end_line == 5
        # Apache counts the lines of the body, a continued one once.
        assert one.dump_line == 2
        assert one.dump_file == (
            f"macro 'm' (defined on line 2 of \"{tmp_path}/lib\") "
            f'used on line 1 of "{tmp_path}/use"'
        )

    def test_inside_another_macro_the_outermost_use_is_the_place(self, tmp_path: Path) -> None:
        text = f"{self.TEXT}<Macro o>\nUse m 2\n</Macro>\nUse o\n"
        (one,) = read(tmp_path, text).directives
        assert span(one.place) == (10, 1, 10, 6)
        assert one.dump_file.count("macro '") == 2
        assert one.macro_place is not None
        assert one.macro_place.line == 4

    def test_a_directive_of_a_file_has_no_macro_place(self, tmp_path: Path) -> None:
        assert read(tmp_path, "A\n").directives[0].macro_place is None


def test_an_include_in_a_macro_comes_from_the_use(tmp_path: Path) -> None:
    text = f"{MACRO}<Macro m $f>\nInclude $f\n</Macro>\n\nUse m f\n"
    (one,) = read(tmp_path, text, {"f": "A\n"}).directives
    assert one.place.file == f"{tmp_path}/f"
    assert one.place.included_from == (Inclusion(f"{tmp_path}/httpd.conf", 6),)


class TestLastLineWithoutLineEnd:
    """mod_macro reads on behind a Use and forgets a line that the end of the file cuts off."""

    TEXT = f"{MACRO}<Macro m>\nA\n</Macro>\n<Location /x>\nUse m\n</Location>"

    def test_right_behind_a_use_it_is_lost(self, tmp_path: Path) -> None:
        config = read(tmp_path, self.TEXT)
        assert messages(config) == [(5, "<Location> was not closed.")]

    def test_with_a_line_end_it_is_not(self, tmp_path: Path) -> None:
        assert messages(read(tmp_path, self.TEXT + "\n")) == []

    def test_with_a_line_between_it_is_not(self, tmp_path: Path) -> None:
        text = self.TEXT.replace("Use m\n", "Use m\n# c\n")
        assert messages(read(tmp_path, text)) == []


@pytest.mark.parametrize("long", ["</Macro>" + " " * 8190, "#" * 8191, " " * 8191, "A \\\n" * 4200])
def test_a_line_that_is_too_long_with_its_blanks_ends_the_reading_of_a_macro(
    tmp_path: Path, long: str
) -> None:
    """Found by fuzzing: mod_macro's buffer holds what is trimmed, and comments too."""
    config = read(tmp_path, f"{MACRO}<Macro m>\n{long}\n</Macro>\nUse m\n")

    assert "expected token not found" in config.problems[0].message
