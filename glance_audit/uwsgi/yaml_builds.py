"""YAML, which the two builds of uWSGI read differently."""

from __future__ import annotations

from glance_audit.files import Place, Problem, ProblemKind
from glance_audit.uwsgi.build import Build
from glance_audit.uwsgi.record import Section
from glance_audit.uwsgi.text import ConfigText
from glance_audit.uwsgi.yaml_lines import read_lines
from glance_audit.uwsgi.yaml_tokens import read_tokens

_NAMES = {
    Build.DEBIAN: "the one with libyaml (Debian)",
    Build.PYPI: "the one without libyaml (PyPI)",
}


def read_yaml(text: ConfigText, asked: str, build: Build | None) -> Section:
    """Return what the block ``asked`` holds for a build; None assumes libyaml.

    When the other build would read other options, a problem tells where they part; for a build
    known to have libyaml that is nobody's concern.
    """
    section, other = read_tokens(text, asked), read_lines(text, asked)
    if build is Build.DEBIAN:
        return section
    if build is Build.PYPI:
        section, other = other, section
    assumed, left = (
        (Build.PYPI, Build.DEBIAN) if build is Build.PYPI else (Build.DEBIAN, Build.PYPI)
    )
    parting = _parting(section, other)
    if parting is None:
        return section
    what, place = parting
    certainty = "is assumed" if build is None else "reads this file"
    message = (
        f"two builds of uWSGI read this YAML differently: {_NAMES[assumed]} {certainty}, "
        f"{_NAMES[left]} {what}"
    )
    advice = "write plain key: value lines, without quotes, lists and comments, or use ini"
    problem = Problem(
        ProblemKind.SYNTAX, message, place or Place(text.place(0, 0).file), advice, fatal=False
    )
    return section._replace(problems=(*section.problems, problem))


def _parting(section: Section, other: Section) -> tuple[str, Place | None] | None:
    """Return what the other reader does at the first difference, and where that is."""
    if other.refused != section.refused:
        fatal = next(p for p in (*section.problems, *other.problems) if p.fatal)
        return ("refuses it" if other.refused else "reads it", fatal.place)
    for ours, theirs in zip(section.records, other.records, strict=False):
        if ours[:2] != theirs[:2]:
            if ours.key == theirs.key:
                return (f"gives {ours.key} another value", ours.value_place)
            return (f"has {theirs.key} where this has {ours.key}", ours.place)
    common = min(len(section.records), len(other.records))
    if len(section.records) > common:
        missed = section.records[common]
        return (f"ends before {missed.key}", missed.place)
    if len(other.records) > common:
        missed = other.records[common]
        return (f"goes on with {missed.key}", missed.place)
    return None
