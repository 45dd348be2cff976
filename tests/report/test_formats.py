"""What holds for every format."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from glance_audit.report.formats import DEFAULT, FORMATS, writer
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport
from tests.report.reports import CLEAN, HOSTILE, MIXED, RAW, report

# For people: what draws a terminal may know rich.
DRAWN = {"rich", "text"}
PROGRAMS = sorted(FORMATS.keys() - DRAWN)


def written(name: str, made: AuditReport) -> str:
    stream = io.StringIO()
    writer(name)(made, Outcome(0.25), stream)
    return stream.getvalue()


def test_the_default_is_a_format() -> None:
    assert DEFAULT in FORMATS


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("made", [CLEAN, MIXED, report(HOSTILE)], ids=["clean", "mixed", "hostile"])
def test_nothing_that_could_deceive_is_written(name: str, made: AuditReport) -> None:
    text = written(name, made)

    assert not set(text) & (set(RAW) - set("[31m\n"))
    assert not [one for one in text if one != "\n" and not one.isprintable()]


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_audit_is_written_the_same_in_any_order_of_findings(name: str) -> None:
    turned = MIXED._replace(findings=MIXED.findings[::-1])

    assert written(name, MIXED) == written(name, turned)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_format_says_what_could_not_be_audited(name: str) -> None:
    text = written(name, MIXED)

    assert "ports.conf" in text
    assert "permission denied" in text


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_format_for_programs_imports_rich_or_another_format(name: str) -> None:
    module = FORMATS[name].module
    others = {one.module for one in FORMATS.values()} - {module, "json_report"}
    code = (
        f"import sys; from glance_audit.report.formats import writer; writer({name!r}); "
        "print(*sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())

    assert f"glance_audit.report.{module}" in loaded
    assert not {one for one in loaded if one.split(".")[0].startswith("rich")}
    assert not loaded & {f"glance_audit.report.{other}" for other in others}
