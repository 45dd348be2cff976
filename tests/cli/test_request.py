"""Every option arrives in the settings."""

from __future__ import annotations

import os
import time

import pytest

from glance_audit.audit.settings import AuditSettings, Floors
from glance_audit.cli.parser import make_parser
from glance_audit.cli.request import settings_of
from glance_audit.cli.status import Refused
from glance_audit.engine.finding import Confidence, Severity


def settings(word: str, *arguments: str) -> AuditSettings:
    return settings_of(make_parser(word).parse_intermixed_args(list(arguments)))


def test_without_options_the_settings_are_the_audits_own_defaults() -> None:
    for word, paths in (("check", ("a", "b")), ("show", ("a",))):
        given = settings(word, *paths)
        assert given == AuditSettings(paths, os.getcwd(), today=given.today)


def test_without_a_date_it_is_the_clocks() -> None:
    dates = time.strftime("%Y-%m-%d"), settings("check", "a").today, time.strftime("%Y-%m-%d")
    assert dates[1] in (dates[0], dates[2])


@pytest.mark.parametrize("date", ["tomorrow", "2027-02-30", "2027-01", ""])
def test_a_date_that_is_none_is_refused(date: str) -> None:
    with pytest.raises(Refused, match=rf"--today {date}: write the date as in 2027-01-31\Z"):
        settings("check", "--today", date, "a")


def test_every_option_arrives() -> None:
    given = (
        "a -v --root r --glance-release ussuri --httpd-version 2.4.62 --uwsgi-version 2.0.31 "
        "--python-version 3.11 -D A -D B=1 --envvars e --largest-image 1.5TiB "
        "--concurrent-uploads 7 --tmpdir-size 20G --no-host --select GA201,GA3 --select x "
        "--ignore GA301 --severity error --confidence medium --buffering-floor 11 "
        "--streaming-floor 0 --gateway-floor 12 --mercy-floor 13 --header-floor 8K "
        "--stdin-filename n --no-suppressions --today 2027-1-31 b"
    )
    assert settings("check", *given.split(" ")) == AuditSettings(
        paths=("a", "b"),
        cwd=os.getcwd(),
        root="r",
        glance_release="ussuri",
        httpd_version="2.4.62",
        uwsgi_version="2.0.31",
        python_version="3.11",
        defines=("A", "B=1"),
        envvars="e",
        largest_image=3 * 512 * 1024**3,
        concurrent_uploads=7,
        tmpdir_size=20 * 1024**3,
        host=False,
        select=("GA201", "GA3", "x"),
        ignore=("GA301",),
        severity=Severity.ERROR,
        confidence=Confidence.MEDIUM,
        stdin_filename="n",
        floors=Floors(11, 0, 12, 13, 8192),
        suppressions=False,
        today="2027-01-31",
    )
