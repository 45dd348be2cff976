"""A finding of an operator's own rule: it has no page, and its code says nothing of a topic."""

from __future__ import annotations

import json

import pytest

from glance_audit.report.formats import writer
from glance_audit.report.html.way import Stop, ways
from glance_audit.report.result import AuditReport, Location
from tests.report.reports import BACKEND, SETTING, TOPOLOGY, finding, location, report, written

OWN = finding(SETTING, code="XX201")._replace(url="")
REPORT = report(OWN)
IN_WORKER = location(4, "workers = 1", file=BACKEND.location.file if BACKEND.location else "")


def rendered(made: AuditReport, name: str) -> str:
    return written(writer(name), made)


@pytest.mark.parametrize("name", ["github", "gitlab", "junit", "markdown", "html", "rich"])
def test_no_format_shows_an_address_that_is_none(name: str) -> None:
    text = rendered(REPORT, name)

    assert "XX201" in text
    for empty in ("see:", "]()", 'href=""', '\\n\\n"'):
        assert empty not in text


def test_a_viewer_is_given_no_address_and_no_topic() -> None:
    (rule,) = json.loads(rendered(REPORT, "sarif"))["runs"][0]["tool"]["driver"]["rules"]

    assert "helpUri" not in rule
    assert rule["shortDescription"] == rule["fullDescription"] == {"text": "sendcl shared vhost"}
    assert rule["help"] == {
        "text": "A rule of your own: glance-audit explain XX201 --rules-dir DIR"
    }
    assert rule["properties"]["tags"] == ["openstack", "glance"]


@pytest.mark.parametrize(("place", "stop"), [(SETTING, Stop.ROUTE), (IN_WORKER, Stop.WORKER)])
def test_its_code_puts_it_on_no_arrow_of_ours(place: Location, stop: Stop) -> None:
    (way,) = ways(TOPOLOGY, (OWN._replace(location=place),))

    assert [passage.stop for passage in way.stops if passage.findings] == [stop]
