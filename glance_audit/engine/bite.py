"""On which versions a finding bites, as a confidence and as words."""

from __future__ import annotations

from dataclasses import dataclass

from glance_audit.deployment.versions import Holds, Releases, Version, VersionRange
from glance_audit.engine.finding import Confidence


@dataclass(frozen=True, slots=True)
class Bite:
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
    holds = span.holds(low, high)
    if holds is Holds.NONE:
        return None
    if holds is Holds.ALL:
        return Bite(Confidence.HIGH, "")
    first = releases.find(since) if since is not None else None
    last = releases.find(before - 1) if before is not None else None
    if first is not None and last is not None:
        words = f"on Glance {first.title} to {last.title}"
    elif first is not None:
        words = f"on Glance {first.title} and later"
    elif last is not None:
        words = f"on Glance up to {last.title}"
    else:
        words = ""
    return Bite(Confidence.MEDIUM, f" ({words})" if words else "")


def least(*confidences: Confidence) -> Confidence:
    """Return the weakest of several confidences."""
    return max(confidences, key=lambda confidence: confidence.rank)
