from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from glance_audit.uwsgi import load_options
from glance_audit.uwsgi.logic import LOGIC
from glance_audit.uwsgi.options import OptionTable
from glance_audit.uwsgi.syntax import OPTION_FORMATS
from tools.compact_uwsgi_options import compact


def test_the_table_holds_every_name_of_the_looked_at_versions() -> None:
    table = load_options()

    assert len(table) == 1335
    assert sum(fact.plugin == "core" for name in table if (fact := table.get(name))) == 835


def test_an_option_is_described() -> None:
    fact = load_options().get("harakiri")

    assert fact is not None
    assert (fact.plugin, fact.argument, fact.value_type) == ("core", "required", "int>=0")
    assert (fact.repeatable, fact.immediate, fact.released) == (False, False, True)
    assert fact.versions == ("2.0.21", "2.0.31", "2.1-dev")


def test_options_of_the_development_branch_are_marked() -> None:
    fact = load_options().get("wsgi-manage-chunked-input")

    assert fact is not None
    assert not fact.released
    assert fact.versions == ("2.1-dev",)


def test_what_is_no_option_is_absent() -> None:
    table = load_options()

    assert "http-socket" in table
    assert table.get("so-timeout") is None
    assert table.get("HTTP-SOCKET") is None


def test_all_the_resolver_acts_on_at_once_is_immediate() -> None:
    table = load_options()
    acting = LOGIC | set(OPTION_FORMATS) | {"include", "set", "set-ph", "strict", "declare-option"}

    assert {name for name in acting if not (fact := table.get(name)) or not fact.immediate} == set()
    inherit = table.get("inherit")
    assert inherit is not None
    assert not inherit.immediate


def test_the_compact_table_says_what_the_full_one_says() -> None:
    full = {
        "name": "x",
        "argument": "optional",
        "plugin": "http",
        "versions": ["2.0.31"],
        "value_type": "bool",
        "repeatable": False,
        "immediate": True,
        "forces_master": True,
        "released": False,
    }

    fact = OptionTable(compact([full])).get("x")

    assert fact is not None
    assert {name: getattr(fact, name) for name in full} == {**full, "versions": ("2.0.31",)}


PARSERS = "{'configparser', 'yaml', 'defusedxml', 'xml.etree.ElementTree'} & {*sys.modules}"


def test_importing_the_package_reads_no_table_and_no_parser() -> None:
    code = f"import sys, glance_audit.uwsgi; print({PARSERS})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("name", "text", "needed"),
    [
        ("x.ini", "[uwsgi]", "{'configparser'}"),
        ("x.yaml", "uwsgi:", "{'yaml'}"),
        ("x.json", '{"uwsgi": {}}', "set()"),
    ],
)
def test_a_file_needs_the_parser_of_its_own_format_alone(
    tmp_path: Path, name: str, text: str, needed: str
) -> None:
    (tmp_path / name).write_text(text)
    code = (
        "import sys; from glance_audit.files import FileSource; from glance_audit.uwsgi import "
        f"resolve; resolve(FileSource({str(tmp_path)!r}), '/{name}'); print({PARSERS})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == f"{needed}\n"
