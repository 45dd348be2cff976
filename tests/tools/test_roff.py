"""Text comes out of roff as it went in."""

from __future__ import annotations

import shutil
import subprocess

from tools import roff


def test_a_line_that_looks_like_a_request_is_text() -> None:
    assert roff.prose(".htaccess is read") == r"\&.htaccess is read"
    assert roff.prose("'quoted'").startswith(r"\&'")


def test_options_and_backquoted_words_are_bold_and_other_hyphens_are_not() -> None:
    assert roff.prose("with -q or --fail-on, `a -b`; re-read x-y") == (
        r"with \fB\-q\fR or \fB\-\-fail\-on\fR, \fBa \-b\fR; re\-read x\-y"
    )


def test_a_paragraph_below_a_heading_needs_no_request() -> None:
    parts = [roff.section("a b"), roff.paragraph("one"), roff.paragraph("two")]

    assert roff.assembled(parts) == '.SH "A B"\none\n.PP\ntwo\n'


def test_every_character_is_drawn_as_itself() -> None:
    lines = [r"C:\temp \n \fBx", ".TH no request", "'x' \"y\" `z`", "^~ -- café … “é” 漢"]
    page = roff.assembled(['.TH t 1 ""', roff.section("s"), roff.verbatim("\n".join(lines))])
    groff = shutil.which("groff")
    assert groff is not None, "install groff-base: tools/install-servers.sh"
    command = [groff, "-man", "-Tutf8", "-ww", "-P-cbou"]
    drawn = subprocess.run(command, input=page.encode("ascii"), capture_output=True, check=True)

    assert drawn.stderr == b""
    rows = [row.strip() for row in drawn.stdout.decode().splitlines()]
    assert rows[rows.index(lines[0]) :][: len(lines)] == lines
