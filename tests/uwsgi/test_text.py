"""Magic variables are replaced in the text, and places still lead to what is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import FileSource, Inclusion
from glance_audit.uwsgi import HostFacts, resolve
from tests.uwsgi.cases import DIRECTORY, RECORDED, Case, cases, lay_out
from tests.uwsgi.system import resolved, values, write, written


@pytest.mark.parametrize(
    ("written_value", "value"),
    [
        ("%d", "/etc/uwsgi/"),
        ("%p|%s|%n|%e", "/etc/uwsgi/glance.ini|glance.ini|glance|ini"),
        ("%c|%0|%1|%2|", "uwsgi|etc|uwsgi||"),
        ("%o %x", "/etc/uwsgi/glance.ini"),
        ("%v", "/etc/uwsgi"),
        ("%%Y %q|", "%Y |"),
        ("100%é", "100\udca9"),
    ],
)
def test_a_variable_stands_for_its_value(tmp_path: Path, written_value: str, value: str) -> None:
    config = resolved(tmp_path, f"[uwsgi]\nkey = {written_value}\n")

    assert values(config, "key") == [value]


def test_a_file_that_is_a_link_keeps_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, {"target.ini": "[uwsgi]\nk = %p\n"})
    (tmp_path / "etc/uwsgi/link.ini").symlink_to("target.ini")

    config = resolved(tmp_path, "[uwsgi]\nini = link.ini\n")

    assert values(config, "k") == ["/etc/uwsgi/link.ini"]


def test_the_machine_of_the_audit_is_never_asked(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\nname = %h-%k-%u\nplain = 1\n")

    assert values(config, "name") == ["%h-%k-%u"]
    assert [problem.message.partition(":")[0] for problem in config.unknown] == ["%h, %k, %u"]
    assert not config.problems


def test_told_facts_are_used(tmp_path: Path) -> None:
    facts = HostFacts(hostname="image1", cpus=8, uid=33)

    config = resolved(tmp_path, "[uwsgi]\nname = %h-%k-%u\n", facts=facts)

    assert values(config, "name") == ["image1-8-33"]
    assert not config.unknown


def test_a_percent_sign_at_a_line_end_glues_the_next_line(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\na = 100%\n  b = 2\nc = 3\n")

    glued, last = config.pairs[1:]
    assert (glued.key, glued.value) == ("a", "100  b = 2")
    assert (glued.place.line, glued.place.end_line, glued.place.end_column) == (2, 3, 8)
    assert (last.place.line, last.value_place.column) == (4, 5)


def test_a_comment_that_ends_in_a_percent_sign_hides_the_next_line(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\n; load: 100%\nharakiri = 60\nmaster = 1\n")

    assert config.last("harakiri") is None
    assert config.last("master") is not None


def test_places_are_exact_to_the_column(tmp_path: Path) -> None:
    config = resolved(tmp_path, "# c\n[uwsgi]\r\n\t  http-socket \t=  :9292 ; x \r\nmaster\n")

    socket, master = config.pairs[1:]
    assert socket.value == ":9292 ; x"
    assert (socket.place.line, socket.place.column, socket.place.end_column) == (3, 4, 29)
    assert (socket.key_place.column, socket.key_place.end_column) == (4, 15)
    assert (socket.value_place.column, socket.value_place.end_column) == (20, 29)
    assert (master.value_place.column, master.value_place.end_column) == (7, 7)
    assert config.section_place is not None
    assert (config.section_place.line, config.section_place.end_column) == (2, 8)


def test_a_variable_has_the_place_it_is_written_at(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\na = x%d%n.sock\nb = %Y\nc = %Yz\nk%n = 1\n")

    spans = [written(tmp_path, option.value_place) for option in config.pairs[1:]]
    assert spans == ["x%d%n.sock", "%Y", "%Yz", "1"]
    assert written(tmp_path, config.pairs[-1].key_place) == "k%n"


# What stands for a value in JSON, and the element without content in XML.
WORDS = {"true": "1", "false": "0", "null": "0", "": "1"}


@pytest.mark.parametrize("case", cases(), ids=str)
def test_every_place_of_the_corpus_covers_what_it_names(tmp_path: Path, case: Case) -> None:
    lay_out(tmp_path)
    config = resolve(
        FileSource(str(tmp_path)),
        case.load,
        section=case.section,
        cwd=case.cwd(DIRECTORY),
        facts=RECORDED,
    )
    for option in config.pairs:
        if option.origin != "file":
            continue
        key, value = (written(tmp_path, p) for p in (option.key_place, option.value_place))
        if not set("%$@") & set(key + value) and "=" not in value:
            word = WORDS.get(value) if case.load.endswith((".json", ".xml")) else None
            assert key == option.key
            assert option.value in (value, word)
        assert written(tmp_path, option.place).startswith(key)
        assert written(tmp_path, option.place).endswith(value)


def test_injected_text_keeps_its_own_file(tmp_path: Path) -> None:
    config = resolved(
        tmp_path,
        "[uwsgi]\ninject-before = head\nini = b.ini\n",
        {"head": "[uwsgi]\nfrom-head = %n\n", "b.ini": "own = 1\n"},
    )

    head, own = config.pairs[-2:]
    assert (head.key, head.value) == ("from-head", "b")
    assert (head.place.file, head.place.line) == ("/etc/uwsgi/head", 2)
    assert head.place.included_from == (Inclusion("/etc/uwsgi/glance.ini", 2),)
    assert (own.place.file, own.place.line) == ("/etc/uwsgi/b.ini", 1)
    assert own.place.included_from == (Inclusion("/etc/uwsgi/glance.ini", 3),)
