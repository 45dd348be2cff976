"""What is in force on an upload, as Apache 2.4.71 has it: the cases were asked of the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.apache import Directive
from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.per_directory import InForce, PerDirectory
from tests.deployment.merging import BUFFER, FILTERS, LIMITS, LOW, SERVER, UWSGI, Case, section
from tests.deployment.trees import apache

WORDS = {
    "@UWSGI@": "uwsgi://127.0.0.1:3031",
    "@HTTP@": "http://127.0.0.1:9292",
    "@DIRECTORY@": "/srv/wsgi",
}


def in_force(root: Path, case: Case, key: str) -> InForce:
    text = "".join(lines for word, lines in SERVER.items() if word in case.text)
    text += f"<VirtualHost *:80>\n{case.text}</VirtualHost>\n"
    for word, meaning in WORDS.items():
        text = text.replace(word, meaning)
    config = apache(root, text)
    (endpoint,) = find_endpoints(config)
    return PerDirectory(config.all, key).in_force(endpoint)


def acts(directive: Directive | None, word: str) -> bool:
    return directive is not None and word in directive.words[0].text.upper().split(";")


def known(found: InForce, word: str) -> bool | None:
    values = {acts(one, word) for one in (found.by, *found.conditional)}
    return values.pop() if len(values) == 1 else None


@pytest.mark.parametrize("case", LIMITS.values(), ids=LIMITS)
def test_a_limit_is_in_force_where_the_server_enforces_it(tmp_path: Path, case: Case) -> None:
    assert known(in_force(tmp_path, case, "limitrequestbody"), "1000") is case.known


@pytest.mark.parametrize("case", FILTERS.values(), ids=FILTERS)
def test_a_filter_is_in_force_where_the_server_has_it(tmp_path: Path, case: Case) -> None:
    assert known(in_force(tmp_path, case, "setinputfilter"), "BUFFER") is case.known


def test_the_cases_know_both_answers_and_where_there_is_none() -> None:
    for cases in (LIMITS, FILTERS):
        assert {case.known for case in cases.values()} == {True, False, None}


def test_a_certain_one_that_is_merged_later_ends_the_doubt(tmp_path: Path) -> None:
    doubt = section("Location", "/image", 'SetHandler "proxy:@UWSGI@"')
    doubt += section("Directory", "/srv", LOW)
    found = in_force(tmp_path, Case(doubt, True, None), "limitrequestbody")
    assert (found.by, len(found.conditional)) == (None, 1)

    sure = Case(doubt + section("Location", "/", "LimitRequestBody 7"), True, True)
    found = in_force(tmp_path, sure, "limitrequestbody")
    assert found.by is not None
    assert (found.by.args, found.conditional) == ("7", ())


def test_another_virtual_host_has_no_say(tmp_path: Path) -> None:
    text = UWSGI + "</VirtualHost>\n<VirtualHost *:81>\n" + LOW + BUFFER
    found = in_force(tmp_path, Case(text, False, False), "limitrequestbody")

    assert found == (None, ())


def test_what_stands_in_a_macro_that_nothing_uses_has_no_say(tmp_path: Path) -> None:
    text = section("Macro", "limits", LOW) + UWSGI
    config = apache(tmp_path, text.replace("@UWSGI@", WORDS["@UWSGI@"]))
    (endpoint,) = find_endpoints(config)

    assert PerDirectory(config.all, "limitrequestbody").in_force(endpoint) == (None, ())
