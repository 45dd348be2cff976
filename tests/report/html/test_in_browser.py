"""The page in a browser: it renders, it filters, and nothing that was injected runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from glance_audit.report.html.page import write
from glance_audit.report.result import AuditReport
from tests.report.reports import HOSTILE, MIXED, finding, location, written
from tests.report.reports import report as made

INJECTION = (
    "</pre><script>document.title = 'owned'</script>"
    '<img src="x" onerror="document.title = \'owned\'">'
    '"><svg onload="document.title = \'owned\'">'
)


@pytest.fixture(scope="module")
def browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        message = "NOT OPENED in a browser: chromium is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message + "; run make servers")
        pytest.skip(message)
    return found


class Browser:
    """Opens pages in headless Chromium with a profile of its own."""

    def __init__(self, binary: str, directory: Path) -> None:
        self._binary = binary
        self._directory = directory

    def _run(self, report: AuditReport, query: str, *arguments: str) -> str:
        page = self._directory / "report.html"
        page.write_text(written(write, report), encoding="utf-8")
        done = subprocess.run(
            [
                self._binary, "--headless", "--no-sandbox", "--disable-gpu",
                f"--user-data-dir={self._directory / 'profile'}", "--window-size=1280,900",
                *arguments, f"{page.as_uri()}{query}",
            ],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return done.stdout

    def dom(self, report: AuditReport, query: str = "") -> str:
        return self._run(report, query, "--dump-dom")

    def picture(self, report: AuditReport) -> bytes:
        target = self._directory / "page.png"
        self._run(report, "", f"--screenshot={target}")
        return target.read_bytes()


@pytest.fixture
def opened(browser: str, tmp_path: Path) -> Browser:
    return Browser(browser, tmp_path)


def cards(dom: str) -> list[bool]:
    """Whether each finding is shown."""
    return ["hidden" not in tag for tag in re.findall(r"<article [^>]*>", dom)]


def test_the_page_renders(opened: Browser) -> None:
    assert opened.picture(MIXED).startswith(b"\x89PNG")


def test_every_finding_is_shown_and_the_filter_comes_up(opened: Browser) -> None:
    dom = opened.dom(MIXED)

    assert cards(dom) == [True, True]
    assert "2 of 2 shown" in dom
    assert re.search(r'<form id="filter"(?![^>]*hidden)', dom)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?severity=error", [True, False]),
        ("?severity=warning", [True, False]),  # it folds under the error
        ("?severity=info", [False, True]),
        ("?file=glance-uwsgi.ini", [True, False]),
        ("?file=no-such-file", [True, True]),
        ("?words=TEMPLATE", [False, True]),
        ("?words=template+proxy-sendcl", [False, False]),
    ],
)
def test_the_address_says_what_is_shown(opened: Browser, query: str, shown: list[bool]) -> None:
    dom = opened.dom(MIXED, query)

    assert cards(dom) == shown
    assert f"{sum(shown)} of 2 shown" in dom


def test_what_was_injected_does_not_run(opened: Browser) -> None:
    bad = finding(location(2, INJECTION))._replace(message=INJECTION, help=INJECTION)
    dom = opened.dom(made(bad, HOSTILE))

    assert "<title>glance-audit: /etc/apache2</title>" in dom
    assert "onerror=&quot;" in dom or "onerror=" in dom
    assert dom.count("<script>") == 1


def test_the_policy_of_the_page_stops_even_a_script_that_got_in(
    opened: Browser, browser: str, tmp_path: Path
) -> None:
    page = tmp_path / "broken.html"
    text = written(write, MIXED).replace("<main>", f"<main>{INJECTION}")
    page.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip

    assert "<title>glance-audit: /etc/apache2</title>" in done.stdout
