"""Versions as ranges, and conditions that hold on all, part or none of one."""

from __future__ import annotations

import pytest

from glance_audit.deployment.versions import (
    Holds,
    UnknownVersion,
    Version,
    VersionRange,
    format_version,
    load_releases,
    parse_version,
)

RELEASES = load_releases()
ALL, PART, NONE = Holds.ALL, Holds.PART, Holds.NONE
HTTPD = VersionRange((2, 4, 0), (2, 4, 71))


@pytest.mark.parametrize(
    ("span", "since", "before", "expected"),
    [
        (HTTPD, None, None, ALL),
        (HTTPD, (2, 4), None, ALL),
        (HTTPD, (2, 4, 0), None, ALL),
        (HTTPD, (2, 4, 1), None, PART),
        (HTTPD, (2, 4, 54), None, PART),
        (HTTPD, (2, 4, 71), None, PART),
        (HTTPD, (2, 4, 72), None, NONE),
        (HTTPD, (2, 5), None, NONE),
        (HTTPD, None, (2, 4, 72), ALL),
        (HTTPD, None, (2, 5), ALL),
        (HTTPD, None, (2, 4, 71), PART),
        (HTTPD, None, (2, 4, 1), PART),
        (HTTPD, None, (2, 4, 0), NONE),
        (HTTPD, None, (2, 4), NONE),
        (HTTPD, (2, 4, 30), (2, 4, 54), PART),
        (HTTPD, (2, 4, 0), (2, 4, 72), ALL),
        (HTTPD, (2, 4, 72), (2, 4, 80), NONE),
        # a version of two parts stands for all below it
        (VersionRange((2, 4), (2, 4)), (2, 4, 54), None, PART),
        (VersionRange((2, 4), (2, 4)), (2, 4, 0), None, ALL),
        (VersionRange((2, 4), (2, 4)), None, (2, 4, 54), PART),
        (VersionRange((2, 4), (2, 4)), None, (2, 5), ALL),
        # a release of Glance
        (VersionRange((20,), (20, 999)), (20,), None, ALL),
        (VersionRange((20,), (20, 999)), (21,), None, NONE),
        (VersionRange((20,), (20, 999)), None, (20,), NONE),
        (VersionRange((20,), (20, 999)), None, (21,), ALL),
        (VersionRange((20,), (20, 999)), (20, 0, 1), None, PART),
        (VersionRange((20,), (20, 999)), None, (20, 2), PART),
        (VersionRange((15,), (33, 999)), (16,), None, PART),
        (VersionRange((15,), (33, 999)), (16,), (33,), PART),
        (VersionRange((16, 0, 1), (16, 0, 1)), (16,), (17,), ALL),
    ],
)
def test_how_much_of_a_range_a_condition_holds_on(
    span: VersionRange, since: Version | None, before: Version | None, expected: Holds
) -> None:
    assert span.holds(since, before) is expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ussuri", (20,), (20, 999)),
        (" Ussuri ", (20,), (20, 999)),
        ("2025.2", (31,), (31, 999)),
        ("caracal", (28,), (28, 999)),
        ("33", (33,), (33, 999)),
        ("25.1.0", (25, 1, 0), (25, 1, 0)),
        ("25.1", (25, 1), (25, 1)),
    ],
)
def test_a_release_is_known_by_number_and_names(text: str, first: Version, last: Version) -> None:
    assert RELEASES.parse(text, "option") == VersionRange(first, last, "option")


@pytest.mark.parametrize("text", ["", "ocata", "14", "34", "99.1.0", "2019.2", "latest"])
def test_an_unknown_release_is_refused_with_what_is_known(text: str) -> None:
    with pytest.raises(UnknownVersion, match="number from 15 to 33 or a name from pike to"):
        RELEASES.parse(text, "option")


def test_the_table_has_every_release_once_and_pythons_that_only_rise() -> None:
    numbers = [release.number for release in RELEASES.all]
    assert numbers == list(range(15, 34))
    names = [name for release in RELEASES.all for name in release.names]
    assert len(names) == len(set(names))
    pythons = [release.python for release in RELEASES.all]
    assert pythons == sorted(pythons)
    assert {r.number: r.python for r in RELEASES.all if r.number in (19, 20, 25, 30, 31, 33)} == {
        19: (2, 7),
        20: (3, 6),
        25: (3, 8),
        30: (3, 9),
        31: (3, 10),
        33: (3, 11),
    }


def test_the_whole_span_is_not_known_and_an_option_is() -> None:
    assert not RELEASES.whole().known
    assert RELEASES.parse("pike", "option").known
    assert str(RELEASES.whole()) == "15 to 33"
    assert str(RELEASES.parse("25.1.0", "option")) == "25.1.0"
    assert str(RELEASES.parse("pike", "option")) == "15"


def test_releases_of_a_span_have_titles() -> None:
    span = VersionRange((25,), (27, 999))
    assert RELEASES.titles(lambda release: release.number != 26, span) == (
        "25 (Zed)",
        "27 (2023.2)",
    )


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2.4.57-1~deb12u1", (2, 4, 57)),
        ("1:9.0.0-0ubuntu1", (9, 0, 0)),
        ("2:25.1.0-2+deb12u1", (25, 1, 0)),
        ("3", (3,)),
        ("3.", (3,)),
        ("v3", None),
        ("", None),
    ],
)
def test_a_version_is_the_number_a_text_starts_with(text: str, version: Version | None) -> None:
    assert parse_version(text) == version


def test_the_open_end_of_a_release_is_not_written() -> None:
    assert format_version((33, 999)) == "33"
    assert format_version((2, 4, 71)) == "2.4.71"


def test_the_documentation_of_every_release_has_one_verdict() -> None:
    known = load_releases()
    verdicts = known.verdicts

    assert verdicts[0].since == (known.all[0].number,)
    assert verdicts[-1].before is None
    assert [one.before for one in verdicts[:-1]] == [one.since for one in verdicts[1:]]
    for one in verdicts:
        assert one.says.startswith("the "), one
        assert one.source.strip(), one
