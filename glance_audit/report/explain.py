"""``explain CODE``: a rule's page in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from glance_audit.engine.rule import Rule

_WIDEST = 100  # columns; longer lines of prose are hard to read


def page(rule: Rule) -> str:
    """Return a rule's page as Markdown, its facts in front."""
    facts = "\n".join(
        f"- {name}: {value}"
        for name, value in (
            ("Severity", rule.severity.value),
            ("Versions", rule.versions),
            ("Basis", rule.basis.value),
            ("Preview", "runs with --preview only" if rule.preview else ""),
            ("Folds under", ", ".join(rule.caused_by)),
            ("Page", rule.url),
        )
        if value
    )
    sections = "".join(f"\n## {head}\n\n{body}\n" for head, body in rule.sections().items())
    return f"# {rule.code} {rule.slug}\n\n{rule.title}\n\n{facts}\n{sections}"


def write(rule: Rule, stream: TextIO, width: int, *, color: bool) -> None:
    """Write a rule's page: drawn where there are colours, else the Markdown as it is."""
    if not color:
        stream.write(page(rule))
        return
    from rich.console import Console
    from rich.markdown import Heading, Markdown

    drawn = Markdown(page(rule), code_theme="ansi_dark", inline_code_theme="ansi_dark")
    # Headings without a frame and at the left edge, as in a manual page.
    drawn.elements = {  # type: ignore[misc]
        **Markdown.elements,
        "heading_open": _flush_left(Heading),
    }
    console = Console(
        file=stream, width=min(width, _WIDEST), force_terminal=True, color_system="standard"
    )
    console.print(drawn)


def _flush_left(heading: type[Any]) -> type[Any]:
    class FlushLeft(heading):  # type: ignore[misc]
        def __rich_console__(self, console: object, options: object) -> Iterator[object]:
            self.text.justify = "left"
            if self.tag == "h2":
                yield ""
            yield self.text

    return FlushLeft
