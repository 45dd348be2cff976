"""``--format json`` keeps its published contract."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from glance_audit.report.json_host import virtual_host_text
from glance_audit.report.json_report import to_json, write
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport, Shadow, Topology
from tests.report.reports import CLEAN, CROSS_CHECKED, INCOMPLETE, REPORT, finding, location, report

SCHEMA: dict[str, Any] = json.loads(
    (files("glance_audit.report") / "schema-1.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "made",
    [REPORT, CLEAN, INCOMPLETE, CLEAN._replace(topology=Topology()), CROSS_CHECKED],
    ids=["findings", "clean", "incomplete", "nothing drawn", "cross-checked"],
)
def test_reports_fit_the_schema(made: AuditReport) -> None:
    VALIDATOR.validate(to_json(made, 0.25))


def _objects(schema: Any) -> list[dict[str, Any]]:
    found = [schema] if isinstance(schema, dict) and "properties" in schema else []
    inner = schema.values() if isinstance(schema, dict) else schema
    return found + [
        one for part in inner if isinstance(part, dict | list) for one in _objects(part)
    ]


def test_the_schema_names_and_requires_every_property_that_is_written() -> None:
    closed = json.loads(json.dumps(SCHEMA))
    objects = _objects(closed)
    for one in objects:
        optional = {"cross_check"} if one is closed else set()  # an option of the command line
        assert set(one["required"]) == set(one["properties"]) - optional
        one["additionalProperties"] = False

    assert len(objects) > 12
    closed["required"].append("cross_check")
    jsonschema.Draft202012Validator(closed).validate(to_json(CROSS_CHECKED, 0.25))


def test_the_schema_refuses_what_could_deceive_a_terminal() -> None:
    data = to_json(REPORT, 0.25)
    data["findings"][0]["message"] = "a\x1b[31m"

    assert not VALIDATOR.is_valid(data)


def test_the_keys_are_in_the_order_of_the_contract() -> None:
    data = to_json(REPORT, 0.25)

    assert list(data) == snapshot(
        ["schema", "tool", "target", "topology", "findings", "incomplete", "notes", "summary"]
    )
    assert list(data["findings"][0]) == snapshot(
        [
            "code",
            "slug",
            "severity",
            "confidence",
            "basis",
            "message",
            "help",
            "url",
            "fingerprint",
            "caused_by",
            "suppressed",
            "known",
            "location",
            "related",
            "fix",
        ]
    )
    assert data["findings"][0]["location"] == snapshot(
        {
            "file": "sites-enabled/image.conf",
            "real_file": "sites-available/image.conf",
            "line": 3,
            "column": 5,
            "end_line": 3,
            "end_column": 26,
            "text": "SetEnv proxy-sendcl 1",
            "included_from": [{"file": "apache2.conf", "line": 225}],
        }
    )
    assert data["summary"] == snapshot(
        {
            "error": 1,
            "warning": 0,
            "info": 0,
            "suppressed": 0,
            "known": 0,
            "files": 61,
            "vhosts": 2,
            "seconds": 0.25,
        }
    )
    assert data["target"] == snapshot(
        {
            "paths": ["/etc/apache2"],
            "root": None,
            "glance_release": {"min": "15", "max": "33", "source": "unknown"},
            "httpd_version": {"min": "2.4.71", "max": "2.4.71", "source": "dpkg (apache2-bin)"},
            "uwsgi_version": {"min": "2.0.31", "max": "2.0.31", "source": "option"},
            "python_version": {"min": None, "max": None, "source": "unknown"},
        }
    )
    assert data["topology"]["servers"][0]["vhosts"][0]["routes"][1]["buffered"] == snapshot(
        {
            "value": True,
            "by": {
                "file": "sites-enabled/image.conf",
                "real_file": "sites-available/image.conf",
                "line": 3,
                "column": 5,
                "end_line": 3,
                "end_column": 26,
                "text": "SetEnv proxy-sendcl 1",
                "included_from": [{"file": "apache2.conf", "line": 225}],
            },
        }
    )


def test_findings_are_in_the_order_of_file_line_column_code() -> None:
    places = [
        finding(location(9, "x", file="b.conf")),
        finding(location(2, "  x", file="b.conf"), code="GA301"),
        finding(location(2, "  x", file="b.conf"), code="GA201"),
        finding(location(7, "x", file="/etc/a.conf")),
    ]
    data = to_json(report(*places), 0.1)

    assert [(one["location"]["file"], one["location"]["line"], one["code"])
            for one in data["findings"]] == [
        ("/etc/a.conf", 7, "GA201"),
        ("b.conf", 2, "GA201"),
        ("b.conf", 2, "GA301"),
        ("b.conf", 9, "GA201"),
    ]  # fmt: skip


def test_what_is_written_is_ascii_and_reads_back() -> None:
    stream = io.StringIO()
    made = report(finding()._replace(message="caf\u00e9 日本"))
    write(made, Outcome(0.1234567), stream)

    assert stream.getvalue().isascii()
    assert stream.getvalue().endswith("}\n")
    assert json.loads(stream.getvalue()) == to_json(made, 0.1234567)
    assert json.loads(stream.getvalue())["summary"]["seconds"] == 0.123


def test_rich_is_not_imported() -> None:
    code = (
        "import sys, glance_audit.report.json_report; "
        "print(sorted(name for name in sys.modules if name.split('.')[0].startswith('rich')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_virtual_hosts_are_written_as_their_data_would_be() -> None:
    (server,) = REPORT.topology.servers
    first, *others = server.vhosts
    shadows = (Shadow(location(3, ""), True), Shadow(None, False))
    shadowed = [r._replace(shadowed=s) for r, s in zip(first.routes, shadows, strict=True)]
    hosts = (first, *others, first._replace(routes=tuple(shadowed)))
    made = REPORT._replace(topology=Topology((server._replace(vhosts=hosts),)))
    (data,) = to_json(made, 0.1)["topology"]["servers"]

    assert [virtual_host_text(host) for host in hosts] == [
        json.dumps(host) for host in data["vhosts"]
    ]
    assert [
        route["shadowed"] and route["shadowed"]["certain"] for route in data["vhosts"][-1]["routes"]
    ] == [True, False]
    VALIDATOR.validate(to_json(made, 0.1))
