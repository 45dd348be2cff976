"""The man page has all that the command line has, and is drawn well."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from glance_audit import __version__
from glance_audit.cli.parser import make_parser
from glance_audit.cli.status import STATUSES
from glance_audit.cli.word import WORDS, split_word
from glance_audit.report.formats import FORMATS
from tools.man_page import ENVIRONMENT, EXAMPLES, man_page

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "WORDS", "OPTIONS", "FORMATS", "EXIT STATUS"]
SECTIONS += ["ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"]


@pytest.fixture(scope="module")
def drawn() -> list[str]:
    """Return the lines of the page as `man` shows them in 80 columns; warnings are errors."""
    groff = shutil.which("groff")
    assert groff is not None, "install groff-base: tools/install-servers.sh"
    command = [groff, "-man", "-Tutf8", "-ww", "-rLL=78n", "-P-cbou"]
    ran = subprocess.run(command, input=man_page().encode("ascii"), capture_output=True, check=True)
    assert ran.stderr.decode() == ""
    return ran.stdout.decode().splitlines()


def part(lines: list[str], heading: str) -> list[str]:
    """Return what stands below a heading, up to the next one that is no deeper."""
    start = lines.index(heading) + 1
    depth = len(heading) - len(heading.lstrip())
    ends = (n for n in range(start, len(lines)) if re.match(rf" {{0,{depth}}}\S", lines[n]))
    return lines[start : next(ends)]


def test_the_file_is_the_page_that_the_parsers_make() -> None:
    assert (ROOT / "man/glance-audit.1").read_text(encoding="ascii") == man_page()


def test_the_page_is_the_same_on_every_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")

    title = next(line for line in man_page().splitlines() if line.startswith(".TH "))
    assert title == rf'.TH glance\-audit 1 "" "glance\-audit {__version__}" "User Commands"'


def test_the_sections_come_in_the_order_of_other_pages(drawn: list[str]) -> None:
    assert [line for line in drawn[1:-1] if re.match(r"\S", line)] == SECTIONS


def test_the_synopsis_has_a_line_for_each_word(drawn: list[str]) -> None:
    lines = [line.strip() for line in part(drawn, "SYNOPSIS") if line]

    assert lines == [
        "glance-audit [check] [OPTION ...] [PATH ...]",
        "glance-audit hook [OPTION ...] [FILE ...]",
        "glance-audit baseline [OPTION ...] [PATH ...]",
        "glance-audit merge [OPTION ...] [REPORT ...]",
        "glance-audit explain [OPTION ...] RULE",
        "glance-audit rules [OPTION ...]",
        "glance-audit show [OPTION ...] [PATH ...]",
        "glance-audit resolve [OPTION ...] PATH",
        "glance-audit schema [OPTION ...] [WORD]",
        "glance-audit completion [OPTION ...] SHELL",
    ]
    assert [line.split()[1].strip("[]") for line in lines] == list(WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_has_all_its_options_and_their_help(word: str, drawn: list[str]) -> None:
    text = " ".join(" ".join(part(drawn, f"   {word}")).split())
    if word == "check":
        text = " ".join(" ".join(part(drawn, "OPTIONS")).split())
    everywhere = " ".join(" ".join(drawn).split()).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")

    for action in make_parser(word)._actions:
        for name in action.option_strings or [f"{action.metavar}"]:
            assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text), name
        assert action.help is not None
        assert action.help.replace("`", "") in everywhere
        for choice in action.choices or ():
            assert choice in everywhere


def test_only_the_options_of_check_and_what_differs_from_them_are_explained(
    drawn: list[str],
) -> None:
    text = "\n".join(part(drawn, "   show"))

    assert "       --format FORMAT\n" in text
    assert "       --root DIR\n" not in text
    assert "As under OPTIONS: PATH, -h/--help, --stdin-filename, --root," in text


def test_every_format_and_exit_status_is_explained(drawn: list[str]) -> None:
    formats = "\n".join(part(drawn, "FORMATS")).partition("\n\n")[2]  # after the introduction
    statuses = "\n".join(part(drawn, "EXIT STATUS"))

    assert re.findall(r"^ {7}([a-z]+)(?: |$)", formats, re.MULTILINE) == list(FORMATS)
    assert re.findall(r"^       (\d+)  ", statuses, re.M) == [str(status) for status in STATUSES]


def test_the_environment_is_what_the_code_reads() -> None:
    read = set()
    for path in (ROOT / "glance_audit/cli").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        read |= set(re.findall(r'environ(?:ment)?(?:\.get\(|\[)"([A-Z_]+)"', text))

    assert set(ENVIRONMENT) == read
    others = (p for p in (ROOT / "glance_audit").rglob("*.py") if "cli" not in p.parts)
    assert [p for p in others if re.search(r"os\.(environ|getenv)", p.read_text("utf-8"))] == []


@pytest.mark.parametrize("example", EXAMPLES.values())
def test_the_command_line_understands_the_examples(example: str) -> None:
    for command in example.replace("\\\n", " ").splitlines():
        program, *arguments = shlex.split(command)
        word, rest = split_word(arguments)

        assert program == "glance-audit"
        make_parser(word).parse_args(rest)


def test_no_line_is_too_long_or_broken_in_a_word(drawn: list[str]) -> None:
    broken = ("-", "\N{HYPHEN}")

    assert [line for line in drawn if len(line) > 78 or line.endswith(broken)] == []


def test_the_tag_of_every_option_is_on_one_line(drawn: list[str]) -> None:
    lines = {line.strip() for line in part(drawn, "OPTIONS")}

    assert {
        "-o FILE, --output FILE",
        "--hyperlinks, --no-hyperlinks",
        "--fail-on error|warning|info|never",
        "-D NAME[=VALUE]",
    } <= lines
