"""Whether the backend is asked for a 100, as Apache 2.4.71 has it: the cases were asked of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.environment import find_settings
from glance_audit.deployment.expectation import DIRECTIVE, expectation
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.deployment.route import NOT_PASSED, Expectation
from tests.deployment.expecting import CASES, OFF, ON, ROUTE, Case
from tests.deployment.trees import apache

BACKEND = "http://127.0.0.1:60999"


def expected(root: Path, text: str, server: str = "") -> Expectation:
    text = f"{server}<VirtualHost *:80>\n{text}</VirtualHost>\n".replace("@HTTP@", BACKEND)
    config = apache(root, text)
    (endpoint,) = find_endpoints(config)
    settings = find_settings(config.all, frozenset())
    return expectation(PerDirectory(config.all, DIRECTIVE), settings, endpoint)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_passed_on_where_the_server_passes_it_on(tmp_path: Path, case: Case) -> None:
    assert expected(tmp_path, case.text, case.server).passed is case.known


def test_the_cases_know_both_answers_and_where_there_is_none() -> None:
    assert {case.known for case in CASES.values()} == {True, False, None}


def test_what_says_on_is_named(tmp_path: Path) -> None:
    found = expected(tmp_path, ROUTE + ON, OFF)

    assert found.by is not None
    assert found.by.place.line == 4


def test_where_nothing_says_it_nothing_is_named(tmp_path: Path) -> None:
    assert expected(tmp_path, ROUTE) == Expectation(True, None)


def test_an_on_for_some_requests_is_named(tmp_path: Path) -> None:
    condition = f"<If \"%{{REQUEST_METHOD}} == 'PUT'\">\n{ON}</If>\n"
    found = expected(tmp_path, OFF + ROUTE + condition)

    assert (found.passed, found.by and found.by.place.line) == (None, 5)


def test_http_1_0_for_some_clients_leaves_the_others(tmp_path: Path) -> None:
    text = ROUTE + "BrowserMatch old force-proxy-request-1.0\n"

    assert expected(tmp_path, text) == Expectation(None, None)


def test_only_mod_proxy_http_asks(tmp_path: Path) -> None:
    assert expected(tmp_path, ROUTE.replace("@HTTP@", "uwsgi://127.0.0.1:3031")) == NOT_PASSED
