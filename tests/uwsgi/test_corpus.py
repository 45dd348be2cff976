"""Every case of the corpus resolves to what uWSGI itself resolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import FileSource
from glance_audit.uwsgi import UwsgiConfig, resolve
from tests.uwsgi.cases import DIRECTORY, RECORDED, Case, cases, lay_out, pairs, pypi_cases


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> FileSource:
    root = tmp_path_factory.mktemp("system")
    lay_out(root)
    return FileSource(str(root))


ALL = [*cases(), *pypi_cases()]


def resolved(source: FileSource, case: Case) -> UwsgiConfig:
    return resolve(
        source,
        case.load,
        section=case.section,
        environment=case.environment,
        cwd=case.cwd(DIRECTORY),
        positional=case.positional,
        facts=RECORDED,
        build=case.built,
    )


def test_the_corpus_is_complete() -> None:
    assert (len(cases()), len(pypi_cases())) == (59, 6)
    assert sum(case.pairs is None for case in ALL) == 15


@pytest.mark.parametrize("case", [case for case in ALL if case.pairs is not None], ids=str)
def test_the_pairs_are_those_of_uwsgi(source: FileSource, case: Case) -> None:
    config = resolved(source, case)

    assert pairs(config) == case.expected(DIRECTORY)
    assert not config.refused, config.problems


@pytest.mark.parametrize("case", [case for case in ALL if case.pairs is None], ids=str)
def test_what_uwsgi_refuses_is_a_fatal_problem(source: FileSource, case: Case) -> None:
    assert resolved(source, case).refused


@pytest.mark.parametrize("case", ALL, ids=str)
def test_every_option_of_a_file_has_a_place_in_it(source: FileSource, case: Case) -> None:
    root = Path(source.root)
    for option in resolved(source, case).pairs:
        if option.origin == "file":
            lines = (root / option.place.file[1:]).read_bytes().count(b"\n") + 1
            assert 1 <= option.place.line <= option.place.end_line <= lines
            assert option.key_place.line == option.place.line
