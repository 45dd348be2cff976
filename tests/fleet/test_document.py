"""What is a report of a host, and what is said of what is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glance_audit.cli.main import main
from glance_audit.fleet import Merger, ReportError, documents
from tests.cli.deployments import SHARED, lay_out
from tests.fleet.hosts import audited


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return audited(tmp_path_factory.mktemp("host"), "web1", SHARED).read_text()


def said(text: str) -> str | None:
    """Merge a text; return what is said against it."""
    merger = Merger()
    try:
        for data in documents(text):
            merger.add("web1", "web1.json", data)
    except ReportError as error:
        return str(error)
    assert merger.report().fleet is not None
    return None


def refused(text: str) -> str:
    message = said(text)
    assert message is not None
    return message


_NONE = "no report of an audit: `glance-audit --format json -o FILE PATH` writes one"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"is empty, {_NONE}"),
        ("{", "line 1, column 2: no JSON (expecting property name enclosed in double quotes)"),
        ('{\n "a": 1,\n}', "line 3, column 1: no JSON"),
        ("[" * 100_000, f"is nested too deeply, {_NONE}"),
        ("9" * 5000, "a number in it has too many digits"),
        ("[]", _NONE),
        ("3", _NONE),
        ('{"schema": 1, "findings": []}', _NONE),
        ('{"schema": 1, "tool": {"name": "other"}}', _NONE),
        ('{"schema": 2, "tool": {"name": "glance-audit"}}', "schema 2: this version reads"),
        ('{"schema": true, "tool": {"name": "glance-audit"}}', "schema true: this version reads"),
        (
            '{"schema": 1, "kind": "merge", "tool": {"name": "glance-audit"}}',
            "is itself merged: name the reports of its hosts",
        ),
        ('{"schema": 1, "tool": {"name": "glance-audit"}}', "findings: is missing"),
        ('{"type": "note", "message": "x"}', "is cut off: its last line is no summary"),
        ('{"type": "x"}\n3', "line 1: 'x' is no type of an audit's lines"),
        ('{"type": "note"}\n3', "line 2: an object is needed, not a number"),
        ('{"type": "note"}\n{', "line 2, column 2: no JSON"),
        ('{"type": "note"}\n{}', "line 2.type: is missing"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_told_with_the_place(text: str, message: str) -> None:
    assert refused(text).startswith(message)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("findings", {}, "findings: a list is needed, not an object"),
        ("findings.0", 3, "findings[0]: an object is needed, not a number"),
        ("findings.0.message", None, "findings[0].message: a text is needed, not null"),
        ("findings.0.code", "ga201", "findings[0].code: 'ga201' is not of the form"),
        ("findings.0.severity", "fatal", "findings[0].severity: 'fatal' is none of error, warning"),
        ("findings.0.url", "javascript:alert(1)", "findings[0].url: 'javascript:alert(1)' is no"),
        ("findings.0.known", 1, "findings[0].known: true or false is needed, not a number"),
        ("findings.0.location.line", True, "findings[0].location.line: a number is needed, not"),
        ("findings.0.location.line", -1, "findings[0].location.line: is out of range"),
        ("findings.0.location.line", 10**30, "findings[0].location.line: is out of range"),
        ("findings.0.related.0.location", [], "findings[0].related[0].location: an object is nee"),
        ("notes.0", 1, "notes[0]: a text is needed, not a number"),
        ("incomplete", [{"file": "x"}], "incomplete[0].reason: is missing"),
        ("target.uwsgi_version.min", 2, "target.uwsgi_version.min: a text or null is needed, not"),
        ("tool.version", None, "tool.version: a text is needed, not null"),
    ],
)
def test_a_value_of_another_type_is_told_with_its_place(
    text: str, path: str, value: Any, message: str
) -> None:
    data = json.loads(text)
    data["findings"].sort(key=lambda one: -len(one["related"]))
    put(data, path.split("."), value)

    assert refused(json.dumps(data)).startswith(message)


def put(data: Any, path: list[str], value: Any) -> None:
    for step in path[:-1]:
        data = data[int(step) if isinstance(data, list) else step]
    data[int(path[-1]) if isinstance(data, list) else path[-1]] = value


def places(data: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: Any = ()
    if isinstance(data, dict):
        inner = data.items()
    elif isinstance(data, list):
        inner = enumerate(data)
    return [at, *(place for key, one in inner for place in places(one, (*at, key)))]


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_value_at_any_place_makes_a_report_or_an_error(text: str, data: st.DataObject) -> None:
    report = json.loads(text)
    place = data.draw(st.sampled_from(places(report)[1:]))
    inner = report
    for step in place[:-1]:
        inner = inner[step]
    if isinstance(inner, dict) and data.draw(st.booleans()):
        del inner[place[-1]]
    else:
        inner[place[-1]] = data.draw(_ANYTHING)

    assert (said(json.dumps(report)) or "").isprintable()


@settings(max_examples=150, deadline=None)
@given(st.text() | _ANYTHING.map(json.dumps))
def test_any_text_makes_a_report_or_an_error(text: str) -> None:
    assert refused(text)


def test_lines_of_an_audit_say_the_same_as_its_json(tmp_path: Path) -> None:
    report = audited(tmp_path, "web1", SHARED)
    lines = tmp_path / "web1.jsonl"
    main(["--format", "jsonl", "-o", str(lines), "--no-host", str(tmp_path / "systems/web1")])
    (data,) = documents(report.read_text())
    (same,) = documents(lines.read_text())
    one, other = Merger(), Merger()
    one.add("web1", "f", data)
    other.add("web1", "f", same)

    assert one.report() == other.report()


def test_a_stream_holds_one_report_after_the_other(tmp_path: Path) -> None:
    texts = []
    for name in ("web1", "web2"):
        lines = tmp_path / f"{name}.jsonl"
        system = lay_out(tmp_path / name)
        main(["--format", "jsonl", "-o", str(lines), "--no-host", str(system)])
        texts.append(lines.read_text())

    assert len(list(documents("".join(texts)))) == 2
