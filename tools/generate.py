"""Write what is made from the code: rule pages, blocks of mode pages and of ``README.md``.

``python -m tools.generate`` writes; with ``--check`` it only compares, and exits 1 when something
differs.

* ``docs/rules/GAxxx.md`` and ``docs/rules/index.md`` come from the rules' own metadata.
* ``README.md`` between ``<!-- rules:begin -->`` and ``<!-- rules:end -->`` is the table of rules.
* ``docs/modes/*.md`` have a block of configuration and one of releases: ``tools/mode_pages.py``.
* ``README.md`` between ``<!-- example:begin -->`` and ``<!-- example:end -->`` is what the tool
  prints for the sample deployment.
* ``docs/evidence.md`` and the rules' pages have what the laboratory saw: ``docs/evidence.json``.
* ``docs/glance-audit.schema.json`` is what the settings file may say.
* ``man/glance-audit.1`` is the manual page: ``tools/man_page.py``.
* ``docs/own-rules.md`` has the sample of an operator's own rule, and what the tool prints with it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from glance_audit.cli.settings.schema import schema
from glance_audit.engine.catalogue import load
from glance_audit.engine.rule import Rule
from glance_audit.report.rules_table import markdown
from tools import evidence_pages, mode_pages
from tools.man_page import man_page

ROOT = Path(__file__).resolve().parent.parent
RULE_PAGES = Path("docs/rules")
README = Path("README.md")
SAMPLE = "samples/shared-vhost"
MAN_PAGE = Path("man/glance-audit.1")
SETTINGS_SCHEMA = Path("docs/glance-audit.schema.json")
OWN_RULES = Path("docs/own-rules.md")
OWN_RULE = Path("samples/own-rules/rules/xx001_plain_http.py")
OWN_SAMPLE = "samples/own-rules/bad"
COMMAND = "make generated"


def wanted() -> dict[Path, str]:
    """Return the text every generated file should have, by its path below the project."""
    rules = load()
    files = {RULE_PAGES / f"{rule.code}.md": page(rule) for rule in rules}
    files[RULE_PAGES / "index.md"] = "# Rules\n\n" + markdown(rules, "")
    readme = (ROOT / README).read_text(encoding="utf-8")
    readme = with_block(readme, "rules", markdown(rules, f"{RULE_PAGES}/"))
    files[README] = with_block(readme, "example", example(SAMPLE))
    text = (ROOT / evidence_pages.PAGE).read_text(encoding="utf-8")
    files[evidence_pages.PAGE] = with_block(
        text, "evidence", evidence_pages.servers(ROOT) + "\n" + evidence_pages.table(ROOT)
    )
    files[evidence_pages.PAGE] = with_block(
        files[evidence_pages.PAGE], "not-here", evidence_pages.not_here(ROOT)
    )
    files[MAN_PAGE] = man_page()
    files[SETTINGS_SCHEMA] = json.dumps(schema(), indent=2) + "\n"
    text = (ROOT / OWN_RULES).read_text(encoding="utf-8")
    own = (ROOT / OWN_RULE).read_text(encoding="utf-8").rstrip("\n")
    text = with_block(text, "rule", f"```python\n{own}\n```\n")
    printed = example("--rules-dir", str(OWN_RULE.parent), OWN_SAMPLE, whole=False)
    files[OWN_RULES] = with_block(text, "output", printed)
    for mode in mode_pages.MODES:
        path = mode_pages.PAGES / f"{mode.name}.md"
        text = (ROOT / path).read_text(encoding="utf-8")
        text = with_block(text, "configuration", mode_pages.configuration(ROOT, mode))
        files[path] = with_block(text, "releases", mode_pages.releases(ROOT, mode))
    return files


def page(rule: Rule) -> str:
    """Return a rule's page."""
    facts = (
        f"| Code | {rule.code} |\n"
        "| --- | --- |\n"
        f"| Name | `{rule.slug}` |\n"
        f"| Severity | {rule.severity.value} |\n"
        f"| Versions | {cell(rule.versions)} |\n"
        f"| Basis | {rule.basis.value} |\n"
    )
    if rule.preview:
        facts += "| Preview | runs with [`--preview`](../settings.md#new-rules) only |\n"
    if rule.caused_by:
        links = (f"[{code}]({code}.md)" for code in rule.caused_by)
        facts += f"| [Folds under](../usage.md#one-cause-is-told-once) | {', '.join(links)} |\n"
    seen = {"Measured": evidence_pages.of_rule(ROOT, rule.code)}
    sections = "".join(
        f"\n## {head}\n\n{body}\n{seen.get(head, '')}" for head, body in rule.sections().items()
    )
    return f"# {rule.code} {rule.slug}\n\n{rule.title}\n\n{facts}{sections}"


def cell(text: str) -> str:
    """Return text that does not end a table's cell."""
    return text.replace("|", "\\|")


def example(*arguments: str, whole: bool = True) -> str:
    """Return what the tool prints for a command line, as a fenced block.

    Unless the ``whole`` report is wanted, its findings alone.

    Raises:
        SystemExit: the tool failed; finding something (status 1) is no failure.
    """
    options = ["--color", "never", "--width", "100"]
    said = " ".join(arguments)
    command = "import sys; from glance_audit.cli.main import main; sys.exit(main())"
    ran = subprocess.run(
        [sys.executable, "-c", command, *options, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode not in (0, 1):
        sys.exit(f"glance-audit {said} ended with status {ran.returncode}:\n{ran.stderr}")
    printed = "\n".join(line.rstrip() for line in ran.stdout.strip("\n").split("\n"))
    if not whole:
        printed = printed.partition("\n\nDeployment\n")[0]
    return f"```console\n$ glance-audit {said}\n{without_time(printed)}\n```\n"


def without_time(report: str) -> str:
    """Return a report whose last line gives the same time on every machine."""
    return re.sub(r", [0-9.]+ s\)\Z", ", 0.02 s)", report)


def with_block(text: str, name: str, body: str) -> str:
    """Return ``text`` with ``body`` between the markers of a block.

    Raises:
        SystemExit: a marker is missing.
    """
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        sys.exit(f"a page has no {begin.strip()} … {end} block")
    return f"{head}{begin}\n{body}\n{end}{tail}"


def differences(files: dict[Path, str]) -> list[str]:
    """Return one line for each generated file that is missing, out of date or left over."""
    found = []
    for path, text in sorted(files.items()):
        there = ROOT / path
        if not there.exists():
            found.append(f"{path} is missing")
        elif there.read_text(encoding="utf-8") != text:
            found.append(f"{path} is out of date")
    return found + [f"{path} belongs to no rule" for path in left_over(files)]


def left_over(files: dict[Path, str]) -> list[Path]:
    """Return the rule pages on disk that no rule makes."""
    there = sorted((ROOT / RULE_PAGES).glob("GA*.md"))
    return [path.relative_to(ROOT) for path in there if path.relative_to(ROOT) not in files]


def write(files: dict[Path, str]) -> None:
    """Write every generated file and remove what belongs to no rule."""
    (ROOT / RULE_PAGES).mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        (ROOT / path).write_text(text, encoding="utf-8")
    for path in left_over(files):
        (ROOT / path).unlink()


def main(arguments: list[str]) -> int:
    """Write, or with ``--check`` compare; 0 when all is well."""
    files = wanted()
    if arguments != ["--check"]:
        write(files)
        return 0
    found = differences(files)
    if found:
        print(*found, f"Run `{COMMAND}` and commit the result.", sep="\n", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
