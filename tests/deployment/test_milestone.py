"""The versions at which something changed."""

from __future__ import annotations

import pytest

from glance_audit.deployment.milestone import load_milestones
from glance_audit.deployment.versions import Holds, VersionRange, load_releases
from tests.deployment.trees import versions

ALL = load_milestones()


def test_every_milestone_says_what_changed_and_where_that_is_known_from() -> None:
    for one in ALL.by_name.values():
        assert one.program in ("glance", "httpd", "uwsgi"), one
        assert one.version, one
        assert one.what.strip(), one
        assert one.source.strip(), one


def test_every_milestone_of_glance_lies_in_a_release_that_is_known() -> None:
    releases = load_releases()
    for one in ALL.by_name.values():
        if one.program == "glance":
            assert releases.find(one.version[0]) is not None, one


@pytest.mark.parametrize(
    ("since", "before", "holds"),
    [
        ("chunked-read", None, Holds.PART),
        (None, "chunked-read", Holds.PART),
        ("chunked-read", "tasks-under-wsgi", Holds.PART),
    ],
)
def test_the_whole_span_holds_a_part(since: str | None, before: str | None, holds: Holds) -> None:
    assert versions().holds(since=since, before=before) is holds


def test_each_program_has_its_own_range() -> None:
    known = versions()
    assert known.span("glance") == known.glance
    assert known.span("httpd") == known.httpd == VersionRange((2, 4, 0), (2, 4, 71))
    assert known.span("uwsgi") == known.uwsgi


def test_an_unknown_milestone_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError, match="no-such"):
        versions().holds(since="no-such")
