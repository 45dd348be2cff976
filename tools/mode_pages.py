"""The generated parts of the pages about deployment modes, in ``docs/modes``.

A page's configuration is a sample deployment's, word for word, and its table says what the tool
itself finds on that deployment for each release of Glance: neither can differ from what is tested.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from glance_audit.audit import AuditSettings, audit
from glance_audit.deployment.milestone import load_milestones
from glance_audit.deployment.versions import Release, load_releases

PAGES = Path("docs/modes")
RULES = "../rules"

_SITE = "etc/apache2/sites-available/image.conf"
_UWSGI = "etc/glance/glance-api-uwsgi.ini"
_GLANCE = "etc/glance/glance-api.conf"
_SCRIPT = "usr/lib/cgi-bin/glance/glance-api.wsgi"
_UNIT = "etc/systemd/system/glance-api.service"

# What loads Glance on releases that lack the module glance.wsgi.api.
_MODULE = "module = glance.wsgi.api:application"
_OLD_SCRIPT = "/usr/bin/glance-wsgi-api"
WSGI_MODULE = load_milestones().by_name["wsgi-module"].version


@dataclass(frozen=True)
class Mode:
    """One way to run Glance: its page, the sample with its configuration, and the files shown.

    ``before_module`` are a file and two texts: before release 30 the first stands for the second.
    """

    name: str
    sample: str
    files: tuple[str, ...]
    before_module: tuple[str, str, str] | None = None


MODES = (
    Mode(
        "uwsgi-http", "samples/recommended", (_SITE, _UWSGI, _UNIT, _GLANCE),
        (_UWSGI, f"wsgi-file = {_OLD_SCRIPT}", _MODULE),
    ),
    Mode(
        "proxy-uwsgi", "samples/proxy-uwsgi", (_SITE, _UWSGI),
        (_UWSGI, f"wsgi-file = {_OLD_SCRIPT}", _MODULE),
    ),
    Mode(
        "mod-wsgi", "samples/mod-wsgi-complete", (_SITE, _SCRIPT),
        (_SITE, f'"{_OLD_SCRIPT}"', f'"/{_SCRIPT}"'),
    ),
    Mode("standalone", "samples/standalone", (_SITE, _UNIT)),
)  # fmt: skip


def configuration(root: Path, mode: Mode) -> str:
    """Return the files of a mode's sample as fenced blocks, each under its name."""
    blocks = []
    for name in mode.files:
        text = (root / mode.sample / name).read_text(encoding="utf-8").strip("\n")
        language = {".conf": "apache", ".ini": "ini", ".wsgi": "python"}.get(Path(name).suffix, "")
        if name in (_GLANCE, _UNIT):
            language = "ini"
        blocks.append(f'```{language} title="/{name}"\n{text}\n```\n')
    return "\n".join(blocks)


def releases(root: Path, mode: Mode) -> str:
    """Return what the tool finds in a mode's sample, release by release, as a table."""
    rows = [
        "| Glance | what glance-audit finds |",
        "| --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as directory:
        judged = list(_judged(root, mode, Path(directory)))
    for words, group in groupby(judged, key=lambda pair: pair[1]):
        same = [release for release, _ in group]
        titles = same[0].title if len(same) == 1 else f"{same[0].title} to {same[-1].title}"
        rows.append(f"| {titles} | {words} |")
    return "\n".join(rows) + "\n"


def _judged(root: Path, mode: Mode, directory: Path) -> Iterator[tuple[Release, str]]:
    new = Path(shutil.copytree(root / mode.sample, directory / "new", symlinks=True))
    old = new
    if mode.before_module is not None:
        file, before, since = mode.before_module
        old = Path(shutil.copytree(new, directory / "old", symlinks=True))
        text = (old / file).read_text(encoding="utf-8")
        (old / file).write_text(text.replace(since, before), encoding="utf-8")
    for release in load_releases().all:
        system = old if (release.number,) < WSGI_MODULE else new
        yield release, _found(system, release)


def _found(system: Path, release: Release) -> str:
    settings = AuditSettings(
        ("/etc/apache2",), str(system), root=str(system), host=False,
        glance_release=str(release.number),
    )  # fmt: skip
    report = audit(settings)
    by_code = {found.code: found.severity.value for found in report.findings}
    told = [f"{severity} [{code}]({RULES}/{code}.md)" for code, severity in sorted(by_code.items())]
    return ", ".join(told) or "nothing"
