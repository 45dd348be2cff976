from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glance_audit.uwsgi import is_uwsgi_ini
from glance_audit.uwsgi.ini import read_ini
from glance_audit.uwsgi.text import ConfigText, Piece


def pairs(text: str, section: str = "uwsgi") -> list[tuple[str, str]]:
    found = read_ini(ConfigText([Piece("/x.ini", text)], {}), section)
    return [(record.key, record.value) for record in found.records]


@pytest.mark.parametrize(
    "blank", ["\v", "\f", "\x1c", "\x85", "\xa0", "\u2003", "\u2028", "\ufeff"]
)
def test_only_space_tab_and_carriage_return_are_blanks(blank: str) -> None:
    line = f"{blank}k{blank}={blank}v{blank}"

    assert pairs(f"[uwsgi]\n{line}\n") == [(f"{blank}k{blank}", f"{blank}v{blank}")]


@pytest.mark.parametrize("header", ["[ uwsgi ]", "[UWSGI]", "[uwsgi] ; x", "\ufeff[uwsgi]"])
def test_a_header_must_be_exact(header: str) -> None:
    assert pairs(f"{header}\nk = v\n") == []


def test_a_near_header_is_pointed_at() -> None:
    found = read_ini(ConfigText([Piece("/x.ini", "\n[UWSGI] ; x\n")], {}), "uwsgi")

    assert found.header is None
    assert found.near is not None
    assert found.near.line == 2


def test_the_last_character_of_a_header_falls_whatever_it_is() -> None:
    assert pairs("[uwsgi}\nk = v\n[x]\n[uwsgi]\nl = w\n") == [("k", "v"), ("l", "w")]


def test_names_that_configparser_treats_specially_are_plain_sections() -> None:
    assert pairs("[DEFAULT]\na = 1\n[uwsgi]\nb = 2\n") == [("b", "2")]
    assert pairs("[a]b]\na = 1\n", "a]b") == [("a", "1")]


def test_there_is_no_continuation_no_quoting_and_no_case_folding() -> None:
    text = '[uwsgi]\nA = "x" ; y\n  b = 1\n\n\tc: 2\n'

    assert pairs(text) == [("A", '"x" ; y'), ("b", "1"), ("c: 2", "")]


def test_a_carriage_return_alone_ends_no_line() -> None:
    assert pairs("[uwsgi]\rmaster = 1\r") == []


def test_a_nul_ends_a_line() -> None:
    assert pairs("[uwsgi]\nmas\0ter = 1\nk = v\0w\n") == [("mas", ""), ("k", "v")]


def expected(text: str) -> list[tuple[str, str]]:
    """core/ini.c, written down a second time without configparser."""
    section, found = "", []
    for raw in text.split("\n"):
        line = raw.split("\0")[0].strip(" \t\r")
        if line.startswith("["):
            section = line[1:-1]
        elif line and line[0] not in ";#" and section == "uwsgi":
            key, _, value = line.partition("=")
            found.append((key.rstrip(" \t\r"), value.strip(" \t\r")))
    return found


ODD = st.text(st.sampled_from(list("ab=[];#: \t\r\n\0\v\x85\u2028\udc80\"'\\")), max_size=60)


@given(ODD)
def test_any_text_is_read_as_the_c_reader_reads_it(text: str) -> None:
    assert pairs("[uwsgi]\n" + text) == expected("[uwsgi]\n" + text)


@given(ODD)
def test_places_lead_back_to_the_text(text: str) -> None:
    whole = "[uwsgi]\n" + text
    lines = whole.split("\n")
    for record in read_ini(ConfigText([Piece("/x.ini", whole)], {}), "uwsgi").records:
        for part, place in ((record.key, record.key_place), (record.value, record.value_place)):
            assert lines[place.line - 1][place.column - 1 : place.end_column - 1] == part


def test_a_hostile_line_is_read_in_linear_time() -> None:
    text = "[uwsgi]\nkey" + " " * 1_000_000 + "x = 1\n"
    start = process_time()

    assert len(pairs(text)) == 1
    assert process_time() - start < 5


@pytest.mark.parametrize("text", ["[uwsgi]", "# c\n\t[uwsgi] ; x\n", "\ufeff[uwsgi]\n"])
def test_a_uwsgi_header_is_recognised(text: str) -> None:
    assert is_uwsgi_ini(text)


@pytest.mark.parametrize("text", ["", "[DEFAULT]\n", "# [uwsgi]\n", "a[uwsgi]\n", "[uwsgi-x]\n"])
def test_other_files_are_not_uwsgis(text: str) -> None:
    assert not is_uwsgi_ini(text)
