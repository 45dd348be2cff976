"""The page as text: whole, self-contained, and nothing from the audited files is markup."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from glance_audit.report.html.page import write
from glance_audit.report.result import AuditReport
from tests.report.reports import (
    CLEAN,
    CROSS_CHECKED,
    FOLLOWER,
    HOSTILE,
    IMAGE,
    INCOMPLETE,
    MIXED,
    SHARED,
    finding,
    written,
)
from tests.report.reports import report as made

_VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """Collects the tags, attributes and text of a page and insists on balance."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    def attributes(self, name: str) -> list[str]:
        return [value for _, found in self.tags if (value := found.get(name)) is not None]

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(report: AuditReport) -> Page:
    return Page(written(write, report))


def test_the_page_says_what_the_report_says() -> None:
    whole = page(MIXED)

    for words in (
        "Audit of /etc/apache2", "1 error", "1 warning", "1 info", "1 suppressed", "61 files read",
        SHARED.message, SHARED.help, FOLLOWER.message, FOLLOWER.help, "included from",
        "the Glance route it buffers: /image", "accepted until the move",
        "The audit is incomplete", "ports.conf", "permission denied",
        "note: uploads are spooled in /tmp, whose size is unknown",
    ):  # fmt: skip
        assert words in whole.text, words


def test_nothing_is_fetched_from_elsewhere() -> None:
    whole = page(MIXED)

    assert whole.attributes("src") == []
    assert [link["href"] for link in whole.named("link")] == ["data:,"]
    links = {found["href"] for found in whole.named("a")}
    assert all(link and link.startswith(("#", "https://example.org/rules/")) for link in links)
    assert "url(" not in written(write, MIXED)
    assert "@import" not in written(write, MIXED)


def test_only_the_script_and_the_style_of_the_page_may_run() -> None:
    text = written(write, MIXED)
    (policy,) = (m["content"] for m in page(MIXED).named("meta") if "http-equiv" in m)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)

    assert (len(scripts), len(styles)) == (1, 1)
    assert policy == (
        f"default-src 'none'; script-src '{digest(scripts[0])}'; style-src '{digest(styles[0])}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert page(MIXED).attributes("style") == []


def digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def test_markup_from_the_files_is_text() -> None:
    whole = page(made(HOSTILE))

    assert "[bold]x[/] <b>&amp; ]]> ::error::y %0A | `z`" in whole.text
    assert whole.named("b") == page(made(SHARED)).named("b")


def test_what_deceives_the_eye_is_shown() -> None:
    text = written(write, made(HOSTILE))

    assert "\\x1b[31m\\u202e\\u200b" in text
    assert not re.search("[\x00\x1b\u202e\u200b\udcff\ufffe]", text)
    text.encode()


def test_every_label_of_the_picture_leads_to_a_finding_of_the_page() -> None:
    whole = page(made(SHARED, FOLLOWER, finding(IMAGE, code="GA112")._replace(fingerprint="2")))
    ids = whole.attributes("id")
    labels = [a for a in whole.named("a") if str(a.get("class")).startswith("label")]

    assert len(ids) == len(set(ids))
    assert len(labels) == 2
    assert {str(label["href"]).removeprefix("#") for label in labels} <= set(ids)


def test_what_has_the_same_cause_is_one_card() -> None:
    cards = page(MIXED).named("article")

    assert [(card["data-severities"], card["data-files"]) for card in cards] == [
        ("error warning", "glance-uwsgi.ini\nsites-enabled/image.conf"),
        ("info", "sites-enabled/image.conf"),
    ]


def test_a_clean_page_says_so_and_has_no_filter() -> None:
    whole = page(CLEAN)

    assert "No findings" in whole.text
    assert whole.named("form") == []


def test_an_incomplete_audit_without_findings_is_not_called_clean() -> None:
    assert "The audit is incomplete" in page(INCOMPLETE).text
    assert "clean" not in page(INCOMPLETE).attributes("class")
    assert "clean" in page(CLEAN).attributes("class")


def test_what_the_second_reader_sees_is_told() -> None:
    text = page(CROSS_CHECKED).text
    for told in (
        "Cross-check with apacheconfig 0.3.2",
        "the second reader sees 'SetEnv x'; known: it cuts at #",
        "the second reader does not see this directive; the cause is not known",
    ):
        assert told in text
    same = CROSS_CHECKED.cross_check
    assert same is not None
    same = same._replace(differences=())
    assert "Both read the same." in page(CROSS_CHECKED._replace(cross_check=same)).text
    assert "Cross-check" not in page(CLEAN).text


def test_more_ways_than_a_browser_draws_are_counted() -> None:
    (server,) = MIXED.topology.servers
    host = server.vhosts[0]
    hosts = (host,) * 120
    topology = MIXED.topology._replace(servers=(server._replace(vhosts=hosts),))
    whole = page(MIXED._replace(topology=topology))

    assert len(whole.named("svg")) == 100
    assert "20 more like these are not drawn." in whole.text


def test_an_id_is_there_once_also_when_findings_share_a_fingerprint() -> None:
    twin = SHARED._replace(location=IMAGE)
    again = FOLLOWER._replace(caused_by=None)
    page = Page(written(write, made(SHARED, twin, FOLLOWER, again)))
    ids = page.attributes("id")

    assert sorted(set(ids)) == sorted(ids)
    assert len([one for one in ids if one.endswith("-title")]) == 3
    assert {one.removeprefix("#") for one in page.attributes("href") if one[0] == "#"} <= set(ids)
