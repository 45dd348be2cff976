"""``--format markdown``, whole, and as a renderer shows it."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot
from markdown_it import MarkdownIt
from markdown_it.token import Token

from glance_audit.report.escape import visible
from glance_audit.report.markdown import code, text, write
from tests.report.reports import (
    CROSS_CHECKED,
    FOLLOWER,
    HOSTILE,
    INCOMPLETE,
    KNOWN,
    MARKUP,
    MIXED,
    MIXED_CLEAN,
    report,
    written,
)

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def inline(markdown: str) -> list[Token]:
    return [part for token in RENDERER.parse(markdown) if token.children for part in token.children]


def shown(markdown: str) -> str:
    return "".join(token.content for token in inline(markdown))


def test_a_whole_report() -> None:
    assert written(write, MIXED) == snapshot("""\
## glance-audit: 1 error, 1 warning, 1 info, 1 suppressed, incomplete

`/etc/apache2`: 61 files read, 2 virtual hosts; judged for Glance 15 to 33 (not known; state it with --glance-release), httpd 2.4.71 (dpkg (apache2-bin)), uWSGI 2.0.31.

| Severity | Rule | Place | Finding |
| --- | --- | --- | --- |
| **info** | [GA911](https://example.org/rules/GA911/) template-not-rendered | `deploy/etc/sites-available/image.conf` | the file is a template<br>*help:* render it |
| **error** | [GA201](https://example.org/rules/GA201/) sendcl-shared-vhost | `deploy/etc/sites-available/image.conf:3:5` | proxy-sendcl, set for &lt;VirtualHost \\*:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte<br>*help:* remove the line; if another service needs it, set it in that service's own &lt;Location&gt;<br>*also:* warning [GA301](https://example.org/rules/GA301/): uploads to /image are buffered with timers below 300 s (`deploy/etc/glance-uwsgi.ini:13:1`) |

### Could not be audited

- `deploy/etc/ports.conf`: permission denied

### Notes

- uploads are spooled in /tmp, whose size is unknown
""")


def test_a_clean_report() -> None:
    assert written(write, MIXED_CLEAN) == snapshot("""\
## glance-audit: No findings

`/etc/apache2`: 61 files read, 2 virtual hosts; judged for Glance 15 to 33 (not known; state it with --glance-release), httpd 2.4.71 (dpkg (apache2-bin)), uWSGI 2.0.31.
""")


def test_an_incomplete_report_does_not_look_clean() -> None:
    assert written(write, INCOMPLETE).startswith("## glance-audit: No findings, incomplete\n")


@pytest.mark.parametrize(
    "hostile",
    [
        MARKUP,
        "![x](http://e.example/i.png)",
        "<img src=x> &lt; <!--",
        "a | b \\| c",
        "**b** __b__ ~~s~~ $x$ # h",
        "\\",
    ],
)
def test_text_is_shown_as_it_is_and_is_nothing_else(hostile: str) -> None:
    row = f"| a | b |\n| --- | --- |\n| {text(hostile)} | end |\n"
    tokens = inline(row)

    assert {token.type for token in tokens} == {"text"} or {token.type for token in tokens} == {
        "text", "text_special"
    }  # fmt: skip
    cells = [token for token in RENDERER.parse(row) if token.type == "inline"]
    assert len(cells) == 4
    assert "".join(part.content for part in cells[2].children or ()) == hostile


def test_an_address_in_a_message_is_not_made_a_link() -> None:
    markdown = text("see http://e.example and www.e.example")

    assert markdown == "see http&#58;//e.example and www&#46;e.example"
    assert shown(markdown) == "see http://e.example and www.e.example"


@pytest.mark.parametrize("exact", ["a", "a`b", "`a``b`", "``", " a ", "<b>&amp;", "a\\"])
def test_code_is_shown_as_it_is(exact: str) -> None:
    (token,) = inline(code(exact))

    assert (token.type, token.content) == ("code_inline", exact)


def test_hostile_text_makes_no_link_but_ours_and_no_cell() -> None:
    where = HOSTILE.location._replace(real_file="a|b`c<d>.conf")
    markdown = written(write, report(HOSTILE._replace(location=where)))
    tokens = inline(markdown)
    links = [token.attrs["href"] for token in tokens if token.type == "link_open"]
    cells = [token for token in RENDERER.parse(markdown) if token.type == "td_open"]

    assert links == [HOSTILE.url]
    assert len(cells) == 4
    assert {token.content for token in tokens if token.type == "html_inline"} == {"<br>"}
    assert "a|b`c<d>.conf:2:1" in [token.content for token in tokens if token.type == "code_inline"]
    assert visible(HOSTILE.message) in shown(markdown)


def test_what_is_in_the_baseline_is_folded_away() -> None:
    made = report(KNOWN, FOLLOWER)
    markdown = written(write, made._replace(summary=made.summary._replace(warning=1, known=1)))

    assert markdown == snapshot("""\
## glance-audit: 1 warning, 1 known

`/etc/apache2`: 61 files read, 2 virtual hosts; judged for Glance 15 to 33 (not known; state it with --glance-release), httpd 2.4.71 (dpkg (apache2-bin)), uWSGI 2.0.31.

| Severity | Rule | Place | Finding |
| --- | --- | --- | --- |
| **warning** | [GA301](https://example.org/rules/GA301/) short-timeout-with-buffering | `glance-uwsgi.ini:13:1` | uploads to /image are buffered with timers below 300 s<br>*help:* stop the spooling, and raise the timers |

<details><summary>1 known, in the baseline</summary>

| Severity | Rule | Place | Finding |
| --- | --- | --- | --- |
| **error** | [GA201](https://example.org/rules/GA201/) sendcl-shared-vhost | `sites-available/image.conf:3:5` | proxy-sendcl, set for &lt;VirtualHost \\*:80&gt;, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte<br>*help:* remove the line; if another service needs it, set it in that service's own &lt;Location&gt; |

</details>
""")


def test_what_a_second_reader_sees_otherwise_is_told() -> None:
    markdown = written(write, CROSS_CHECKED._replace(findings=()))
    _, head, rest = markdown.partition("### Cross-check with apacheconfig 0.3.2\n\n")

    assert head
    assert rest.split("\n\n")[0] == snapshot("""\
- `sites-available/image.conf:3:5`: the second reader sees 'SetEnv x'; known: it cuts at \\#
- `sites-available/image.conf:17:5`: the second reader does not see this directive; the cause is not known\
""")


def test_a_second_reader_that_sees_the_same_says_so() -> None:
    check = CROSS_CHECKED.cross_check
    assert check is not None
    made = CROSS_CHECKED._replace(cross_check=check._replace(differences=()))

    assert "### Cross-check with apacheconfig 0.3.2\n\nBoth read the same.\n" in written(
        write, made
    )
