from __future__ import annotations

from pathlib import Path

import pytest

from tests.apache.tree import messages, plain, read, span, text_at


def test_a_directive_spans_its_text_without_the_blanks_around(tmp_path: Path) -> None:
    one = read(tmp_path, "\n\t SetEnv  A 1 \t\n").directives[0]
    assert span(one.place) == (2, 3, 2, 14)
    assert one.dump_line == 2


def test_words_stand_where_they_are_written_quotes_included(tmp_path: Path) -> None:
    text = "  ProxyPass  \"/a b\"\thttp://x/  'k=v'\n"
    one = read(tmp_path, text).directives[0]
    assert [word.text for word in one.words] == ["/a b", "http://x/", "k=v"]
    assert [text_at(text, word.place) for word in one.words] == ['"/a b"', "http://x/", "'k=v'"]


def test_a_continued_directive_spans_its_lines_and_its_words_stand_on_their_own(
    tmp_path: Path,
) -> None:
    text = "Header always \\\n   set \\\n  X-A '1 \\\n2'\n"
    one = read(tmp_path, text).directives[0]
    assert span(one.place) == (1, 1, 4, 3)
    assert one.dump_line == 4
    assert [(word.text, *span(word.place)) for word in one.words] == [
        ("always", 1, 8, 1, 14),
        ("set", 2, 4, 2, 7),
        ("X-A", 3, 3, 3, 6),
        ("1 2", 3, 7, 4, 3),
    ]


def test_a_name_may_be_continued_itself(tmp_path: Path) -> None:
    one = read(tmp_path, "Set\\\nEnv A\\\n B\n").directives[0]
    assert one.key == "setenv"
    assert [(word.text, *span(word.place)) for word in one.words] == [
        ("A", 2, 5, 2, 6),
        ("B", 3, 2, 3, 3),
    ]


def test_a_last_line_that_is_empty_still_counts(tmp_path: Path) -> None:
    config = read(tmp_path, "SetEnv A \\\n\nUse\n</Location> \\\n\n")
    assert span(config.directives[0].place) == (1, 1, 2, 1)
    assert config.directives[0].dump_line == 2
    assert span(config.problems[0].place) == (4, 1, 5, 1)


def test_a_section_is_placed_by_its_opening_line(tmp_path: Path) -> None:
    one = read(tmp_path, "<VirtualHost *:80 \\\n  [::1]:80>\nA\n</VirtualHost>\n").directives[0]
    assert one.place == one.header_place
    assert span(one.place) == (1, 1, 2, 12)
    assert [(word.text, *span(word.place)) for word in one.words] == [
        ("*:80", 1, 14, 1, 18),
        ("[::1]:80", 2, 3, 2, 11),
    ]
    assert [child.parent for child in one.children] == [one]


@pytest.mark.parametrize(
    ("opener", "args", "words"),
    [
        ("<Location /c>", "/c", ["/c"]),
        ("<Location /c> # c", "/c> # c", ["/c"]),
        ('<If "%{X} > 3">', '"%{X} > 3"', ["%{X} > 3"]),
        ('<If "a > b" > c', '"a > b" > c', ["a > b"]),
        ("<Location ${P}>", "/p/q", ["/p/q"]),
        ("<Foo>", "", []),
        ("<Foo", "", []),
        ("<Location /c", "/c", ["/c"]),
    ],
)
def test_the_words_of_a_section_end_at_its_last_bracket(
    tmp_path: Path, opener: str, args: str, words: list[str]
) -> None:
    one = read(tmp_path, f"Define P /p/q\n{opener}\n</{opener[1:].split()[0].strip('>')}>\n")
    assert messages(one) == []
    (section,) = one.directives
    assert section.args == args
    assert [word.text for word in section.words] == words


def test_a_word_out_of_a_variable_stands_where_the_variable_is_named(tmp_path: Path) -> None:
    text = 'Define V "1 22 333"\nSetEnv ${V} x${E}y "${V} z"  end\n'
    one = read(tmp_path, text, environment={"E": "long value"}).directives[0]
    assert plain(read(tmp_path, text, environment={"E": "long value"})) == [
        'SetEnv 1 22 333 xlong valuey "1 22 333 z"  end'
    ]
    assert [(word.text, text_at(text, word.place)) for word in one.words] == [
        ("1", "${V}"),
        ("22", "${V}"),
        ("333", "${V}"),
        ("xlong", "x${E}"),
        ("valuey", "${E}y"),
        ("1 22 333 z", '"${V} z"'),
        ("end", "end"),
    ]


def test_columns_count_characters(tmp_path: Path) -> None:
    text = "SetEnv é \udcff x\n"
    one = read(tmp_path, text).directives[0]
    assert [span(word.place) for word in one.words] == [
        (1, 8, 1, 9),
        (1, 10, 1, 11),
        (1, 12, 1, 13),
    ]
