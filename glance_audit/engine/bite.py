"""On which versions a finding bites, as a confidence and as words."""

from __future__ import annotations

from glance_audit.deployment.model import Versions
from glance_audit.deployment.versions import (
    Holds,
    Releases,
    Version,
    VersionRange,
    format_version,
)
from glance_audit.engine.finding import Confidence
from glance_audit.record import NamedTuple


class Bite(NamedTuple):
    """``confidence`` is HIGH when the whole range is meant, MEDIUM when a part is.

    ``words`` ends a message: empty on the whole range, else the versions, such as
    ``(on Glance 16 (Queens) and later)``.
    """

    confidence: Confidence
    words: str


def glance_bite(
    releases: Releases,
    span: VersionRange,
    since: int | None = None,
    before: int | None = None,
) -> Bite | None:
    """Judge a condition on Glance's release; None when it holds nowhere in the range.

    ``since`` and ``before`` are major numbers, ``before`` excluded.
    """
    low: Version | None = None if since is None else (since,)
    high: Version | None = None if before is None else (before,)
    return _bite(releases, "glance", span, low, high)


def bite(versions: Versions, *, since: str | None = None, before: str | None = None) -> Bite | None:
    """Judge a condition that holds from one milestone on, or until another; None: on no version.

    The names are those of ``deployment/milestones.json``, both of one program.
    """
    low, high = versions.milestones.bounds(since, before)
    program = versions.milestones.program(since, before)
    return _bite(versions.releases, program, versions.span(program), low, high)


def title(versions: Versions, milestone: str) -> str:
    """Name the version of a milestone as a message does: ``32 (2026.1)``."""
    version = versions.milestones.by_name[milestone].version
    return _title(versions.releases, versions.milestones.program(milestone, None), version)


def _bite(
    releases: Releases,
    program: str,
    span: VersionRange,
    low: Version | None,
    high: Version | None,
) -> Bite | None:
    holds = span.holds(low, high)
    if holds is Holds.NONE:
        return None
    if holds is Holds.ALL:
        return Bite(Confidence.HIGH, "")
    first = _title(releases, program, low) if low is not None else ""
    last = _until(releases, program, high) if high is not None else ""
    name = {"glance": "Glance", "uwsgi": "uWSGI"}.get(program, program)
    if first and last:
        words = f"{first} {last}"
    elif first:
        words = f"{first} and later"
    else:
        words = f"up {last}" if last.startswith("to ") else last
    return Bite(Confidence.MEDIUM, f" (on {name} {words})" if words else "")


def _title(releases: Releases, program: str, version: Version) -> str:
    """Name a version as a message does: ``16 (Queens)`` for a whole release, else its digits."""
    release = releases.find(version[0]) if program == "glance" and len(version) == 1 else None
    return release.title if release is not None else format_version(version)


def _until(releases: Releases, program: str, version: Version) -> str:
    """Name the end of a range: the release before it, or the version that is out of it."""
    if program == "glance" and len(version) == 1:
        release = releases.find(version[0] - 1)
        return f"to {release.title}" if release is not None else ""
    return f"before {format_version(version)}"


def both(first: Bite, second: Bite) -> Bite:
    """Return where two conditions hold together, such as ``(on uWSGI before 2.0.27, on ...)``."""
    words = [one.words.removeprefix(" (").removesuffix(")") for one in (first, second)]
    said = ", ".join(word for word in words if word)
    return Bite(least(first.confidence, second.confidence), f" ({said})" if said else "")


def least(*confidences: Confidence) -> Confidence:
    """Return the weakest of several confidences."""
    return max(confidences, key=lambda confidence: confidence.rank)
